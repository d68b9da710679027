// What was typed into <form data-draft="key"> survives a lost page. Kept per office and person in this tab only,
// gone after saving and after signing out.

const prefix = "draft:";
const keyOf = (form) => `${prefix}${document.body.dataset.draftScope ?? ""}:${form.dataset.draft}`;
const SENT = "draft-sent";

function controls(form) {
  return [...form.elements].filter(
    (element) => element.name && !["hidden", "password", "file", "submit", "button"].includes(element.type),
  );
}

function read(form) {
  return controls(form).map((element) => {
    if (element.type === "checkbox" || element.type === "radio") return [element.name, element.value, element.checked];
    if (element.multiple) return [element.name, [...element.selectedOptions].map((o) => [o.value, o.text])];
    if (element.tagName === "SELECT") return [element.name, element.value, element.selectedOptions[0]?.text];
    return [element.name, element.value];
  });
}

function write(form, saved) {
  for (const [name, value, extra] of saved) {
    for (const element of controls(form).filter((each) => each.name === name)) {
      if (element.type === "checkbox" || element.type === "radio") {
        if (element.value === value) element.checked = extra;
      } else if (element.tagName === "SELECT") {
        const wanted = Array.isArray(value) ? value : [[value, extra]];
        for (const [each, text] of wanted) {
          if (each && ![...element.options].some((o) => o.value === each)) element.add(new Option(text, each));
        }
        for (const option of element.options) option.selected = wanted.some(([each]) => each === option.value);
      } else element.value = value;
      element.dispatchEvent(new Event("draft", { bubbles: true }));
    }
  }
}

/** Only what a person wrote counts: a form of defaults is not a draft. */
function hasWords(saved) {
  return saved.some(([, value, extra]) => typeof extra !== "boolean" && typeof value === "string" && value.trim());
}

export function clearDraft(form) {
  sessionStorage.removeItem(keyOf(form));
}

function restore(form) {
  if (form.dataset.draftReady !== undefined) return;
  form.dataset.draftReady = "";
  const stored = sessionStorage.getItem(keyOf(form));
  const fresh = read(form);
  if (!stored || form.querySelector("[data-error-summary]") || JSON.stringify(fresh) === stored) return;
  write(form, JSON.parse(stored));
  const notice = document.getElementById("draft-notice")?.content.cloneNode(true).firstElementChild;
  if (!notice) return;
  notice.querySelector("[data-draft-discard]").addEventListener("click", () => {
    clearDraft(form);
    write(form, fresh);
    notice.remove();
    controls(form)[0]?.focus();
  });
  form.prepend(notice);
}

export function restoreDrafts(root) {
  root.querySelectorAll("form[data-draft]").forEach(restore);
}

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    const form = event.target.closest?.("form[data-draft]");
    if (!form) return;
    const now = read(form);
    if (hasWords(now)) sessionStorage.setItem(keyOf(form), JSON.stringify(now));
    else clearDraft(form);
  });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-sign-out]")) {
    Object.keys(sessionStorage).filter((key) => key.startsWith(prefix)).forEach((key) => sessionStorage.removeItem(key));
  } else if (form.matches("[data-draft]:not([hx-post])")) {
    // Whether it was saved shows on the next page: it says so, or it no longer holds this form.
    sessionStorage.setItem(SENT, keyOf(form));
  }
});

const sent = sessionStorage.getItem(SENT);
if (sent) {
  sessionStorage.removeItem(SENT);
  const again = [...document.querySelectorAll("form[data-draft]")].some((form) => keyOf(form) === sent);
  if (!again || document.querySelector("#status .status-success")) sessionStorage.removeItem(sent);
}
restoreDrafts(document);
