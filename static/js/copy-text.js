// Copies a text that is shown once; without this file it is selected and copied by hand.
const SAID_MS = 2000;
const button = document.querySelector("[data-copy-text]");
const label = button.querySelector("[data-copied]");
const before = label.textContent;

button.parentElement.hidden = !navigator.clipboard;
button.addEventListener("click", async () => {
  await navigator.clipboard.writeText(document.querySelector("[data-secret]").textContent);
  label.textContent = button.dataset.copyText;
  document.querySelector("[data-status]").textContent = button.dataset.copyText;
  setTimeout(() => { label.textContent = before; }, SAID_MS);
});
