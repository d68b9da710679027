// What htmx does, in our manners: focus rules, announcements, whole pages as answers, failures without lost text.

import { closeDialog, dialogAddress, dialogBody, openerSelector } from "./dialog.js";
import { clearDraft, restoreDrafts } from "./drafts.js";
import { setBusy, settle } from "./forms.js";
import { announce, announceStatus, focusProblem, hideNetwork, showNetwork } from "./live.js";

const on = (name, handler) => document.addEventListener(`htmx:${name}`, handler);

// A redirect repeats these headers: so the page after a form comes whole (core/middleware.py).
on("configRequest", ({ detail }) => { if (detail.verb !== "get") detail.headers["X-From-Form"] = "1"; });

on("beforeRequest", ({ detail }) => {
  hideNetwork();
  detail.target?.setAttribute("aria-busy", "true");
  if (detail.elt.matches?.("form")) setBusy(detail.requestConfig?.triggeringEvent?.submitter ?? detail.elt.querySelector("[data-busy]"), true);
});

on("afterRequest", ({ detail }) => {
  detail.target?.removeAttribute("aria-busy");
  const form = detail.elt.matches?.("form") ? detail.elt : null;
  if (!form) return;
  form.querySelectorAll("button").forEach((button) => setBusy(button, false));
  // htmx calls 409 and 422 successful, because we swap them.
  if (detail.xhr.status >= 200 && detail.xhr.status < 400) {
    settle(form);
    if (form.dataset.draft) clearDraft(form);
  }
});

// Signing in again, in another tab, makes the tokens of this page's forms void: they are fetched anew before the next try.
let isVoid = false;
function expire() {
  isVoid = true;
  showNetwork("expired");
}
async function renewTokens() {
  const answer = await fetch(location.href, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector(".frame [name=csrfmiddlewaretoken]")?.value;
  if (!token) return;
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  document.body.setAttribute("hx-headers", page.body.getAttribute("hx-headers"));
  isVoid = false;
}
on("confirm", (event) => {
  if (!isVoid || event.detail.verb === "get") return;
  event.preventDefault();
  renewTokens().catch(() => {}).then(() => event.detail.issueRequest(true));
});

on("sendError", () => showNetwork("offline"));
on("timeout", () => showNetwork("offline"));
on("responseError", ({ detail }) => {
  const { xhr } = detail;
  if (xhr.status === 403) isVoid = true;
  if (xhr.status === 401) expire();
  else showNetwork("failed", (xhr.getResponseHeader("X-Request-ID") ?? String(xhr.status)).slice(0, 8));
  if (detail.target === dialogBody() && !dialogBody().childElementCount) closeDialog();
});

/** Show a whole page that came as the answer, keeping the window, the scroll position and the frame's scripts. */
function adopt(page, url) {
  const samePlace = new URL(url).pathname === location.pathname;
  const selector = openerSelector();
  document.querySelector(".frame").replaceChildren(...page.querySelector(".frame").childNodes);
  document.title = page.title;
  if (url !== location.href) history.pushState({}, "", url);
  closeDialog();
  window.htmx.process(document.querySelector(".frame"));
  restoreDrafts(document);
  announceStatus(document);
  const place = (samePlace && selector && document.querySelector(selector)) || document.getElementById("main");
  if (!samePlace) scrollTo(0, 0);
  place.focus({ preventScroll: samePlace });
}
// A page that we pushed is fetched anew when the reader goes back to it.
addEventListener("popstate", (event) => { if (!event.state?.htmx) location.reload(); });

/** A form in the dialog may stand on the page below as well: its ids give way, or labels would name the other one. */
function yieldIds(root) {
  for (const element of root.querySelectorAll("[id]")) {
    const { id } = element;
    const taken = document.getElementById(id);
    if (!taken || taken.closest("#dialog") || element.hasAttribute("hx-swap-oob")) continue;
    element.id = `dialog-${id}`;
    for (const name of ["for", "form", "aria-labelledby", "aria-describedby", "aria-controls", "href", "hx-target"]) {
      for (const user of root.querySelectorAll(`[${name}~="${CSS.escape(id)}"], [${name}="#${CSS.escape(id)}"]`)) {
        const words = user.getAttribute(name).split(" ");
        user.setAttribute(name, words.map((word) => (word.replace("#", "") === id ? word.replace(id, element.id) : word)).join(" "));
      }
    }
  }
  return root.innerHTML;
}

on("beforeSwap", (event) => {
  const { detail } = event;
  const text = detail.serverResponse ?? "";
  if (detail.shouldSwap === false) return;
  if (!/^\s*<!doctype html/i.test(text)) {
    if (!text || !dialogBody()?.contains(detail.target)) return;
    detail.serverResponse = yieldIds(new DOMParser().parseFromString(text, "text/html").body);
    return;
  }
  const page = new DOMParser().parseFromString(text, "text/html");
  const url = detail.xhr.responseURL;
  if (!page.querySelector(".frame")) {
    // A signed-out page in the middle of a signed-in one means that the session is over.
    detail.shouldSwap = false;
    if (detail.target === dialogBody()) closeDialog();
    expire();
  } else if (detail.requestConfig.verb !== "get" && detail.xhr.status < 400) {
    detail.shouldSwap = false;
    settle(detail.elt);
    if (detail.elt.dataset?.draft) clearDraft(detail.elt);
    adopt(page, url);
  } else if (detail.target === dialogBody()) {
    const title = page.querySelector("h1")?.textContent.trim();
    if (title) document.getElementById("dialog-title").textContent = title;
    detail.serverResponse = yieldIds(page.querySelector(".page-content"));
  } else {
    const part = page.getElementById(detail.target.id);
    if (part) detail.serverResponse = part.outerHTML;
  }
});

on("afterSettle", ({ detail }) => {
  // With outerHTML the old target is gone; its successor has the same id.
  const target = (detail.elt?.id && document.getElementById(detail.elt.id)) || detail.elt;
  if (!target?.querySelector) return;
  restoreDrafts(document);
  if (target === dialogBody()) settleDialog(target);
  else if (focusProblem(target)) prefixTitle();
  else {
    const trigger = detail.requestConfig?.elt;
    if (trigger?.matches?.("[data-focus-caption]")) target.querySelector("caption, h2")?.focus();
    announce(target.dataset.announce ?? target.querySelector("[data-announce]")?.dataset.announce);
  }
});

on("oobAfterSwap", ({ detail }) => { if (detail.target?.id === "status") announceStatus(document); });

function prefixTitle() {
  const word = document.querySelector(".field-error .sr")?.textContent.trim();
  if (word && !document.title.startsWith(word)) document.title = `${word} ${document.title}`;
}

function settleDialog(body) {
  const title = body.querySelector("[data-title], h1");
  if (title) {
    document.getElementById("dialog-title").textContent = title.dataset.title || title.textContent.trim();
    if (title.matches("h1")) title.remove();
  }
  for (const form of body.querySelectorAll("form:not([hx-post]):not([hx-get])")) {
    if (form.method !== "post") continue;
    form.setAttribute("hx-post", form.getAttribute("action") || dialogAddress());
    form.setAttribute("hx-target", "#dialog-body");
    form.setAttribute("hx-swap", "innerHTML");
    window.htmx.process(form);
  }
  if (focusProblem(body)) return;
  // The first thing that is still to be filled in: choices have their default already.
  const fields = [...body.querySelectorAll(".input:not([disabled])")].filter((field) => !field.hidden && field.offsetParent);
  const first = body.querySelector("[autofocus]") ?? fields.find((field) => field.required && !field.value) ?? fields.find((field) => !field.value) ?? fields[0];
  (first ?? body.querySelector("a, button"))?.focus();
}
