// Copies a text that stands as a block of code; without this file it is selected and copied by hand.
const SAID_MS = 2000;

for (const block of document.querySelectorAll("[data-copy-block]")) {
  const button = block.querySelector("[data-copy]");
  const label = button.querySelector("[data-copied]");
  const before = label.textContent;

  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.querySelector("pre").textContent);
    label.textContent = button.dataset.copy;
    document.querySelector("[data-status]").textContent = button.dataset.copy;
    setTimeout(() => { label.textContent = before; }, SAID_MS);
  });
}
