// Choosing rows: the box in the head follows and leads those of the rows.

const boxes = (table) => [...table.querySelectorAll("[data-select]")];

document.addEventListener("change", (event) => {
  const box = event.target;
  const table = box.matches?.("[data-select], [data-select-all]") && box.closest("table");
  if (!table) return;
  const all = boxes(table);
  if (box.matches("[data-select-all]")) all.forEach((each) => { each.checked = box.checked; });
  all.forEach((each) => each.closest("tr").setAttribute("aria-selected", String(each.checked)));
  const head = table.querySelector("[data-select-all]");
  const chosen = all.filter((each) => each.checked).length;
  head.checked = chosen === all.length;
  head.indeterminate = chosen > 0 && chosen < all.length;
  table.dispatchEvent(new CustomEvent("cw:chosen", { bubbles: true, detail: { chosen } }));
});
