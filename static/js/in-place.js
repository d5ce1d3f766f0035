// Changes the search without leaving the page. Every control is a link or a form field that works without this
// file; the address always tells what is shown, and going back or forward shows what the address tells.
const MAIN = { target: "#main", select: "#main", swap: "outerHTML show:none settle:0ms" };
const waiting = [];
let asked = null;

const key = (address) => {
  const url = new URL(address, window.location);
  url.searchParams.delete("open");
  return url.pathname + url.searchParams;
};
let shown = key(window.location);

// As the server writes addresses: with the slashes and commas of its values in sight.
function written(url) {
  const query = String(url.searchParams).replaceAll("%2F", "/").replaceAll("%3A", ":").replaceAll("%2C", ",");
  return url.pathname + (query ? `?${query}` : "");
}

function set(url, parameters) {
  for (const [name, value] of Object.entries({ ...parameters, page: "" })) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  return url;
}

const here = () => new URL(window.location);
const field = () => document.getElementById("q");

// What was opened meanwhile, and words that were typed but not yet asked, go along.
function whole(address) {
  const url = new URL(address, window.location);
  url.hash = "";
  url.searchParams.delete("open");
  for (const token of here().searchParams.getAll("open")) url.searchParams.append("open", token);
  const before = field();
  if (before && before.value !== before.defaultValue && (url.searchParams.get("q") ?? "") === before.defaultValue) {
    set(url, { q: before.value.trim() });
  }
  return url;
}

// What the boxes and lists were sent as: browsers keep how they were left, a refused change leaves them changed.
function restore() {
  for (const box of document.querySelectorAll("[data-toggle]")) box.checked = box.defaultChecked;
  for (const list of document.querySelectorAll("select[form=search-form]")) {
    list.value = (list.querySelector("option[selected]") ?? list.options[0])?.value;
  }
}

function show(address, { isNew = true, scroll = null } = {}) {
  const url = isNew ? whole(address) : new URL(address, window.location);
  asked = { url, isNew, scroll, text: field()?.value, focused: document.activeElement !== document.body };
  document.documentElement.classList.add("waiting");
  window.htmx.ajax("GET", written(url), MAIN);
}

function arrived() {
  const { url, isNew, text, place } = asked;
  // Typed while the answer was on its way: those words are newer than the answer.
  if (asked.typed !== undefined && asked.typed !== text) field().value = asked.typed;
  if (isNew && key(url) !== shown) {
    window.history.replaceState({ ...window.history.state, scroll: place.scroll }, "");
    window.history.pushState({}, "", written(url));
  }
  shown = key(url);
}

// What had the focus has it again and stays where it was on the screen, whatever grew or shrank above it.
function settled() {
  const { focused, place, scroll } = asked;
  asked = null;
  const rest = document.querySelector("[data-drawer].opened .drawer-close") ?? document.getElementById("count");
  for (const next of [document.getElementById(place.id), rest]) {
    if (focused && document.activeElement === document.body) next?.focus({ preventScroll: true });
  }
  const isSame = document.activeElement.id && document.activeElement.id === place.id;
  const moved = isSame ? document.activeElement.getBoundingClientRect().top - place.top : place.scroll - window.scrollY;
  window.scrollTo(0, scroll ?? window.scrollY + moved);
  waiting.shift()?.();
}

function refused() {
  asked = null;
  waiting.length = 0;
  restore();
}

// While one answer is on its way, the addresses on the page are old: what is used meanwhile waits for new ones.
function soon(act) {
  if (asked) waiting.push(act);
  else act();
}

const change = (parameters) => soon(() => show(set(here(), parameters)));

function follow(control, address) {
  const { id } = control;
  soon(() => {
    const current = control.isConnected ? control : document.getElementById(id);
    if (current) show(current.getAttribute(address));
  });
}

document.addEventListener("htmx:beforeSwap", () => {
  if (!asked) return;
  const { id } = document.activeElement;
  asked.typed = field()?.value;
  asked.place = { id, top: document.activeElement.getBoundingClientRect().top, scroll: window.scrollY };
});
document.addEventListener("htmx:afterSwap", () => { if (asked) arrived(); });
document.addEventListener("htmx:afterSettle", () => { if (asked) settled(); });
document.addEventListener("htmx:afterRequest", (event) => {
  if (asked && !event.detail.successful) refused();
  if (!asked) document.documentElement.classList.remove("waiting");
});

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-toggle]")) follow(target, "data-toggle");
  else if (target.matches("[data-parameter]")) change({ [target.dataset.parameter]: target.value });
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-in-place]");
  if (!link || event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  follow(link, "href");
});

document.addEventListener("submit", (event) => {
  if (event.target.id !== "search-form") return;
  event.preventDefault();
  change({ q: field().value.trim() });
});

// Other files of this page change parameters of the search through this event.
document.addEventListener("search:change", (event) => change(event.detail));

window.addEventListener("popstate", (event) => {
  waiting.length = 0;
  if (key(window.location) !== shown) show(window.location, { isNew: false, scroll: event.state?.scroll ?? null });
});

// Out of the browser's memory the page may be older than the records, and boxes may be ticked as they were left.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) show(window.location, { isNew: false });
  else restore();
});
