// <details class="menu"> opens without us. We close it again the way people expect, and keep its panel in sight.

const open = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of open()) {
    const inside = menu.contains(event.target);
    const chosen = inside && event.target.closest("a, button") && !event.target.closest("form");
    if (!inside || chosen) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const menu = document.activeElement?.closest("details.menu[open]") ?? [...open()].pop();
  if (!menu) return;
  event.preventDefault();
  menu.open = false;
  menu.querySelector("summary").focus();
});

// Leaving by keyboard closes, or the panel would hide what has the focus. A press on a label or beside a field inside
// takes the focus to <main> for a moment: that is no leaving.
let byKey = false;
document.addEventListener("keydown", (event) => { byKey = event.key === "Tab"; }, true);
document.addEventListener("pointerdown", () => { byKey = false; }, true);
document.addEventListener("focusout", (event) => {
  const menu = byKey && event.target.closest?.("details.menu[open]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.("details.menu")) return;
  const panel = menu.querySelector(".menu-panel");
  panel?.removeAttribute("style");
  if (!menu.open || !panel) return;
  // Inside a scrolling table or board a panel would be cut off: it moves to the window's own coordinates.
  if (!menu.closest(".table-scroll, .board")) return;
  const anchor = menu.querySelector("summary").getBoundingClientRect();
  panel.style.position = "fixed";
  const { width, height } = panel.getBoundingClientRect();
  const below = anchor.bottom + height + 8 < innerHeight;
  panel.style.inset = "auto";
  panel.style.top = `${below ? anchor.bottom + 4 : Math.max(8, anchor.top - height - 4)}px`;
  const left = menu.matches(".menu-end") ? anchor.right - width : anchor.left;
  panel.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  addEventListener("scroll", () => { menu.open = false; }, { once: true, capture: true });
}, true);
