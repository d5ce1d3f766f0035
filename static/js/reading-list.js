// Dragging an entry of a reading list to its place; the buttons beside it work without this file.
import { draggable } from "./row-drag.js";

const lists = document.querySelectorAll("[data-reading-list]");

function show(list) {
  for (const grip of list.querySelectorAll("[data-drag]")) grip.hidden = false;
}

function send(list) {
  const form = list.querySelector("[data-order]");
  for (const { dataset } of list.querySelectorAll("[data-row]")) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "order", value: dataset.ref });
    form.append(field);
  }
  form.requestSubmit();
}

for (const list of lists) {
  show(list);
  list.addEventListener("htmx:afterSettle", () => show(list));
  draggable(list, (row, other, side) => {
    other[side](row);
    send(list);
  });
}
