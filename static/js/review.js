// The review page: comments fold under their section on a narrow screen, and Ctrl+Enter sends what is typed.
const NARROW = window.matchMedia("(width < 60rem)");

function fold(root) {
  const aim = window.location.hash.slice(1);
  for (const part of root.querySelectorAll("[data-talk-fold]")) {
    const isAimed = aim && part.querySelector(`[id="${CSS.escape(aim)}"]`);
    const isTyped = part.querySelector("[aria-invalid], .talk-form[open]") || part.parentElement.id === aim;
    part.open = !NARROW.matches || Boolean(isAimed || isTyped);
  }
}

function showAim() {
  const aim = document.getElementById(window.location.hash.slice(1));
  for (let part = aim?.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  aim?.querySelector("[data-talk-fold]")?.setAttribute("open", "");
  if (aim) aim.scrollIntoView({ block: "center" });
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = event.target.closest("[data-submits]")?.form;
  if (form) { event.preventDefault(); form.requestSubmit(form.querySelector("[type=submit]")); }
});

document.addEventListener("toggle", (event) => {
  if (event.target.matches?.(".talk-form[open]")) event.target.querySelector("textarea")?.focus();
}, true);

NARROW.addEventListener("change", () => fold(document));
window.addEventListener("hashchange", showAim);
fold(document);
if (window.location.hash) showAim();
