// Dragging over the bars sets a range of dates, as the two lists "from" and "to" do; each bar is a link besides.
const status = document.querySelector("[data-status]");
let brush = null;

const bars = (list) => [...list.querySelectorAll("li")];

function ask(low, high) {
  // The first bar may stand for all years before the others: it has no lower end.
  const from = low.startsWith("..") ? "" : low;
  const to = high.replace("..", "");
  const [first, last] = from && to && from > to ? [to, from] : [from, to];
  const range = first === last ? first : `${first}..${last}`;
  // What has no date is chosen beside the dates.
  const values = new URL(window.location).searchParams.getAll("year").flatMap((value) => value.split(","));
  const year = [range, ...values.filter((value) => !/\d/.test(value))].filter(Boolean).join(",");
  document.dispatchEvent(new CustomEvent("search:change", { detail: { year, year_from: "", year_to: "" } }));
}

function ends() {
  const [first, last] = [brush.from, brush.to].sort((one, other) => one - other);
  const inside = bars(brush.list).slice(first, last + 1);
  return [inside, inside[0].dataset.value, inside.at(-1).dataset.value];
}

function draw() {
  const [inside] = ends();
  for (const bar of bars(brush.list)) bar.classList.toggle("brushed", inside.includes(bar));
}

function drop() {
  for (const bar of brush ? bars(brush.list) : []) bar.classList.remove("brushed");
  brush = null;
}

function finish() {
  const [, low, high] = ends();
  drop();
  ask(low, high);
}

// With a pointer

function barAt(list, x) {
  const boxes = bars(list).map((bar) => bar.getBoundingClientRect());
  const at = boxes.findIndex((box) => x < box.right);
  return at < 0 ? boxes.length - 1 : at;
}

document.addEventListener("pointerdown", (event) => {
  const list = event.target.closest("[data-brush]");
  if (!list || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const at = barAt(list, event.clientX);
  brush = { list, from: at, to: at, x: event.clientX, pointer: event.pointerId };
});

document.addEventListener("pointermove", (event) => {
  if (brush?.pointer !== event.pointerId) return;
  brush.to = barAt(brush.list, event.clientX);
  // A hand that trembles on one bar clicks it.
  brush.moved ||= brush.to !== brush.from;
  if (!brush.moved) return;
  if (!brush.list.hasPointerCapture(event.pointerId)) brush.list.setPointerCapture(event.pointerId);
  draw();
});

document.addEventListener("pointerup", (event) => {
  if (brush?.pointer !== event.pointerId) return;
  if (!brush.moved) { drop(); return; }
  const { list } = brush;
  // The click that ends a drag is no click on a bar.
  const stop = (click) => { click.preventDefault(); click.stopPropagation(); };
  list.addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => list.removeEventListener("click", stop, { capture: true }));
  finish();
});

document.addEventListener("pointercancel", drop);
document.addEventListener("dragstart", (event) => { if (event.target.closest("[data-brush]")) event.preventDefault(); });

// With the keyboard: Shift and an arrow, from the bar that has the focus

function extend(bar, by) {
  const list = bar.parentElement;
  const at = bars(list).indexOf(bar);
  brush ??= { list, from: at, to: at };
  brush.to = Math.min(Math.max(brush.to + by, 0), bars(list).length - 1);
  draw();
  const [inside] = ends();
  const name = (item) => item.dataset.label;
  status.textContent = list.dataset.words.replace("%(low)s", name(inside[0])).replace("%(high)s", name(inside.at(-1)));
}

document.addEventListener("keydown", (event) => {
  const bar = event.target.closest("[data-brush] > li");
  if (!bar) return;
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (event.shiftKey && step) extend(bar, step);
  else if (event.key === "Enter" && brush) finish();
  else if (event.key === "Escape" && brush) drop();
  else return;
  event.preventDefault();
});

document.addEventListener("focusout", (event) => { if (brush && !brush.pointer && event.target.closest("[data-brush]")) drop(); });

// With the two lists

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-range-end]")) return;
  ask(document.getElementById("year-from").value, document.getElementById("year-to").value);
});

// On a phone the bars stand in the drawer, with the two lists that do the same.
const narrow = window.matchMedia("(width < 48rem)");

function settle() {
  const histogram = document.querySelector(".histogram");
  const facet = document.querySelector("#facet-year fieldset");
  const found = document.querySelector("[data-histogram-place]");
  if (!histogram || !facet || !found) return;
  if (narrow.matches) facet.prepend(histogram);
  else if (facet.contains(histogram)) found.after(histogram);
}

document.addEventListener("htmx:afterSettle", settle);
narrow.addEventListener("change", settle);
settle();
