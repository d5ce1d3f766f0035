// Changes the theme at once and tells the server beside; without this file the form posts and the page reloads.
const root = document.documentElement;
const dark = window.matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : dark.matches;
}

function apply(theme) {
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  for (const button of document.querySelectorAll("[data-theme-form] [aria-pressed]")) {
    button.setAttribute("aria-pressed", String(button.value === theme));
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-theme-form]");
  if (!form) return;
  event.preventDefault();
  const button = event.submitter;
  const theme = button.matches("[data-theme-switch]") ? (isDark() ? "light" : "dark") : button.value;
  const before = root.dataset.theme || "system";
  const body = new FormData(form);
  body.set("theme", theme);
  apply(theme);
  fetch(form.action, { method: "POST", body, redirect: "manual" })
    .then((answer) => { if (answer.status >= 400) apply(before); })
    .catch(() => apply(before));
});
