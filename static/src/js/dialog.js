// <a data-dialog href="…"> opens that page's content in the one <dialog>. Without scripts it is a normal link.

import { isDirty } from "./forms.js";

const dialog = () => document.getElementById("dialog");
let opener = null;
let address = "";

export const dialogBody = () => document.getElementById("dialog-body");
export const dialogAddress = () => address;

export function closeDialog() {
  dialog()?.open && dialog().close();
}

export function openerSelector() {
  const href = opener?.getAttribute("href");
  return href ? `a[href="${CSS.escape(href)}"]` : "";
}

function leave(event) {
  const box = event.currentTarget;
  if (isDirty(box) && !box.querySelector("form[data-draft]") && !confirm(box.dataset.unsaved)) event.preventDefault();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("dialog [data-close], dialog [data-cancel]")) {
    event.preventDefault();
    const box = event.target.closest("dialog");
    // The same question as for Escape.
    if (box.dispatchEvent(new Event("cancel", { cancelable: true }))) box.close();
    return;
  }
  // A press on the backdrop lands on the dialog element itself.
  if (event.target.matches?.("dialog.dialog") && event.detail) {
    const area = event.target.getBoundingClientRect();
    const outside = event.clientX < area.left || event.clientX > area.right || event.clientY < area.top || event.clientY > area.bottom;
    if (outside && event.target.dispatchEvent(new Event("cancel", { cancelable: true }))) event.target.close();
    return;
  }
  const link = event.target.closest("a[data-dialog]");
  const modified = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button;
  if (!link || modified || event.defaultPrevented || !window.htmx || !dialog()) return;
  event.preventDefault();
  opener = link.closest("dialog") ? opener : link;
  address = link.href;
  const box = dialog();
  box.oncancel = leave;
  box.onclose = () => {
    dialogBody().replaceChildren();
    if (opener?.isConnected) opener.focus();
  };
  document.getElementById("dialog-title").textContent = link.dataset.title ?? box.dataset.loading;
  dialogBody().replaceChildren();
  if (!box.open) box.showModal();
  window.htmx.ajax("GET", link.href, { target: "#dialog-body", swap: "innerHTML", source: dialogBody() });
});

document.addEventListener("cw:close-dialog", closeDialog);
