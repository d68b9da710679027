// The log form: assumed values are chips that lead to their field; an opened "More fields" stays open.

const formOf = (element) => element.closest("form.log-form");

function words(field) {
  if (field instanceof RadioNodeList) field = [...field].find((each) => each.checked);
  if (!field) return "";
  if (field.type === "radio") return field.closest("label")?.textContent.trim() ?? "";
  if (field.tagName === "SELECT") return [...field.selectedOptions].filter((each) => each.value).map((each) => each.text.trim()).join(", ");
  const moment = new Date(field.value);
  return Number.isNaN(moment.getTime()) ? "" : moment.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
}

document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-edit-field]");
  if (!chip) return;
  const row = formOf(chip).querySelector(`[data-more] [data-field="${chip.dataset.editField}"]`);
  if (!row) return;
  row.closest("details").open = true;
  formOf(chip).elements.more.value = "1"; // at once: the note may be read again before the toggle is told
  row.querySelector("input:checked, [role=combobox], .input:not([hidden]), input")?.focus();
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-more]") && formOf(event.target);
  const chip = form?.querySelector(`[data-edit-field="${event.target.name}"] span`);
  const text = chip && words(form.elements[event.target.name]);
  if (text) chip.textContent = text;
});

// toggle does not bubble
document.addEventListener("toggle", (event) => {
  const kept = event.target.matches?.("details[data-more]") && formOf(event.target)?.elements.more;
  if (kept) kept.value = event.target.open ? "1" : "";
}, true);
