// The meeting: says which entry is being talked about, and keeps it in the middle of the screen.
const steps = [...document.querySelectorAll("[data-step]")];
const counter = document.querySelector("[data-meeting-at]");

for (const [number, step] of steps.entries()) {
  step.addEventListener("focus", () => {
    counter.textContent = `${number + 1} / ${steps.length}`;
    step.scrollIntoView({ block: "center" });
  });
}
