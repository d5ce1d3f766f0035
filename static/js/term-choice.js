// Choosing a term by typing: a text field with the browser's own list beside each list of terms.
const editor = document.querySelector("[data-editor]");

function names(select) {
  return new Map([...select.options].filter((option) => option.value).map((option) => [option.text.trim(), option.value]));
}

function lead(select, list) {
  const known = names(select);
  const field = document.createElement("input");
  field.className = "input term-field";
  field.setAttribute("list", list.id);
  field.setAttribute("aria-label", select.getAttribute("aria-label"));
  field.autocomplete = "off";
  field.placeholder = select.getAttribute("aria-label");
  field.value = select.value ? select.selectedOptions[0].text.trim() : "";
  field.addEventListener("input", () => {
    const text = field.value.trim();
    const exact = known.get(text) || "";
    const begun = [...known].filter(([name]) => name.toLowerCase() === text.toLowerCase());
    select.value = exact || (begun.length === 1 ? begun[0][1] : "");
    field.setAttribute("aria-invalid", String(Boolean(text) && !select.value));
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
  select.before(field);
  select.hidden = true;
}

function another(group, list) {
  const rows = group.querySelectorAll("[data-row]");
  const row = rows[rows.length - 1].cloneNode(true);
  const numbers = [...group.querySelectorAll("[name]")].map((field) => Number(field.name.split(".")[2]));
  const number = Math.max(...numbers) + 1;
  row.querySelector(".term-field").remove();
  for (const field of row.querySelectorAll("[name]")) {
    if (field.name.endsWith(".at")) { field.remove(); continue; }
    field.name = field.name.replace(/\.\d+\./, `.${number}.`);
    field.id = field.name.replaceAll(".", "-");
    if (field.tagName === "SELECT") field.selectedIndex = 0;
    else field.value = "";
  }
  rows[rows.length - 1].after(row);
  lead(row.querySelector("select[name$='.term']"), list);
  row.querySelector(".term-field").focus();
}

if (editor) {
  for (const group of editor.querySelectorAll("[data-vocabulary]")) {
    const selects = group.querySelectorAll("select[name$='.term']");
    const list = document.createElement("datalist");
    list.id = `terms-${group.dataset.vocabulary}`;
    for (const option of selects[0].options) {
      if (option.value) list.append(new Option(option.text.trim(), option.text.trim()));
    }
    group.append(list);
    for (const select of selects) lead(select, list);
    const more = group.querySelector("[data-add-term]");
    if (more) {
      more.hidden = false;
      more.addEventListener("click", () => another(group, list));
    }
  }
}
