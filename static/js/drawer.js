// The filters as a drawer on narrow screens; without this file the same link shows them by its target. A drawer
// that the page itself was sent with (data-shown) is closed by a link to the page without it.
const wide = window.matchMedia("(width >= 60rem)");
let openId = "";

function rest(panel) {
  const beside = [...panel.parentElement.children, ...document.body.children];
  return beside.filter((element) => !element.contains(panel) && !element.matches("[data-status], script, template"));
}

function set(id, isOpen) {
  const panel = document.getElementById(id);
  if (!panel) return;
  openId = isOpen ? id : "";
  panel.classList.toggle("opened", isOpen);
  for (const [name, value] of [["role", "dialog"], ["aria-modal", "true"]]) {
    if (isOpen) panel.setAttribute(name, value);
    else panel.removeAttribute(name);
  }
  for (const element of rest(panel)) element.inert = isOpen;
}

function close() {
  const opener = document.querySelector(`[data-opens="${openId}"]`);
  set(openId, false);
  opener?.focus();
}

// The panel of a page that came with its drawer open; of a page that came without it all can be used again.
function arrived() {
  const panel = document.querySelector("[data-drawer][data-shown]");
  if (panel && !wide.matches) set(panel.id, true);
  else if (openId && document.getElementById(openId)) set(openId, true);
  else if (openId) {
    openId = "";
    for (const element of document.body.children) element.inert = false;
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-opens], [data-closes]");
  if (!link) return;
  event.preventDefault();
  if (link.dataset.closes) { close(); return; }
  set(link.dataset.opens, true);
  document.querySelector(`[data-closes="${openId}"]`).focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !openId || event.isComposing || event.defaultPrevented) return;
  const panel = document.getElementById(openId);
  if (panel.dataset.shown === undefined) close();
  else panel.querySelector(".drawer-close").click();
});

// A filter chosen in the drawer brings a new page into it; several can be chosen in a row.
document.addEventListener("htmx:afterSettle", arrived);
wide.addEventListener("change", () => {
  if (!wide.matches) arrived();
  else if (openId) set(openId, false);
});
arrived();
