// Choosing a term by typing: a combobox before each list of terms. It looks into the names of all languages,
// the aliases and the path, in either Chinese script; the list itself stays the field of the form.
import { Combobox, make, marked, say } from "./combobox.js";

const editor = document.querySelector("[data-editor]");
const words = document.querySelector("[data-term-words]")?.dataset;
const INDENT = "\u2003";
// What the list needs below its field, the bar at the foot of the page included.
const ROOM = 400;
// How well a name answers, the best first.
const WHOLE = 0;
const BEGINNING = 1;
const WORD = 2;
const WORDS = 3;
const INSIDE = 4;

const isHan = (text) => /\p{Script=Han}/u.test(text);

// The terms of a vocabulary with all they are called; read once for all its rows.
class Terms {
  constructor(group) {
    const other = group.querySelector("datalist[data-also]");
    const also = new Map([...other.options].map((option) => [option.value, option.textContent.split("\n")]));
    this.scripts = new Map([...(other.dataset.scripts || "").matchAll(/(.)(.)/gsu)].map(([, char, simple]) => [char, simple]));
    this.suggest = group.dataset.suggest;
    const names = new Map();
    const options = [...group.querySelectorAll("select[name$='.term']")].at(-1).options;
    this.all = [...options].filter((option) => option.value).map((option) => {
      const { value } = option;
      const name = option.text.trim();
      names.set(value, name);
      const above = value.split("/").slice(0, -1).map((_, at, steps) => names.get(steps.slice(0, at + 1).join("/")));
      const others = (also.get(value) || []).map((text) => ({ text, plain: this.fold(text) }));
      return { value, name, plain: this.fold(name), path: this.fold(value), others, above: above.filter(Boolean), depth: option.text.lastIndexOf(INDENT) + 1 };
    });
  }

  fold(text) {
    const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[\s_/()-]+/g, " ").trim();
    return plain.replace(/\p{Script=Han}/gu, (char) => this.scripts.get(char) || char);
  }

  // What answers to the text, the best first and else in the order of the tree; `also` is another name by
  // which a term was found.
  find(typed) {
    const wanted = this.fold(typed);
    const found = this.all.map((term) => ({ term, ...best(term, wanted) }));
    return found.filter(({ rank }) => rank <= INSIDE).sort((one, other) => one.rank - other.rank || Boolean(one.also) - Boolean(other.also));
  }

  // The only term that is called exactly so.
  called(typed) {
    const found = this.find(typed).filter(({ rank }) => rank === WHOLE);
    const own = found.filter(({ also }) => !also);
    const exact = own.length ? own : found;
    return exact.length === 1 ? exact[0].term.value : "";
  }
}

function best(term, wanted) {
  let found = { rank: rankOf(term.plain, wanted), also: "" };
  for (const { text, plain } of term.others) {
    const rank = rankOf(plain, wanted);
    if (rank < found.rank) found = { rank, also: text };
  }
  const rank = rankOf(term.path, wanted);
  return rank < found.rank ? { rank, also: "" } : found;
}

function rankOf(plain, wanted) {
  if (plain === wanted) return WHOLE;
  if (plain.startsWith(wanted)) return BEGINNING;
  if (plain.includes(` ${wanted}`)) return WORD;
  if (wanted.split(" ").every((word) => ` ${plain}`.includes(` ${word}`))) return WORDS;
  return (wanted.length > 1 || isHan(wanted)) && plain.includes(wanted) ? INSIDE : Infinity;
}

function fieldOf(select) {
  const label = select.getAttribute("aria-label");
  const field = make("input", { className: "input term-field", id: `${select.id}-typed`, autocomplete: "off", ariaLabel: label, placeholder: label });
  select.before(make("span", { className: "combo" }, field));
  select.hidden = true;
  return field;
}

class TermField extends Combobox {
  constructor(select, terms) {
    super(fieldOf(select), select.getAttribute("aria-label"));
    Object.assign(this, { select, terms });
    this.input.addEventListener("click", () => { if (!this.isOpen) this.ask(); });
    select.addEventListener("change", () => { if (!this.isTyping) this.settle(); });
    this.settle();
  }

  get chosen() { return this.select.value ? this.select.selectedOptions[0].text.trim() : ""; }

  isKey(event) {
    const { key } = event;
    if (key === "Tab" && this.active && !this.active.option.suggest) this.take(this.active.option);
    else if (key === "ArrowUp" && event.altKey) this.close();
    else if (key === "Home" && this.isOpen) this.mark(this.options[0]);
    else if (key === "End" && this.isOpen) this.mark(this.options.at(-1));
    // A form is not sent from within a choice.
    else if (key === "Enter" && !this.active) this.ask(true);
    else return super.isKey(event);
    return key !== "Tab";
  }

  typed() {
    const text = this.input.value.trim();
    this.isTyping = true;
    this.choose(text && this.terms.called(text));
    this.isTyping = false;
    this.input.removeAttribute("aria-invalid");
    this.offer(text);
    if (text && !this.options[0]?.option.suggest) this.mark(this.options[0]);
  }

  // The whole tree where nothing is looked for; by key the chosen one is ready in it.
  ask(isByKey = false) {
    const text = this.input.value.trim();
    this.offer(text === this.chosen ? "" : text);
    if (!isByKey) return;
    const { options } = this;
    this.mark(options.find(({ option }) => option.value && option.value === this.select.value) || options[0]);
  }

  offer(typed) {
    const found = typed ? this.terms.find(typed) : this.terms.all.map((term) => ({ term, also: "" }));
    const elements = found.map(({ term, also }, index) => this.optionOf(term, also, typed, index));
    if (typed && !this.terms.called(typed)) elements.push(this.suggestion(typed));
    this.show(elements);
  }

  show(elements) {
    super.show(elements);
    const { top, bottom } = this.input.getBoundingClientRect();
    this.popup.classList.toggle("above", window.innerHeight - bottom < ROOM && top > ROOM);
  }

  optionOf(term, also, typed, index) {
    const option = { value: term.value };
    const element = make("li", { id: `${this.list.id}-${index}`, role: "option", ariaSelected: "false", option });
    element.append(make("span", { className: "text" }, ...marked(term.name, typed)));
    if (also) element.append(make("span", { className: "also" }, "· ", ...marked(also, typed)));
    if (typed && term.above.length) element.append(make("span", { className: "hint", textContent: term.above.join(" › ") }));
    else if (term.depth) element.style.setProperty("--depth", term.depth);
    return element;
  }

  suggestion(typed) {
    const option = { suggest: typed };
    const properties = { id: `${this.list.id}-suggest`, role: "option", ariaSelected: "false", className: "suggest", option };
    return make("li", { ...properties, textContent: words.suggest.replace("{text}", typed) });
  }

  take({ value, suggest }) {
    this.close();
    if (suggest) {
      window.open(`${this.terms.suggest}?${new URLSearchParams({ name: suggest })}`, "_blank", "noopener");
      return;
    }
    this.choose(value);
    this.settle();
  }

  choose(value) {
    if (this.select.value === value) return;
    this.select.value = value;
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  escape() {
    if (!this.isOpen) this.settle();
    this.close();
  }

  left() {
    this.close();
    if (this.select.value) this.settle();
    else this.input.setAttribute("aria-invalid", String(Boolean(this.input.value.trim())));
  }

  settle() {
    this.input.value = this.chosen;
    this.input.removeAttribute("aria-invalid");
  }
}

// --- Rows ----------------------------------------------------------------------------------------

const read = new WeakMap();

function begin(group) {
  const terms = new Terms(group);
  read.set(group, terms);
  for (const select of group.querySelectorAll("select[name$='.term']")) new TermField(select, terms);
  const more = group.querySelector("[data-add-term]");
  if (!more) return;
  more.hidden = false;
  more.addEventListener("click", () => another(group).querySelector(".term-field").focus());
}

function another(group) {
  const last = [...group.querySelectorAll("[data-row]")].at(-1);
  const row = last.cloneNode(true);
  const numbers = [...group.querySelectorAll("[name]")].map((field) => Number(field.name.split(".")[2]));
  const number = Math.max(...numbers) + 1;
  row.querySelector(".combo").remove();
  for (const error of row.querySelectorAll(".error")) error.remove();
  for (const field of row.querySelectorAll("[name]")) {
    if (field.name.endsWith(".at")) { field.remove(); continue; }
    field.name = field.name.replace(/\.\d+\./, `.${number}.`);
    field.id = field.name.replaceAll(".", "-");
    if (field.tagName === "SELECT") field.selectedIndex = 0;
    else field.value = "";
  }
  last.after(row);
  new TermField(row.querySelector("select[name$='.term']"), read.get(group));
  return row;
}

// A term that was found in the text goes into the first free row; where only one can be, it takes its place.
function takeFound(button) {
  const [, vocabulary, path] = button.value.match(/^take:([^:]+):(.+)$/);
  const group = editor.querySelector(`[data-vocabulary="${CSS.escape(vocabulary)}"]`);
  const selects = [...group.querySelectorAll("select[name$='.term']")];
  const canAdd = group.querySelector("[data-add-term]");
  const free = selects.find((select) => !select.value);
  const select = free || (canAdd ? another(group).querySelector("select[name$='.term']") : selects[0]);
  select.value = path;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  for (const chip of document.querySelectorAll(`[data-found] [value="${CSS.escape(button.value)}"]`)) chip.setAttribute("aria-disabled", "true");
  say(words.taken.replace("{term}", button.textContent.trim()));
}

if (editor) {
  for (const group of editor.querySelectorAll("[data-vocabulary]")) begin(group);
  const found = ({ target }) => target.closest("[data-found] button");
  // The focus stays where one writes.
  document.addEventListener("mousedown", (event) => { if (found(event)) event.preventDefault(); });
  document.addEventListener("click", (event) => {
    const button = found(event);
    if (!button) return;
    event.preventDefault();
    if (button.getAttribute("aria-disabled") !== "true") takeFound(button);
  });
}
