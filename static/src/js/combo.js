// <cw-combo>: an ARIA 1.2 combobox over an ordinary control.
//   around a <select>            the select keeps the value and its name; it is hidden once we run
//   around an <input>            the same with one value; data-label is the text that belongs to it
//   with [data-combo-input]      that field is used as it is (the global search)
// data-src answers <li role="option" data-value="…"> or data-href="…" for ?q=…; without it the select's own
// options are filtered here. Options may stand in a <div role="group">.
// data-navigate: options lead somewhere, nothing is chosen beforehand, and focus alone shows what lies near.

const DELAY = 150;
let serial = 0;

class Combo extends HTMLElement {
  connectedCallback() {
    if (this.input) return;
    this.list = this.querySelector("[role=listbox]");
    this.status = this.querySelector("[role=status]");
    this.carrier = this.querySelector("select, input:not([data-combo-input])");
    this.input = this.querySelector("[data-combo-input]") ?? this.build();
    this.list.id ||= `combo-list-${++serial}`;
    const attributes = {
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id, autocomplete: "off",
    };
    for (const [name, value] of Object.entries(attributes)) this.input.setAttribute(name, value);
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.leave(), 120));
    this.input.addEventListener(this.dataset.navigate === undefined ? "click" : "focus", () => { if (!this.open) this.search(); });
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.choose(event.target.closest("[role=option]")));
    this.carrier?.addEventListener("draft", () => this.show());
    this.show();
  }

  get many() { return Boolean(this.carrier?.multiple); }
  get open() { return !this.list.hidden; }
  get options() { return [...this.list.querySelectorAll("[role=option]")]; }
  get chosen() {
    if (this.carrier?.tagName === "SELECT") return [...this.carrier.selectedOptions].filter((option) => option.value);
    return this.carrier?.value ? [{ value: this.carrier.value, text: this.carrier.dataset.label ?? this.carrier.value }] : [];
  }

  build() {
    const input = document.createElement("input");
    input.className = "input combo-input";
    input.type = "text";
    // The label points to the id, so the field people type into takes it over.
    input.id = this.carrier.id;
    this.carrier.id += "_value";
    for (const name of ["aria-describedby", "aria-invalid", "required", "disabled", "autofocus"]) {
      if (this.carrier.hasAttribute(name)) input.setAttribute(name, this.carrier.getAttribute(name));
      if (name !== "disabled") this.carrier.removeAttribute(name);
    }
    input.placeholder = this.dataset.placeholder ?? "";
    if (this.carrier.tagName === "SELECT") this.carrier.hidden = true;
    else this.carrier.type = "hidden";
    this.before = document.createElement("div");
    this.before.className = "chips combo-chips";
    this.before.hidden = true;
    this.clear = document.createElement("button");
    this.clear.type = "button";
    this.clear.className = "icon-btn icon-btn-small combo-clear";
    this.clear.setAttribute("aria-label", `${this.dataset.clear}: ${this.list.getAttribute("aria-label")}`);
    this.clear.textContent = "×";
    this.clear.tabIndex = -1; // Tab goes on to the next field; emptying this one clears it by key
    this.clear.addEventListener("click", () => { this.set([]); this.input.focus(); });
    this.prepend(this.before, input);
    input.after(this.clear);
    return input;
  }

  /** Bring what is chosen into view: as the field's text, or as chips when there may be several. */
  show() {
    if (!this.carrier) return;
    const chosen = this.chosen;
    this.clear.hidden = this.many || !chosen.length;
    if (!this.many) {
      this.input.value = chosen[0]?.text.trim() ?? "";
      return;
    }
    this.before.hidden = !chosen.length;
    this.before.replaceChildren(...chosen.map((option) => {
      const chip = document.createElement("button");
      chip.type = "button";
      chip.className = "chip";
      chip.textContent = `${option.text.trim()} ×`;
      chip.setAttribute("aria-label", `${this.dataset.clear}: ${option.text.trim()}`);
      chip.addEventListener("click", () => { this.set(chosen.filter((each) => each !== option)); this.input.focus(); });
      return chip;
    }));
  }

  set(options) {
    if (this.carrier.tagName === "SELECT") {
      for (const { value, text } of options) {
        if (![...this.carrier.options].some((each) => each.value === value)) this.carrier.add(new Option(text, value));
      }
      for (const each of this.carrier.options) each.selected = options.some(({ value }) => value === each.value);
      if (!options.length && !this.many) this.carrier.value = "";
    } else {
      this.carrier.value = options[0]?.value ?? "";
      this.carrier.dataset.label = options[0]?.text ?? "";
    }
    this.show();
    this.carrier.dispatchEvent(new Event("change", { bubbles: true }));
  }

  later() {
    this.hurried = false;
    this.waiting = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.search(), this.dataset.src ? DELAY : 0);
  }

  async search() {
    const selected = !this.many && this.carrier && this.chosen[0]?.text.trim() === this.input.value;
    const query = selected ? "" : this.input.value.trim();
    let items;
    try {
      items = this.dataset.src ? await this.fetch(query) : this.filter(query);
    } catch (error) {
      if (error.name !== "AbortError") this.waiting = false;
      if (error.name !== "AbortError") this.say(document.getElementById("network")?.dataset.offline ?? "");
      return;
    }
    this.waiting = false;
    if (!this.isConnected || document.activeElement !== this.input) return;
    this.list.replaceChildren(...items);
    const options = this.options;
    options.forEach((option, index) => { option.id = `${this.list.id}-${index}`; });
    if (!options.length) {
      const none = document.createElement(this.list.tagName === "UL" ? "li" : "div");
      none.setAttribute("role", "presentation");
      none.textContent = this.dataset.none ?? "";
      this.list.append(none);
    }
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    // Four letters and Enter: the first answer is ready, except where Enter searches.
    this.activate(query && this.dataset.navigate === undefined ? options[0] : null);
    this.say(options.length ? `${this.dataset.counts ?? ""} ${options.length}` : this.dataset.none);
    if (this.hurried) this.choose(this.active);
    this.hurried = false;
  }

  async fetch(query) {
    this.abort?.abort();
    this.abort = new AbortController();
    const url = new URL(this.dataset.src, location.href);
    url.searchParams.set("q", query);
    const answer = await fetch(url, { headers: { "HX-Request": "true" }, credentials: "same-origin", signal: this.abort.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return [...page.body.children];
  }

  filter(query) {
    const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    const wanted = plain(query);
    return [...this.carrier.options]
      .filter((option) => option.value && plain(option.text).includes(wanted) && !(this.many && option.selected))
      .slice(0, 50)
      .map((option) => {
        const item = document.createElement("li");
        item.setAttribute("role", "option");
        item.dataset.value = option.value;
        item.textContent = option.text;
        return item;
      });
  }

  activate(option) {
    for (const each of this.options) each.setAttribute("aria-selected", String(each === option));
    this.active = option ?? null;
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  press(event) {
    const options = this.options;
    const at = options.indexOf(this.active);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!this.open) return this.search();
      const by = event.key === "ArrowDown" ? 1 : -1;
      this.activate(options[at < 0 && by < 0 ? options.length - 1 : (at + by + options.length) % options.length]);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && this.open && this.active) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && this.waiting && this.dataset.navigate === undefined) {
      event.preventDefault(); // faster than the answer, which is chosen when it comes
      this.hurried = Boolean(this.input.value.trim());
    } else if (event.key === "Tab" && !event.shiftKey && this.open && this.carrier) {
      this.choose(this.active); // what is marked, instead of losing what was typed
    } else if (event.key === "Escape") {
      if (this.open) {
        event.preventDefault();
        event.stopPropagation();
      }
      this.shut(); // also what is still on its way
    } else if (event.key === "Backspace" && this.many && !this.input.value) this.set(this.chosen.slice(0, -1));
    return undefined;
  }

  choose(option) {
    if (!option || option.getAttribute("aria-disabled") === "true") return;
    this.shut();
    if (option.dataset.href) {
      location.assign(option.dataset.href);
      return;
    }
    const picked = { value: option.dataset.value, text: (option.dataset.label ?? option.firstChild?.textContent ?? option.textContent).trim() };
    this.input.value = "";
    this.set(this.many ? [...this.chosen, picked] : [picked]);
    this.input.focus();
  }

  shut() {
    this.waiting = this.hurried = false;
    clearTimeout(this.timer);
    this.abort?.abort();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.activate(null);
  }

  leave() {
    if (document.activeElement === this.input) return;
    this.shut();
    if (!this.carrier) return;
    // An emptied field means nobody; words that were never chosen give way to the last choice.
    if (!this.many && !this.input.value.trim() && this.chosen.length) this.set([]);
    else if (!this.many) this.show();
    else this.input.value = "";
  }

  say(text) {
    if (this.status) this.status.textContent = text ?? "";
  }
}

customElements.define("cw-combo", Combo);
