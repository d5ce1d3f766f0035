// Markdown boxes of the editor: a bar with marks, a preview by the server, fields that grow.
const editor = document.querySelector("[data-editor]");
const bars = document.querySelector("[data-markdown-bar]");
const AROUND = { bold: ["**", "**"], italic: ["*", "*"], code: ["`", "`"], link: ["[", "](https://)"] };
const BEFORE_LINES = { list: "- ", quote: "> " };
const KEYS = { b: "bold", i: "italic", k: "link" };

// As if it were typed, so that it can be undone; what stood there is chosen again.
function put(field, text, start, end, chosen) {
  field.focus();
  field.setSelectionRange(start, end);
  document.execCommand("insertText", false, text);
  const from = start + text.indexOf(chosen);
  field.setSelectionRange(from, from + chosen.length);
}

// Around what is chosen; before each of its lines; or as a block on lines of its own.
function mark(field, name) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const chosen = value.slice(start, end);
  if (AROUND[name]) {
    const [before, after] = AROUND[name];
    put(field, `${before}${chosen}${after}`, start, end, chosen);
    if (!chosen) field.setSelectionRange(start + before.length, start + before.length);
    return;
  }
  const first = value.lastIndexOf("\n", start - 1) + 1;
  const last = value.indexOf("\n", end) < 0 ? value.length : value.indexOf("\n", end);
  const lines = value.slice(first, last);
  const text = name === "block" ? `\`\`\`\n${lines}\n\`\`\`` : lines.replace(/^/gm, BEFORE_LINES[name]);
  put(field, text, first, last, text);
}

// One stop for Tab; the arrows go through the buttons.
function roving(tools) {
  const buttons = [...tools.querySelectorAll("button")];
  const go = (to) => {
    for (const button of buttons) button.tabIndex = button === to ? 0 : -1;
    return to;
  };
  go(buttons[0]);
  tools.addEventListener("focusin", ({ target }) => { if (buttons.includes(target)) go(target); });
  tools.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + buttons.length, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(buttons[to % buttons.length]).focus();
  });
}

function bar(box) {
  const field = box.querySelector("textarea");
  const tools = bars.content.firstElementChild.cloneNode(true);
  const shown = document.createElement("div");
  shown.className = "prose shown";
  shown.hidden = true;
  tools.setAttribute("aria-controls", field.id);
  tools.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button?.dataset.mark) mark(field, button.dataset.mark);
    else if (button) toggle(button, field, shown);
  });
  field.addEventListener("keydown", (event) => {
    const name = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && KEYS[event.key.toLowerCase()];
    if (!name || event.isComposing) return;
    event.preventDefault();
    mark(field, name);
  });
  roving(tools);
  box.prepend(tools);
  box.append(shown);
}

async function toggle(button, field, shown) {
  const isOn = button.getAttribute("aria-pressed") === "true";
  if (!isOn) {
    const body = new URLSearchParams({ text: field.value, ref: editor.dataset.ref });
    const headers = { "X-CSRFToken": editor.querySelector("[name=csrfmiddlewaretoken]").value };
    const answer = await fetch(editor.dataset.preview, { method: "POST", body, headers });
    if (!answer.ok) return;
    shown.innerHTML = await answer.text();
  }
  button.setAttribute("aria-pressed", String(!isOn));
  shown.hidden = isOn;
  field.hidden = !isOn;
}

// Where the style sheet does not already let fields grow.
function grow(field) {
  if (CSS.supports("field-sizing", "content")) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}

// Pasted or dropped, it may come in lines; a title is one.
function inOneLine({ target }) {
  if (!target.value.includes("\n")) return;
  const at = target.selectionEnd;
  target.value = target.value.replaceAll("\n", " ");
  target.setSelectionRange(at, at);
}

// A table out of a spreadsheet comes as lines of tabs.
function asTable(text) {
  const rows = text.trim().split(/\r?\n/).map((line) => line.split("\t"));
  const width = rows[0].length;
  if (rows.length < 2 || width < 2 || rows.some((row) => row.length !== width)) return "";
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(rows[0]), line(rows[0].map(() => "---")), ...rows.slice(1).map(line)].join("\n");
}

if (editor) {
  for (const box of editor.querySelectorAll("[data-markdown]")) bar(box);
  for (const field of editor.querySelectorAll("textarea")) if (field.value) grow(field);
  editor.elements.title.addEventListener("input", inOneLine);
  editor.addEventListener("input", (event) => { if (event.target.matches("textarea")) grow(event.target); });
  // A folded field has no height to go by.
  editor.addEventListener("toggle", ({ target }) => { for (const field of target.querySelectorAll("textarea")) grow(field); }, { capture: true });
  editor.addEventListener("paste", (event) => {
    const field = event.target;
    if (!field.closest("[data-markdown]")) return;
    const text = event.clipboardData.getData("text");
    const chosen = field.value.slice(field.selectionStart, field.selectionEnd);
    const table = asTable(text);
    const link = chosen && /^https?:\/\/\S+$/.test(text.trim()) ? `[${chosen}](${text.trim()})` : "";
    if (!table && !link) return;
    event.preventDefault();
    field.setRangeText(table || link, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
