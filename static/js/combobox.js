// A text field with a list under it: what the search box and the choice of terms have in common. The focus
// stays in the field, which names the active option. Who inherits says what is offered and what taking does.
const said = document.querySelector("[data-status]");
const { one, many } = document.querySelector("template[data-completion]").dataset;

export function make(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

// A label, what was typed in bold where a word begins so.
export function marked(label, typed) {
  const [text, start] = [label.toLowerCase(), typed.toLowerCase()];
  let at = typed ? text.indexOf(start) : -1;
  while (at > 0 && /[a-z0-9]/.test(text[at - 1])) at = text.indexOf(start, at + 1);
  const end = at + typed.length;
  return at < 0 ? [label] : [label.slice(0, at), make("b", { textContent: label.slice(at, end) }), label.slice(end)];
}

export function say(words) {
  said.textContent = words;
}

export class Combobox {
  // `place` holds the field, its list and what stands below the list.
  constructor(input, label, ...below) {
    this.input = input;
    this.place = input.parentElement;
    this.list = make("div", { id: `${input.id}-options`, role: "listbox", ariaLabel: label });
    this.popup = make("div", { className: "completion" }, this.list, ...below);
    input.after(this.popup);
    Object.assign(input, { role: "combobox", ariaAutoComplete: "list" });
    input.setAttribute("aria-controls", this.list.id);
    const on = (name, act) => input.addEventListener(name, act);
    on("input", (event) => { if (!event.isComposing && !this.isTaking) this.typed(); });
    on("compositionstart", () => this.close());
    on("compositionend", () => this.typed());
    on("keydown", (event) => this.onKey(event));
    this.place.addEventListener("focusout", (event) => {
      if (!this.place.contains(event.relatedTarget)) this.left();
    });
    this.popup.addEventListener("mousedown", (event) => event.preventDefault());
    this.popup.addEventListener("click", ({ target }) => {
      const element = target.closest("[role=option]");
      if (element) this.take(element.option);
    });
    this.close();
  }

  get options() { return [...this.list.querySelectorAll("[role=option]")]; }
  get active() { return this.list.querySelector("[aria-selected=true]"); }
  get isOpen() { return !this.popup.hidden; }

  onKey(event) {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey) return;
    if (!this.isKey(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  // Acts on a key; false leaves it to the browser.
  isKey({ key }) {
    if (key === "ArrowDown") this.step(1);
    else if (key === "ArrowUp") this.step(-1);
    else if (key === "Enter" && this.active) this.take(this.active.option);
    else if (key === "Escape" && (this.isOpen || this.input.value)) this.escape();
    else return false;
    return true;
  }

  step(by) {
    if (!this.isOpen) return this.ask(true);
    const options = this.options;
    const at = options.indexOf(this.active) + by;
    // Beyond either end one is back in the text.
    return this.mark(at < -1 ? options.at(-1) : options[at]);
  }

  mark(element) {
    this.active?.setAttribute("aria-selected", "false");
    element?.setAttribute("aria-selected", "true");
    element?.scrollIntoView({ block: "nearest" });
    if (element) this.input.setAttribute("aria-activedescendant", element.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  show(elements) {
    this.list.replaceChildren(...elements);
    this.popup.hidden = !elements.length;
    this.input.ariaExpanded = String(this.isOpen);
    this.mark();
    const count = this.options.length;
    say(count ? (count === 1 ? one : many).replace("{n}", count) : "");
  }

  left() {
    this.close();
  }

  close() {
    this.popup.hidden = true;
    this.input.ariaExpanded = "false";
    this.mark();
  }
}
