// Keeps pasted lines apart: the search field drops line ends, and words with nothing else between them
// would become one.
document.addEventListener("paste", (event) => {
  const input = event.target;
  const text = event.clipboardData.getData("text");
  if (!input.matches("[data-search-field]") || !/[\r\n]/.test(text)) return;
  event.preventDefault();
  const { selectionStart, selectionEnd, maxLength, value } = input;
  const room = maxLength - value.length + selectionEnd - selectionStart;
  // As if it were typed, so that it can be undone.
  document.execCommand("insertText", false, text.trim().replace(/\s*[\r\n]+\s*/g, " ").slice(0, room));
});
