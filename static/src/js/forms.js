// Sending forms: a busy button, no second click, Ctrl+Enter, a warning before typed text is lost, preferences in place.

import { showNetwork } from "./live.js";

const dirty = new WeakSet();
let leaving = false;

export const isDirty = (root) => [...root.querySelectorAll("form[data-guard]")].some((form) => dirty.has(form));
export const settle = (form) => dirty.delete(form);

export function setBusy(button, busy) {
  if (!button) return;
  clearTimeout(button.busyTimer);
  // A quick answer should not make the button flicker.
  if (busy) button.busyTimer = setTimeout(() => button.setAttribute("aria-busy", "true"), 400);
  else button.removeAttribute("aria-busy");
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-guard]");
  if (form) dirty.add(form);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.hasAttribute("hx-post")) return;
  if (form.dataset.sending !== undefined) {
    event.preventDefault();
    return;
  }
  // A download leaves the page as it is: its buttons stay ready.
  if (form.matches("[data-download]")) return;
  if (form.method === "post") form.dataset.sending = "";
  leaving = true;
  setBusy(event.submitter ?? form.querySelector("[data-busy]"), true);
});

// The page may come back out of the browser's cache exactly as it was left.
addEventListener("pageshow", () => {
  leaving = false;
  for (const form of document.querySelectorAll("form[data-sending]")) {
    delete form.dataset.sending;
    form.querySelectorAll("button").forEach((button) => setBusy(button, false));
  }
});

addEventListener("beforeunload", (event) => {
  // A draft is kept anyway, so only forms without one are worth a question.
  const open = [...document.querySelectorAll("form[data-guard]:not([data-draft])")].some((form) => dirty.has(form));
  if (open && !leaving) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form");
  const button = form?.querySelector("button:not([type=button])");
  if (!button) return;
  event.preventDefault();
  form.requestSubmit(button);
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const button = event.submitter;
  if (!form.matches("[data-preferences]") || !button?.name) return;
  event.preventDefault();
  const body = new FormData(form, button);
  document.documentElement.dataset[button.name] = button.value;
  for (const each of form.querySelectorAll(`[name="${button.name}"]`)) {
    each.setAttribute("aria-pressed", String(each === button));
  }
  try {
    const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin", redirect: "manual" });
    if (answer.status >= 400) showNetwork("failed", answer.headers.get("x-request-id") ?? "");
  } catch {
    showNetwork("offline");
  }
}, true);
