// The search box completes what is typed, in groups, by asking the server. Without this file the box is a
// plain form field.
import { Combobox, make, marked } from "./combobox.js";

const words = document.querySelector("template[data-completion]").dataset;
const RECENT = "hindsight-recent-searches";
const WAIT_MS = 120;
const LONGEST_URL = 4000;
const boxes = new WeakMap();

// The server counts characters, the browser units of UTF-16.
const units = (text, place) => [...text].slice(0, place).join("").length;

function recent() {
  try { return JSON.parse(localStorage.getItem(RECENT)) || []; } catch { return []; }
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

class Box extends Combobox {
  constructor(input) {
    const forget = make("button", { type: "button", className: "link-button", textContent: words.forget });
    super(input, words.label, forget);
    this.forget = forget;
    forget.dataset.forgetRecent = "";
    forget.addEventListener("click", () => this.close(input.focus()));
    input.addEventListener("click", () => { if (!input.value) this.ask(); });
    input.form.addEventListener("submit", () => this.close());
  }

  isKey(event) {
    if (super.isKey(event)) return true;
    if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) this.close();
    return false;
  }

  escape() {
    if (!this.isOpen) this.input.value = "";
    this.close();
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

  typed() {
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
    this.offer([
      ...(kept.length ? [{ kind: "recent", label: words.recent, options: kept }] : []),
      ...groups.filter((group) => all || typed || group.kind !== "field"),
    ], typed);
    return all && this.mark(this.options[0]);
  }

  offer(groups, typed) {
    this.forget.hidden = groups[0]?.kind !== "recent";
    this.show(groups.map((group, index) => groupOf(group, `${this.list.id}-${index}`, typed)));
  }

  stop() {
    clearTimeout(this.timer);
    this.controller?.abort();
  }

  close() {
    this.stop();
    super.close();
  }
}

// By delegation: the page's main part is swapped in place.
document.addEventListener("focusin", ({ target }) => {
  if (!target.matches("[data-search-field]")) return;
  if (!boxes.has(target)) boxes.set(target, new Box(target));
  if (!target.value) boxes.get(target).ask();
});
