// Single-key shortcuts: they press what carries data-key, and never act in fields or while text is composed.
const STORE = "hindsight-keys-off";
const PAIR_MS = 1000;
let prefix = "";
let prefixTimer = 0;

const isOff = () => window.localStorage.getItem(STORE) === "1";

function isTyping(event) {
  const field = event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  return event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey || Boolean(field);
}

function isShown(element) {
  return element.checkVisibility ? element.checkVisibility() : element.offsetParent !== null;
}

function move(step) {
  const titles = [...document.querySelectorAll("[data-result]")];
  const at = titles.findIndex((title) => title === document.activeElement || title.closest("li")?.contains(document.activeElement));
  const next = titles[at < 0 ? (step > 0 ? 0 : titles.length - 1) : at + step];
  next?.focus();
}

function remember(key) {
  prefix = `${key} `;
  clearTimeout(prefixTimer);
  prefixTimer = setTimeout(() => { prefix = ""; }, PAIR_MS);
}

function press(keys) {
  const target = [...document.querySelectorAll(`[data-key="${CSS.escape(keys)}"]`)].find(isShown);
  target?.click();
  return Boolean(target);
}

function focusSearch() {
  const field = [...document.querySelectorAll("[data-search-field]")].find(isShown);
  field?.focus();
  field?.select();
  return Boolean(field);
}

function focusFilters() {
  const first = document.querySelector("#filters summary");
  first?.focus();
  return Boolean(first);
}

function act(key) {
  if (key === "j" || key === "k") { move(key === "j" ? 1 : -1); return true; }
  if (key === "/") return focusSearch();
  if (key === "?") { document.querySelector("[data-opens-dialog=keys]")?.click(); return true; }
  const keys = prefix + key;
  prefix = "";
  return press(keys) || (keys === "f" && focusFilters());
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || isTyping(event) || isOff() || document.querySelector("dialog[open]")) return;
  if (event.key === "g" && !prefix) remember("g");
  else if (event.key.length === 1 && act(event.key)) event.preventDefault();
});

for (const box of document.querySelectorAll("[data-keys-switch]")) {
  box.checked = !isOff();
  box.addEventListener("change", () => window.localStorage.setItem(STORE, box.checked ? "0" : "1"));
}
