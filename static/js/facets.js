// The filter column: remembers in the address what a reader opened, brings the rest of a long facet, and searches
// its values. Without this file facets open and close as well, and a link shows all values.
const found = new Map();
let grown = "";
const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function opened() {
  return new Set(new URL(window.location).searchParams.getAll("open"));
}

// Opening is no step of its own for the Back button, so the address changes in its place.
function remember(tokens) {
  const url = new URL(window.location);
  url.searchParams.delete("open");
  const rest = url.search;
  const open = [...tokens].map((token) => `open=${encodeURIComponent(token).replaceAll("%2F", "/")}`).join("&");
  const query = [rest.slice(1), open].filter(Boolean).join("&");
  window.history.replaceState(window.history.state, "", url.pathname + (query ? `?${query}` : "") + url.hash);
  const form = document.getElementById("search-form");
  for (const field of form.querySelectorAll("input[name=open]")) field.remove();
  for (const value of tokens) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "open", value }));
}

function note(details, isOpen) {
  const { fold, by } = details.dataset;
  const name = fold.endsWith("/") ? fold.slice(0, -1) : fold;
  const tokens = opened();
  for (const token of [fold, name, `-${name}`]) tokens.delete(token);
  if (isOpen && by !== "default") tokens.add(fold);
  if (!isOpen && by) tokens.add(`-${name}`);
  remember(tokens);
}

document.addEventListener("click", (event) => {
  const details = event.target.closest("summary")?.parentElement;
  if (details?.dataset.fold) note(details, !details.open);
  const link = event.target.closest("a[data-whole]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  grown = link.dataset.whole;
  whole(grown);
});

function whole(slug) {
  remember(opened().add(slug));
  document.dispatchEvent(new CustomEvent("search:change", { detail: {} }));
}

// A facet that only its choice holds open must not close under the hand that takes the choice back.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-toggle]") || event.target.checked) return;
  for (let at = event.target.closest("details"); at; at = at.parentElement.closest("details")) {
    if (at.dataset.fold && at.dataset.by !== "default") note(at, true);
  }
}, { capture: true });

// Searching the values of one facet

function matches(item, text) {
  const row = item.firstElementChild;
  const is = folded(`${row.textContent} ${row.querySelector("input").value}`).includes(text);
  const below = [...item.querySelectorAll(":scope > details > ul > li")].filter((child) => matches(child, text)).length;
  item.hidden = !is && !below;
  const branch = item.querySelector(":scope > details");
  if (branch) {
    branch.dataset.was ??= branch.open ? "open" : "";
    branch.open = text ? Boolean(below) || branch.dataset.was === "open" : branch.dataset.was === "open";
    if (!text) delete branch.dataset.was;
  }
  return is || below > 0;
}

function search(field) {
  const text = folded(field.value.trim());
  found.set(field.dataset.find, field.value);
  const facet = field.closest("details");
  const some = [...facet.querySelectorAll("fieldset > ul > li")].filter((item) => matches(item, text));
  const none = facet.querySelector(".none-found");
  none.hidden = some.length > 0;
  const more = facet.querySelector("a[data-whole]");
  if (more) more.hidden = Boolean(text);
  return some.length ? "" : none.textContent;
}

document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.matches("[data-find]") || event.isComposing) return;
  const said = search(field);
  if ("incomplete" in field.dataset && field.value.trim()) whole(field.dataset.find);
  else document.querySelector("[data-status]").textContent = said;
});

document.addEventListener("compositionend", (event) => {
  if (event.target.matches("[data-find]")) event.target.dispatchEvent(new Event("input", { bubbles: true }));
});

document.addEventListener("keydown", (event) => {
  if (!event.target.matches("[data-find]") || event.isComposing) return;
  // Enter would send the whole search; Escape clears before it closes the drawer.
  if (event.key === "Enter") event.preventDefault();
  if (event.key !== "Escape" || !event.target.value) return;
  event.preventDefault();
  event.target.value = "";
  search(event.target);
});

document.addEventListener("htmx:afterSwap", () => {
  for (const field of document.querySelectorAll("[data-find]")) {
    const text = document.activeElement === field ? field.value || found.get(field.dataset.find) : found.get(field.dataset.find);
    if (text) { field.value = text; search(field); }
  }
});

// The link "9 more" is gone with its answer; its reader goes on where the values begin.
document.addEventListener("htmx:afterSettle", () => {
  const facet = grown && document.getElementById(`facet-${grown}`);
  grown = "";
  if (facet) facet.querySelector("[data-find], input").focus({ preventScroll: true });
});
