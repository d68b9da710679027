import { announce } from "./live.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const words = button.querySelector("span") ?? button;
  const before = words.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    // Without the right to write, select the text so that one key copies it.
    const value = button.parentElement.querySelector(".copy-value");
    if (value) getSelection().selectAllChildren(value);
    return;
  }
  words.textContent = button.dataset.copied;
  announce(button.dataset.copied);
  setTimeout(() => { words.textContent = before; }, 2000);
});
