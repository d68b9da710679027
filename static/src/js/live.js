// Speaking to assistive technology, and saying that something failed.

const live = () => document.getElementById("live");

export function announce(text) {
  const region = live();
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
  const notice = document.getElementById("network");
  if (!notice) return;
  notice.textContent = [notice.dataset[word], reference].filter(Boolean).join(" ");
  notice.hidden = false;
}

export function hideNetwork() {
  const notice = document.getElementById("network");
  if (notice) notice.hidden = true;
}
