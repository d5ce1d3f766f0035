// Markdown boxes of the editor: a bar with marks, a preview by the server, fields that grow.
const editor = document.querySelector("[data-editor]");
const marks = [["B", "**", "**"], ["I", "*", "*"], ["code", "`", "`"], ["link", "[", "](https://)"]];

function wrap(field, before, after) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  field.setRangeText(`${before}${value.slice(start, end)}${after}`, start, end, "select");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function bar(box) {
  const field = box.querySelector("textarea");
  const tools = document.createElement("div");
  tools.className = "markdown-bar";
  for (const [name, before, after] of marks) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "icon-button";
    button.textContent = name;
    button.setAttribute("aria-label", editor.dataset[`mark${name[0].toUpperCase()}${name.slice(1)}`] || name);
    button.addEventListener("click", () => wrap(field, before, after));
    tools.append(button);
  }
  const preview = document.createElement("button");
  preview.type = "button";
  preview.className = "button quiet";
  preview.textContent = editor.dataset.previewWord;
  preview.setAttribute("aria-pressed", "false");
  const shown = document.createElement("div");
  shown.className = "prose shown";
  shown.hidden = true;
  preview.addEventListener("click", () => toggle(preview, field, shown));
  tools.append(preview);
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

function grow(field) {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
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
  editor.addEventListener("input", (event) => { if (event.target.matches("textarea")) grow(event.target); });
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
