// Copies the address of a part; the link itself leads there, so without this file it can be copied by hand.
const SAID_MS = 2000;

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-copy-link]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  await navigator.clipboard.writeText(link.href);
  document.querySelector("[data-status]").textContent = link.dataset.copyLink;
  const label = link.querySelector("[data-copied]");
  if (!label) return;
  const before = label.textContent;
  label.textContent = link.dataset.copyLink;
  setTimeout(() => { label.textContent = before; }, SAID_MS);
});
