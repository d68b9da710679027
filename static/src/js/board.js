// The board of the pipeline: dragging, keys and moving in place. Every card has the same ways as plain forms.

import Sortable, { AutoScroll } from "sortablejs/modular/sortable.core.esm.js";

Sortable.mount(new AutoScroll());

const FINGERS = "(pointer: coarse), (width <= 640px)";
const words = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "");
const after = (task) => setTimeout(task, 0);

// What the next board shall do when a whole page comes as the answer of a dialog.
let returning = null;

class Board extends HTMLElement {
  connectedCallback() {
    this.queue = Promise.resolve();
    this.scroller = this.querySelector(".board");
    this.addEventListener("submit", (event) => this.submitted(event));
    this.addEventListener("keydown", (event) => this.pressed(event));
    this.addEventListener("click", (event) => this.clicked(event));
    this.letDrag();
    if (returning) {
      const { card, left } = returning;
      returning = null;
      this.scroller.scrollLeft = left;
      after(() => this.focusCard(card));
    }
  }

  // Cards and columns

  card(pk) { return this.querySelector(`[data-card="${pk}"]`); }
  column(stage) { return this.querySelector(`[data-stage="${stage}"]`); }
  columnOf(card) { return card.closest("[data-stage]"); }

  focusCard(pk) {
    const card = this.card(pk);
    if (!card) return;
    const fold = card.closest("details:not(.menu)");
    if (fold) fold.open = true;
    card.querySelector("[data-row-link]").focus();
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  // Dragging

  letDrag() {
    if (matchMedia(FINGERS).matches) return;
    for (const list of this.querySelectorAll("[data-cards]")) {
      if (list.sortable || !this.querySelector("[data-move]")) continue;
      const archived = list.closest("[data-archived]");
      list.sortable = Sortable.create(list, {
        group: { name: "board", put: !archived },
        sort: false,
        animation: 120,
        draggable: "[data-card]",
        filter: "details.menu",
        preventOnFilter: false,
        forceFallback: true,
        fallbackTolerance: 5,
        ghostClass: "is-ghost",
        dragClass: "is-dragged",
        onStart: () => this.unfold(),
        onEnd: (event) => this.dropped(event),
      });
    }
  }

  unfold() {
    this.dragging = true;
    this.folded = [...this.querySelectorAll(".board-folded > details:not([open])")];
    this.folded.forEach((fold) => { fold.open = true; });
    this.classList.add("is-dragging");
  }

  dropped({ item, from, to, oldDraggableIndex }) {
    this.dragging = false;
    this.classList.remove("is-dragging");
    const target = to.closest("[data-stage]");
    this.folded.forEach((fold) => { fold.open = to !== from && fold.contains(to); });
    if (to === from) return;
    const place = () => from.insertBefore(item, from.querySelectorAll(":scope > [data-card]")[oldDraggableIndex] ?? null);
    this.go(item, target, place);
  }

  // Moving

  submitted(event) {
    const form = event.target;
    if (!form.matches("[data-move], [data-move-asks]") || !event.submitter?.value) return;
    event.preventDefault();
    event.stopPropagation();
    const card = form.closest("[data-card]");
    const target = this.column(event.submitter.value);
    form.closest("details.menu").open = false;
    if (target) this.go(card, target, null);
    else location.assign(`${form.action}?stage=${event.submitter.value}`);
  }

  /** Ask what the stage needs, or show the card where it goes and tell the server; `back` undoes what a drag did. */
  go(card, target, back) {
    const source = back ? null : this.columnOf(card);
    const list = target.querySelector("[data-cards]");
    const next = card.nextElementSibling;
    const home = card.parentElement;
    if (target.dataset.asks !== undefined) {
      back?.();
      this.ask(card, target);
      return;
    }
    if (source) list.prepend(card);
    const undo = back ?? (() => home.insertBefore(card, next));
    card.classList.add("is-moving");
    card.querySelector("[data-row-link]").focus({ preventScroll: true });
    this.queue = this.queue.then(() => this.send(card.dataset.card, target.dataset.stage, undo));
  }

  /** The dialog with the fields that a won or lost stage needs: the link that a menu would have, pressed here. */
  ask(card, target) {
    const form = card.querySelector("[data-move-asks]");
    const link = document.createElement("a");
    link.dataset.dialog = "";
    link.href = `${form.action}?${new URLSearchParams({ stage: target.dataset.stage, next: form.elements.next.value })}`;
    card.append(link);
    returning = { card: card.dataset.card, left: this.scroller.scrollLeft };
    link.click();
    link.remove();
    document.getElementById("dialog").addEventListener("close", () => after(() => {
      if (!this.isConnected) return;
      returning = null;
      this.focusCard(card.dataset.card);
    }), { once: true });
  }

  async send(pk, stage, undo) {
    const card = this.card(pk);
    const form = card.querySelector("[data-move]");
    const title = card.dataset.title;
    const data = new FormData(form);
    data.set("stage", stage);
    this.problem("");
    this.say(words(this.dataset.moving, { title, stage: this.column(stage).dataset.name }));
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(data), credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      await this.idle();
      if (answer.ok && page.querySelector("cw-board")) {
        this.adopt(page, pk);
        return;
      }
      this.putBack(card, undo, [...page.querySelectorAll(".error-summary li, .field-error")].map((each) => each.textContent.trim())[0]);
    } catch {
      this.putBack(card, undo, "");
    }
  }

  idle() {
    return new Promise((done) => {
      const look = () => (this.dragging ? setTimeout(look, 100) : done());
      look();
    });
  }

  putBack(card, undo, why) {
    undo();
    card.classList.remove("is-moving");
    const stage = this.columnOf(card).dataset.name;
    this.problem([words(this.dataset.failed, { title: card.dataset.title, stage }), why].filter(Boolean).join(" "));
    this.focusCard(card.dataset.card);
  }

  /** Take columns, sums and the status bar of the page that came as the answer; focus stays on the card. */
  adopt(page, pk) {
    const mine = document.activeElement?.closest("[data-card]")?.dataset.card ?? (document.activeElement === document.body ? pk : "");
    for (const fresh of page.querySelectorAll("cw-board [data-stage]")) {
      const old = this.column(fresh.dataset.stage);
      if (!old) continue;
      const fold = old.querySelector(":scope > details");
      if (fold) fresh.querySelector(":scope > details").open = fold.open;
      fresh.classList.toggle("is-shown", old.classList.contains("is-shown"));
      old.replaceWith(fresh);
      window.htmx?.process(fresh);
    }
    for (const selector of ["#status", ".page-head-sub"]) {
      const [old, fresh] = [document.querySelector(selector), page.querySelector(selector)];
      if (old && fresh) old.replaceWith(fresh);
    }
    this.recount();
    this.letDrag();
    if (mine) this.focusCard(mine);
    this.say([...document.querySelectorAll("#status .status-words")].map((line) => line.textContent.trim()).join(" "));
  }

  recount() {
    for (const tab of this.querySelectorAll("[data-column]")) {
      const count = this.column(tab.dataset.column)?.querySelector("[data-count]");
      if (count) tab.querySelector(".count").textContent = count.textContent;
    }
  }

  problem(text) {
    const notice = this.querySelector("[data-board-problem]");
    notice.textContent = text;
    notice.hidden = !text;
  }

  say(text) {
    const live = document.getElementById("live");
    if (live && text) live.textContent = text;
  }

  // Keys: arrows from card to card, M for the menu, arrows in the menu. The letter follows the preference for single keys.

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const menu = event.target.closest("details.menu[open]");
    if (menu) {
      this.inMenu(event, menu);
      return;
    }
    const card = event.target.closest("[data-card]");
    if (!card) return;
    const letters = document.documentElement.dataset.shortcuts !== "off";
    if (event.key.toLowerCase() === "m" && letters) {
      const move = card.querySelector(".board-move");
      if (!move) return;
      event.preventDefault();
      move.open = true;
      after(() => move.querySelector("button")?.focus());
    } else if (event.key.startsWith("Arrow")) {
      const next = this.neighbor(card, event.key);
      if (!next) return;
      event.preventDefault();
      this.focusCard(next.dataset.card);
    }
  }

  inMenu(event, menu) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const items = [...menu.querySelectorAll(".menu-item")];
    items.at((items.indexOf(document.activeElement) + by) % items.length)?.focus();
  }

  neighbor(card, key) {
    if (key === "ArrowDown") return card.nextElementSibling;
    if (key === "ArrowUp") return card.previousElementSibling;
    const columns = [...this.querySelectorAll("[data-stage]")].filter((column) => column.querySelector("[data-card]")?.checkVisibility());
    const at = columns.indexOf(this.columnOf(card));
    const forward = (key === "ArrowRight") === (getComputedStyle(this).direction === "ltr");
    const cards = columns[at + (forward ? 1 : -1)]?.querySelectorAll("[data-card]") ?? [];
    return cards[Math.min([...card.parentElement.children].indexOf(card), cards.length - 1)];
  }

  // A phone shows one stage at a time.

  clicked(event) {
    const tab = event.target.closest("[data-column]");
    if (!tab || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    for (const each of this.querySelectorAll("[data-column]")) each.toggleAttribute("aria-current", false);
    tab.setAttribute("aria-current", "true");
    for (const column of this.querySelectorAll("[data-stage]")) {
      const shown = column.dataset.stage === tab.dataset.column;
      column.classList.toggle("is-shown", shown);
      const fold = column.querySelector(":scope > details");
      if (fold && shown) fold.open = true;
    }
    history.replaceState(history.state, "", tab.href);
  }
}

customElements.define("cw-board", Board);
