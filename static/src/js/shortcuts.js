// Keys, taken from the page itself: every visible element with data-key="l", "g p", "/" or "mod+k".
// Single keys never act in fields and can be switched off (<html data-shortcuts="off">).

const isMac = /mac|iphone|ipad/i.test(navigator.userAgentData?.platform ?? navigator.platform);
const visible = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? element.offsetParent !== null;
const marked = () => [...document.querySelectorAll("[data-key]")].filter(visible);

function pretty(key) {
  if (key.startsWith("mod+")) return [isMac ? "⌘" : "Ctrl", pretty(key.slice(4))[0]];
  return [key.length === 1 ? key.toUpperCase() : key];
}

function nameOf(element) {
  const label = element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent;
  if (label) return label.trim();
  const copy = element.cloneNode(true);
  copy.querySelectorAll("kbd, .count").forEach((part) => part.remove());
  return copy.textContent.trim().replace(/\s+/g, " ");
}

function act(element) {
  if (element.matches("input, textarea, select")) {
    element.focus();
    element.select?.();
  } else element.click();
}

// j and k walk the rows of a list by the link that names each row.
const rowLinks = () => [...document.querySelectorAll("main tbody th[scope=row] a, main [data-row-link]")].filter(visible);

function step(by) {
  const links = rowLinks();
  if (!links.length) return false;
  const at = links.indexOf(document.activeElement);
  const next = links[Math.max(0, Math.min(links.length - 1, at + by))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

// x ticks the row that has the focus, where rows can be chosen.
function tick() {
  const row = document.activeElement?.closest("main tbody tr");
  const box = row?.querySelector("[data-select]");
  box?.click();
  return Boolean(box);
}

class Shortcuts extends HTMLElement {
  connectedCallback() {
    this.pending = "";
    this.listen = (event) => this.press(event);
    document.addEventListener("keydown", this.listen);
    document.addEventListener("click", this.click = (event) => {
      if (event.target.closest("[data-shortcuts-open]")) this.open();
    });
    if (isMac) document.querySelectorAll(".topbar .search-field .kbd").forEach((key) => { key.textContent = "⌘ K"; });
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.listen);
    document.removeEventListener("click", this.click);
  }

  press(event) {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.ctrlKey || event.metaKey) {
      const target = marked().find((element) => element.dataset.key === `mod+${key}`);
      if (target && !document.querySelector("dialog[open]")) this.take(event, () => act(target));
      return;
    }
    const typing = event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], [role=textbox]");
    if (typing || document.querySelector("dialog[open]") || document.documentElement.dataset.shortcuts === "off") return;
    if (key === "?") return this.take(event, () => this.open());
    const wanted = this.pending ? `${this.pending} ${key}` : key;
    this.wait("");
    const all = marked();
    const target = all.find((element) => element.dataset.key === wanted);
    if (target) return this.take(event, () => act(target));
    if (all.some((element) => element.dataset.key.startsWith(`${wanted} `))) return this.take(event, () => this.wait(wanted));
    if ((key === "j" || key === "k") && step(key === "j" ? 1 : -1)) event.preventDefault();
    if (key === "x" && tick()) event.preventDefault();
  }

  take(event, action) {
    event.preventDefault();
    action();
  }

  // The second key of a sequence must come within a second and a half.
  wait(first) {
    clearTimeout(this.timer);
    this.pending = first;
    if (first) this.timer = setTimeout(() => { this.pending = ""; }, 1500);
  }

  open() {
    const sheet = document.getElementById("shortcuts");
    const list = sheet.querySelector("[data-keys]");
    const rows = marked().map((element) => {
      const key = element.dataset.key;
      return [key === "/" ? this.dataset.search : nameOf(element), key];
    });
    if (rowLinks().length) rows.push([this.dataset.next, "j"], [this.dataset.previous, "k"]);
    if (document.querySelector("main [data-select]")) rows.push([this.dataset.tick, "x"]);
    if (document.querySelector("main [data-card] .board-move")) rows.push([this.dataset.cardMove, "m"]);
    rows.push([this.dataset.save, "mod+Enter"], [this.dataset.sheet, "?"]);
    const seen = new Set();
    list.replaceChildren();
    for (const [name, keys] of rows) {
      if (!name || seen.has(keys)) continue;
      seen.add(keys);
      const term = document.createElement("dt");
      term.textContent = name;
      const detail = document.createElement("dd");
      keys.split(" ").forEach((key, index) => {
        if (index) detail.append(` ${this.dataset.then} `);
        pretty(key).forEach((part, place) => {
          const cap = document.createElement("kbd");
          cap.className = "kbd";
          cap.textContent = part;
          if (place) detail.append(" ");
          detail.append(cap);
        });
      });
      list.append(term, detail);
    }
    sheet.showModal();
  }
}

customElements.define("cw-shortcuts", Shortcuts);
