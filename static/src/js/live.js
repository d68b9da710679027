// Speaking to assistive technology, and saying that something failed.

// Whatever stands outside an open modal dialog is inert: neither seen in front of it nor spoken.
function within(id) {
  const element = document.getElementById(id);
  const place = document.querySelector("dialog[open]") ?? document.body;
  if (element && element.parentElement !== place) place.append(element);
  return element;
}

export function announce(text) {
  const region = within("live");
  if (!region || !text) return;
  region.textContent = "";
  // A region that changes twice in one frame is read once, so the text comes a moment later.
  setTimeout(() => { region.textContent = text; }, 60);
}

export function announceStatus(root) {
  const lines = [...root.querySelectorAll("#status .status-words")].map((line) => line.textContent.trim());
  announce(lines.join(" "));
}

/** After a refused form focus goes to the summary of its errors. Answers whether there was one. */
export function focusProblem(root) {
  const summary = root.querySelector?.("[data-error-summary]");
  summary?.focus();
  return Boolean(summary);
}

export function showNetwork(word, reference = "") {
  const notice = within("network");
  if (!notice) return;
  const quote = reference && `${notice.dataset.reference} ${reference}`;
  notice.textContent = [notice.dataset[word], quote].filter(Boolean).join(" ");
  notice.hidden = false;
}

export function hideNetwork() {
  const notice = document.getElementById("network");
  if (notice) notice.hidden = true;
}
