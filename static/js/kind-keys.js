// In the field of an entry's kind a letter chooses the kind, the same in every language; the list shows which.
const KINDS = "select[name^='timeline.'][name$='.kind']";

export function kindKeys(editor) {
  const show = (select) => {
    for (const option of select.options) {
      const key = ` · ${option.value[0]}`;
      if (option.value && !option.text.endsWith(key)) option.text += key;
    }
  };
  for (const select of editor.querySelectorAll(KINDS)) show(select);
  editor.addEventListener("keydown", (event) => {
    const select = event.target;
    if (!select.matches(KINDS) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const option = [...select.options].find(({ value }) => value && value[0] === event.key.toLowerCase());
    if (!option) return;
    event.preventDefault();
    select.value = option.value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
