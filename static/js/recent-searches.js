// Remembers what was searched for, in this browser alone; the search box offers it while it is empty.
const STORE = "hindsight-recent-searches";
const MOST = 8;

function remembered() {
  try { return JSON.parse(localStorage.getItem(STORE)) || []; } catch { return []; }
}

function remember(searches) {
  // Where storage is switched off, nothing is remembered.
  try { localStorage.setItem(STORE, JSON.stringify(searches)); } catch { /* see above */ }
}

document.addEventListener("submit", (event) => {
  const field = event.target.querySelector("[data-search-field]");
  if (!field) return;
  field.value = field.value.trim();
  if (field.value) remember([field.value, ...remembered().filter((text) => text !== field.value)].slice(0, MOST));
}, { capture: true });

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-forget-recent]")) remember([]);
});
