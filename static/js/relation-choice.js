// Choosing a related postmortem by typing: words of its title find it, its ref goes into the field and
// its title stands below. The field stays a line of text for whoever types a ref or an address.
import { Combobox, make, marked } from "./combobox.js";

const editor = document.querySelector("[data-editor]");
const address = document.querySelector("[data-relatives]")?.dataset.relatives;
const FIELD = "input[name^='relations.'][name$='.target']";
const SOON_MS = 200;
const known = new WeakSet();

class RelationField extends Combobox {
  constructor(input) {
    // A row that was copied brings the list of the other one along.
    input.parentElement.querySelector(".completion")?.remove();
    input.parentElement.classList.add("combo");
    super(input, input.getAttribute("aria-label"));
    this.number = 0;
  }

  typed() {
    clearTimeout(this.timer);
    this.close();
    this.timer = setTimeout(() => this.ask(), SOON_MS);
  }

  async ask() {
    const typed = this.input.value.trim();
    this.number += 1;
    const { number } = this;
    if (!typed) return;
    const asked = new URLSearchParams({ q: typed, ref: editor.dataset.ref });
    const answer = await fetch(`${address}?${asked}`).catch(() => null);
    if (!answer?.ok || number !== this.number) return;
    const { found } = await answer.json();
    if (number !== this.number || document.activeElement !== this.input) return;
    this.show(found.map((option, index) => this.optionOf(option, typed, index)));
  }

  optionOf(option, typed, index) {
    const text = make("span", { className: "text" }, ...marked(option.title, typed));
    const hint = make("span", { className: "hint", textContent: option.when });
    return make("li", { id: `${this.list.id}-${index}`, role: "option", ariaSelected: "false", option }, text, hint);
  }

  take({ ref, title }) {
    this.number += 1;
    this.close();
    this.isTaking = true;
    this.input.value = ref;
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.isTaking = false;
    this.tell(title);
  }

  // What the server says of every kept text too.
  tell(title) {
    const id = CSS.escape(this.input.id);
    const place = this.place.querySelector(`[data-understood="${id}"]`) || make("p");
    place.dataset.understood = this.input.id;
    place.className = "understood good";
    place.textContent = title;
    this.place.append(place);
  }

  escape() {
    this.number += 1;
    this.close();
  }

  left() {
    clearTimeout(this.timer);
    this.number += 1;
    this.close();
  }
}

if (editor && address) {
  editor.addEventListener("focusin", ({ target }) => {
    if (!target.matches(FIELD) || known.has(target)) return;
    known.add(target);
    new RelationField(target);
  });
}
