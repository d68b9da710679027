// A follow-up looks done as soon as it is ticked; when the server says no, the tick goes away and the notice says why.

const rowOf = (form) => form.closest("[data-followup]");

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.elt.matches?.("form[data-tick]")) rowOf(detail.elt)?.toggleAttribute("data-ticked", true);
});
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, ({ detail }) => {
    if (detail.elt.matches?.("form[data-tick]")) rowOf(detail.elt)?.removeAttribute("data-ticked");
  });
}
