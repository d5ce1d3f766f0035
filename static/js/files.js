// Files of the editor: chosen, pasted or dropped they are uploaded at once; a text gets their Markdown.
const part = document.querySelector("[data-files]");
const editor = document.querySelector("[data-editor]");
let count = 0;

const list = part?.querySelector("[data-file-list]");
const fill = (words, name) => words.replace("{name}", () => name);

function say(words) {
  part.querySelector("[data-file-status]").textContent = words;
}

function nextNumber() {
  const numbers = [...list.querySelectorAll("[name^='attachments.']")].map((field) => Number(field.name.split(".")[1]));
  return Math.max(-1, ...numbers) + 1;
}

function changed(element) {
  element.dispatchEvent(new Event("input", { bubbles: true }));
}

async function upload(file) {
  const body = new FormData();
  body.set("upload", file, file.name || "picture.png");
  body.set("ref", editor.dataset.ref);
  const headers = { "X-CSRFToken": editor.elements.csrfmiddlewaretoken.value };
  say(fill(part.dataset.busy, file.name));
  try {
    const answer = await fetch(part.dataset.upload, { method: "POST", body, headers });
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) { say(told.detail ? `${file.name}: ${told.detail}` : fill(part.dataset.failed, file.name)); return null; }
    add(told);
    say(told.note || fill(part.dataset.done, told.name));
    return told;
  } catch {
    say(fill(part.dataset.failed, file.name));
    return null;
  }
}

function add({ html }) {
  const made = document.createElement("template");
  made.innerHTML = html;
  const row = made.content.querySelector("li");
  // Uploads run beside each other, so the number is given when the row is put in its place.
  const number = nextNumber();
  for (const field of row.querySelectorAll("[name]")) field.name = field.name.replace(/^attachments\.\d+/, `attachments.${number}`);
  list.append(row);
  changed(list);
}

const label = (name) => name.replace(/[[\]\\`*_<>]/g, " ").trim();

// What stands in the text while the file is on its way, so that typing on does not move its place.
async function into(field, file) {
  const waiting = `![${label(file.name)} …](#upload-${++count})`;
  field.setRangeText(waiting, field.selectionStart, field.selectionEnd, "end");
  const told = await upload(file);
  const at = field.value.indexOf(waiting);
  if (at < 0) return;
  const words = told ? `${told.is_picture ? "!" : ""}[${label(told.name)}](file:${told.id})` : "";
  const end = at + waiting.length;
  // "preserve" would select the words for a caret at their end, and the next key would replace them.
  const [first, last] = [field.selectionStart, field.selectionEnd].map((place) => (place <= at ? place : Math.max(place, end) + words.length - waiting.length));
  field.setRangeText(words, at, end);
  field.setSelectionRange(first, last);
  changed(field);
}

function fieldOf(event) {
  return event.target.closest?.("[data-markdown] textarea");
}

const isFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");

if (part) {
  editor.addEventListener("paste", (event) => {
    const field = fieldOf(event);
    const files = [...event.clipboardData.files];
    // A table out of a spreadsheet comes as text and, beside it, as a picture of itself.
    if (!field || !files.length || event.clipboardData.getData("text")) return;
    event.preventDefault();
    for (const file of files) into(field, file);
  });
  editor.addEventListener("dragover", (event) => {
    if (!isFiles(event)) return;
    event.preventDefault();
    fieldOf(event)?.classList.add("dropping");
  });
  editor.addEventListener("dragleave", (event) => fieldOf(event)?.classList.remove("dropping"));
  editor.addEventListener("drop", (event) => {
    if (!isFiles(event)) return;
    event.preventDefault();
    const field = fieldOf(event);
    field?.classList.remove("dropping");
    // What is dropped stands beside what is selected; only pasting replaces it.
    field?.setSelectionRange(field.selectionEnd, field.selectionEnd);
    for (const file of event.dataTransfer.files) field ? into(field, file) : upload(file);
  });
  part.querySelector("[type=file]").addEventListener("change", async (event) => {
    const chosen = [...event.target.files];
    event.target.value = "";
    for (const file of chosen) await upload(file);
  });
}
