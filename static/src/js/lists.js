// Choosing rows: the box in the head follows and leads those of the rows, and the bar of what can be done shows.

import { announce } from "./live.js";

const boxes = (table) => [...table.querySelectorAll("[data-select]")];

document.addEventListener("change", (event) => {
  const box = event.target;
  const table = box.matches?.("[data-select], [data-select-all]") && box.closest("table");
  if (!table) return;
  if (box.matches("[data-select-all]")) boxes(table).forEach((each) => { each.checked = box.checked; });
  count(table);
});

function count(table) {
  const all = boxes(table);
  all.forEach((each) => each.closest("tr").setAttribute("aria-selected", String(each.checked)));
  const head = table.querySelector("[data-select-all]");
  const chosen = all.filter((each) => each.checked).length;
  head.checked = chosen === all.length;
  head.indeterminate = chosen > 0 && chosen < all.length;
  table.dispatchEvent(new CustomEvent("cw:chosen", { bubbles: true, detail: { chosen } }));
}

document.addEventListener("cw:chosen", ({ detail }) => {
  const bar = document.getElementById("bulk");
  if (!bar) return;
  const table = document.querySelector(".table");
  const before = table.getBoundingClientRect().top;
  const first = !bar.hasAttribute("data-some");
  bar.toggleAttribute("data-some", detail.chosen > 0);
  bar.querySelector("[value=rows]").checked = true;
  const number = bar.querySelector("[data-chosen]");
  number.textContent = detail.chosen;
  // The row that was just chosen stays under the pointer.
  scrollBy(0, table.getBoundingClientRect().top - before);
  announce([number.parentElement.textContent, first && bar.dataset.hint].filter(Boolean).join(". "));
});

// A browser that goes back remembers the boxes.
addEventListener("pageshow", () => {
  const chosen = document.querySelector("[data-select]:checked");
  if (chosen) count(chosen.closest("table"));
});
