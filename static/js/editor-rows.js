// Rows of the editor's lists: adding, removing with a way back, moving. The same buttons work without
// this file, by sending the form.
import { kindKeys } from "./kind-keys.js";
import { draggable } from "./row-drag.js";

const editor = document.querySelector("[data-editor]");
const status = document.querySelector("[data-status]");

const ROW = "[data-rows] > [data-row], [data-facts] > .fact-row";
const FIELDS = ":is(input, select, textarea)[name]";
const rowsOf = (list) => [...list.children].filter((row) => row.matches("[data-row]") && !row.hidden);

function renumber(row, list) {
  const name = nameOf(list);
  const place = name.split(".").length;
  const numbers = [...list.querySelectorAll(FIELDS)].map((field) => Number(field.name.split(".")[place]) || 0);
  const number = Math.max(-1, ...numbers) + 1;
  const renamed = (text) => text.replace(new RegExp(`\\b${name.replaceAll(".", "\\.")}\\.\\d+`), `${name}.${number}`);
  for (const field of row.querySelectorAll(FIELDS)) {
    field.name = renamed(field.name);
    field.id = field.name.replaceAll(".", "-");
  }
  for (const button of row.querySelectorAll("button[value]")) button.value = renamed(button.value);
}

// As the server's blank rows begin: nothing is done, verified or temporary before somebody says so.
function begin(select) {
  select.selectedIndex = 0;
  if (select.dataset.usual) select.value = select.dataset.usual;
}

function clear(row) {
  for (const field of row.querySelectorAll(FIELDS)) {
    field.autofocus = false;
    for (const told of ["aria-invalid", "aria-describedby"]) field.removeAttribute(told);
    if (field.name.endsWith(".id")) field.remove();
    else if (field.tagName === "SELECT") begin(field);
    else field.value = "";
  }
  for (const said of row.querySelectorAll("[data-understood], .error")) said.remove();
  const [first] = row.querySelectorAll(".fact-row");
  for (const other of row.querySelectorAll("[data-facts] > li")) if (other !== first) other.remove();
}

function add(list, after) {
  const rows = [...list.children].filter((row) => row.matches(ROW));
  const row = rows.at(-1).cloneNode(true);
  row.hidden = false;
  for (const field of row.querySelectorAll("[name]")) field.disabled = false;
  clear(row);
  renumber(row, list);
  (after || rows.at(-1)).after(row);
  row.querySelector("input:not([type=hidden]), textarea")?.focus();
}

// The facts of a hypothesis are a list of their own, named by the hypothesis.
function nameOf(list) {
  return list.dataset.rows ?? list.querySelector(FIELDS).name.split(".").slice(0, 3).join(".");
}

function changed(list) {
  list.dispatchEvent(new Event("input", { bubbles: true }));
}

function remove(row) {
  const list = row.parentElement;
  const fields = row.querySelectorAll("[name]");
  for (const field of fields) field.disabled = true;
  row.hidden = true;
  const undo = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link-button";
  button.textContent = editor.dataset.undo;
  undo.append(button);
  row.after(undo);
  button.addEventListener("click", () => {
    for (const field of fields) field.disabled = false;
    row.hidden = false;
    undo.remove();
    row.querySelector("input:not([type=hidden]), textarea")?.focus();
    changed(list);
  });
  button.focus();
  changed(list);
}

function put(row, other, side) {
  const field = document.activeElement;
  other[side](row);
  const list = row.parentElement;
  // What is written as an order would decide against what one sees.
  for (const order of list.querySelectorAll("[data-order]")) order.value = "";
  if (row.contains(field)) field.focus();
  const rows = rowsOf(list);
  status.textContent = list.dataset.movedWords.replace("{n}", rows.indexOf(row) + 1).replace("{of}", rows.length);
  changed(list);
}

function move(row, step) {
  const rows = rowsOf(row.parentElement);
  const other = rows[rows.indexOf(row) + step];
  if (other) put(row, other, step < 0 ? "before" : "after");
}

if (editor) {
  for (const button of editor.querySelectorAll("[data-remove], [data-drag]")) button.hidden = false;
  for (const order of editor.querySelectorAll(".order")) order.hidden = true;
  draggable(editor, put);
  kindKeys(editor);

  editor.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add], [data-add-fact], [data-remove]");
    if (!button) return;
    event.preventDefault();
    if (button.dataset.add) add(editor.querySelector(`[data-rows="${button.dataset.add}"]`));
    else if ("addFact" in button.dataset) add(button.closest("[data-row]").querySelector("[data-facts]"));
    else remove(button.closest("[data-row]"));
  });

  editor.addEventListener("keydown", (event) => {
    const row = event.target.closest(ROW);
    if (!row || event.isComposing) return;
    const isMoving = event.altKey || event.target.matches("[data-drag]");
    if (isMoving && row.matches("[data-row]") && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      move(row, event.key === "ArrowUp" ? -1 : 1);
    } else if (event.ctrlKey && event.key === "Backspace" && !event.target.value) {
      event.preventDefault();
      remove(row);
    } else if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && event.target.matches("input, textarea")) {
      // A new entry below; Shift and Enter make a new line.
      event.preventDefault();
      add(row.parentElement, row);
    }
  });
}

document.querySelector("[data-focus]")?.focus();
