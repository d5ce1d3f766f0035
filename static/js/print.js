// The button that prints the page; without scripts the browser's own is there.
const button = document.querySelector("[data-print]");

if (button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
