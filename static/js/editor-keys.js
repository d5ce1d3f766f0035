// Keys of the whole form: Enter goes on to the next field and never sends, Ctrl and Enter save. A term that was
// only half typed is told, never left out; where a button added rows, one goes on there.
const editor = document.querySelector("[data-editor]");
const FIELDS = "input:not([type=hidden]), textarea, select, .save-bar button[value=save]";

const isShown = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;

function goOn(field) {
  const fields = [...editor.querySelectorAll(FIELDS)].filter((item) => item === field || (isShown(item) && !item.disabled));
  fields[fields.indexOf(field) + 1]?.focus();
}

// Of one line, though a title or a why that grows is a textarea.
const isOneLine = (field) => field.matches("input, #title, .term-row textarea");

function onKey(event) {
  if (event.key !== "Enter" || event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    editor.requestSubmit(editor.querySelector(".save-bar [value=save]"));
  } else if (!event.altKey && isOneLine(event.target)) {
    event.preventDefault();
    goOn(event.target);
  }
}

// --- Terms ---------------------------------------------------------------------------------------

const isUnknown = (field) => field.value.trim() && !field.closest(".combo").nextElementSibling.value;

function tell(field) {
  const said = document.createElement("p");
  said.className = "error";
  said.id = `${field.id}-error`;
  said.textContent = editor.dataset.unknownTerm.replace("{text}", field.value.trim());
  document.getElementById(said.id)?.remove();
  field.closest("[data-row]").append(said);
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", said.id);
  field.addEventListener("input", () => { said.remove(); field.removeAttribute("aria-describedby"); }, { once: true });
  for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  field.focus();
}

// Before the draft is told that the form goes out.
function onSubmit(event) {
  const unknown = event.target === editor && [...editor.querySelectorAll(".term-field")].find(isUnknown);
  if (!unknown) return;
  event.preventDefault();
  event.stopPropagation();
  tell(unknown);
}

// --- After a button ------------------------------------------------------------------------------

// The list of terms is hidden behind the field that one types into.
function comeBack() {
  const place = editor.querySelector("[autofocus]");
  if (!place) return;
  const field = place.hidden ? document.getElementById(`${place.id}-typed`) : place;
  field.focus();
  field.closest("[data-row]")?.scrollIntoView({ block: "center" });
  const said = document.getElementById("said");
  const status = document.querySelector("[data-status]");
  // What stands there from the start is not read out.
  if (said) setTimeout(() => { status.textContent = said.textContent.trim(); }, 100);
}

if (editor) {
  editor.addEventListener("keydown", onKey);
  document.addEventListener("submit", onSubmit, { capture: true });
  comeBack();
}
