// A value edited where it stands: Escape takes it back, leaving saves it, unless the tick is asked for.

const formOf = (element) => element?.closest?.("form[data-inline]");
const cancel = (form) => form.querySelector("[data-inline-cancel]").click();

function changed(form) {
  return [...form.elements].some((field) => {
    if (field.type === "hidden" || !field.name) return false;
    if (field.tagName === "SELECT") return [...field.options].some((option) => option.selected !== option.defaultSelected);
    return field.value !== field.defaultValue;
  });
}

document.addEventListener("keydown", (event) => {
  const form = formOf(event.target);
  if (event.key !== "Escape" || !form || event.defaultPrevented) return;
  event.preventDefault();
  cancel(form);
});

document.addEventListener("focusout", (event) => {
  const form = formOf(event.target);
  if (!form || form.dataset.explicit !== undefined || form.contains(event.relatedTarget)) return;
  // The click on another control comes after this; a window that only loses focus leaves the field as it is.
  setTimeout(() => {
    if (!form.isConnected || form.contains(document.activeElement) || !document.hasFocus()) return;
    if (changed(form)) form.requestSubmit();
    else cancel(form);
  });
});

// After the answer the value has the focus that its field had.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const value = detail.target?.matches?.(".inline") && detail.target.querySelector(".inline-value");
  if (value && (document.activeElement === document.body || !document.activeElement)) value.focus();
});
