// The search box completes what is typed: an editable combobox whose list answers to keys and clicks.
// Without this file the box is a plain form field.
const words = document.querySelector("template[data-completion]").dataset;
const status = document.querySelector("[data-status]");
const RECENT = "hindsight-recent-searches";
const WAIT_MS = 120;
const LONGEST_URL = 4000;
const boxes = new WeakMap();

// The server counts characters, the browser units of UTF-16.
const units = (text, place) => [...text].slice(0, place).join("").length;

function recent() {
  try { return JSON.parse(localStorage.getItem(RECENT)) || []; } catch { return []; }
}

function make(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

// A label, what was typed in bold where a word begins so.
function marked(label, typed) {
  const [text, start] = [label.toLowerCase(), typed.toLowerCase()];
  let at = typed ? text.indexOf(start) : -1;
  while (at > 0 && /[a-z0-9]/.test(text[at - 1])) at = text.indexOf(start, at + 1);
  const end = at + typed.length;
  return at < 0 ? [label] : [label.slice(0, at), make("b", { textContent: label.slice(at, end) }), label.slice(end)];
}

function optionOf(option, id, typed) {
  const { kind, label, hint, count } = option;
  const element = make("li", { id, role: "option", ariaSelected: "false", className: kind, option });
  element.append(make("span", { className: "text" }, ...marked(label, typed)));
  if (hint) element.append(make("span", { className: "hint", textContent: hint }));
  if (Number.isInteger(count)) element.append(make("span", { className: "count", textContent: count.toLocaleString(document.documentElement.lang) }));
  return element;
}

function groupOf({ label, options }, id, typed) {
  const items = options.map((option, index) => optionOf(option, `${id}-${index}`, typed));
  const list = make("ul", { role: "group" }, make("li", { id, role: "presentation", textContent: label }), ...items);
  list.setAttribute("aria-labelledby", id);
  return list;
}

class Box {
  constructor(input) {
    this.input = input;
    this.list = make("div", { id: `${input.id}-options`, role: "listbox", ariaLabel: words.label });
    this.forget = make("button", { type: "button", className: "link-button", textContent: words.forget });
    this.forget.dataset.forgetRecent = "";
    this.popup = make("div", { className: "completion" }, this.list, this.forget);
    input.after(this.popup);
    Object.assign(input, { role: "combobox", ariaAutoComplete: "list" });
    input.setAttribute("aria-controls", this.list.id);
    const on = (name, act) => input.addEventListener(name, act);
    on("input", (event) => { if (!event.isComposing && !this.isTaking) this.soon(); });
    on("compositionstart", () => this.close());
    on("compositionend", () => this.soon());
    on("click", () => { if (!input.value) this.ask(); });
    on("keydown", (event) => this.onKey(event));
    input.form.addEventListener("submit", () => this.close());
    input.parentElement.addEventListener("focusout", (event) => {
      if (!input.parentElement.contains(event.relatedTarget)) this.close();
    });
    // The focus stays in the field.
    this.popup.addEventListener("mousedown", (event) => event.preventDefault());
    this.popup.addEventListener("click", ({ target }) => {
      const element = target.closest("[role=option]");
      if (element) this.take(element.option);
      else if (target === this.forget) this.close(input.focus());
    });
    this.close();
  }

  get options() { return [...this.list.querySelectorAll("[role=option]")]; }
  get active() { return this.list.querySelector("[aria-selected=true]"); }
  get isOpen() { return !this.popup.hidden; }

  onKey(event) {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey) return;
    const { key } = event;
    if (key === "ArrowDown") this.step(1);
    else if (key === "ArrowUp") this.step(-1);
    else if (key === "Enter" && this.active) this.take(this.active.option);
    else if (key === "Escape" && (this.isOpen || this.input.value)) this.escape();
    else {
      if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(key)) this.close();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  step(by) {
    if (!this.isOpen) return this.ask(true);
    const options = this.options;
    const at = options.indexOf(this.active) + by;
    // Beyond either end one is back in the text.
    return this.mark(at < -1 ? options.at(-1) : options[at]);
  }

  escape() {
    if (!this.isOpen) this.input.value = "";
    this.close();
  }

  mark(element) {
    this.active?.setAttribute("aria-selected", "false");
    element?.setAttribute("aria-selected", "true");
    element?.scrollIntoView({ block: "nearest" });
    if (element) this.input.setAttribute("aria-activedescendant", element.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  take({ kind, insert: text, url }) {
    const { input } = this;
    this.close();
    // Something was typed since.
    if (input.value !== this.text) return;
    if (url) {
      location.assign(url);
    } else if (kind === "recent") {
      input.value = text;
      input.form.requestSubmit();
    } else {
      const isLast = this.end === input.value.length && kind !== "field";
      this.isTaking = true;
      input.setSelectionRange(this.start, this.end);
      // As if it were typed, so that it can be undone.
      document.execCommand("insertText", false, isLast ? `${text} ` : text);
      this.isTaking = false;
      // A field is of no use without a value.
      if (kind === "field") this.ask();
    }
  }

  soon() {
    this.stop();
    this.mark();
    this.timer = setTimeout(() => this.ask(), WAIT_MS);
  }

  // Shows the answer to the last question. `all`: asked for by key, so fields are
  // offered before anything is typed, and the first option is ready.
  async ask(all = false) {
    this.stop();
    const { value, selectionStart } = this.input;
    const asked = new URLSearchParams(new FormData(this.input.form));
    asked.set("q", value);
    asked.set("at", [...value.slice(0, selectionStart)].length);
    const url = `${words.completion}?${asked}`;
    if (url.length > LONGEST_URL) return this.close();
    this.controller = new AbortController();
    const { signal } = this.controller;
    const answer = await fetch(url, { signal }).catch(() => null);
    const { start, end, groups } = answer?.ok ? await answer.json().catch(() => ({})) : {};
    if (signal.aborted) return undefined;
    if (!groups || this.input.value !== value || document.activeElement !== this.input) return this.close();
    this.text = value;
    this.start = units(value, start);
    this.end = units(value, end);
    const typed = value.slice(this.start, selectionStart);
    const kept = value ? [] : recent().map((text) => ({ kind: "recent", insert: text, label: text }));
    this.show([
      ...(kept.length ? [{ kind: "recent", label: words.recent, options: kept }] : []),
      ...groups.filter((group) => all || typed || group.kind !== "field"),
    ], typed);
    return all && this.mark(this.options[0]);
  }

  show(groups, typed) {
    this.list.replaceChildren(...groups.map((group, index) => groupOf(group, `${this.list.id}-${index}`, typed)));
    this.forget.hidden = groups[0]?.kind !== "recent";
    this.popup.hidden = !groups.length;
    this.input.ariaExpanded = String(this.isOpen);
    this.mark();
    const count = this.options.length;
    status.textContent = count ? (count === 1 ? words.one : words.many).replace("{n}", count) : "";
  }

  stop() {
    clearTimeout(this.timer);
    this.controller?.abort();
  }

  close() {
    this.stop();
    this.popup.hidden = true;
    this.input.ariaExpanded = "false";
    this.mark();
  }
}

// By delegation: the page's main part is swapped in place.
document.addEventListener("focusin", ({ target }) => {
  if (!target.matches("[data-search-field]")) return;
  if (!boxes.has(target)) boxes.set(target, new Box(target));
  if (!target.value) boxes.get(target).ask();
});
