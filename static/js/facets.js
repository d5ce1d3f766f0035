// Filters, chips, bars and sorting in place: each is a link or a form field that works without this file.
const root = document;

function show(url) {
  window.htmx.ajax("GET", url, { target: "#main", select: "#main", swap: "outerHTML show:none", headers: { "X-In-Place": "1" } })
    .then(() => window.history.pushState({}, "", url));
}

root.addEventListener("change", (event) => {
  const field = event.target;
  if (field.matches("[data-toggle]")) show(field.dataset.toggle);
  else if (field.matches("[data-submits]")) field.form.requestSubmit();
});

root.addEventListener("click", (event) => {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  const link = event.target.closest("a");
  if (!link) return;
  if (link.matches("[data-in-place]") && document.getElementById("search-form")) {
    event.preventDefault();
    show(link.getAttribute("href"));
  } else if (link.matches("[data-opens], [data-closes]")) {
    event.preventDefault();
    drawer(link.dataset.opens || link.dataset.closes, Boolean(link.dataset.opens));
  }
});

function drawer(id, opened) {
  const panel = document.getElementById(id);
  panel.classList.toggle("opened", opened);
  const focus = opened ? panel.querySelector("a, input, summary") : document.querySelector(`[data-opens="${id}"]`);
  if (focus) focus.focus();
}

root.addEventListener("keydown", (event) => {
  const open = document.querySelector("[data-drawer].opened");
  if (event.key === "Escape" && open) drawer(open.id, false);
});

window.addEventListener("popstate", () => window.location.reload());
