// The search of a static copy: every word must stand somewhere in the text. Not a module, since
// browsers load no modules from a disk.
(() => {
  const entries = window.hindsightCopy || [];
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const texts = entries.map(([ref, title, text]) => [ref, plain(`${ref} ${title} ${text}`)]);
  const input = document.querySelector("#q");
  const count = document.querySelector("[data-count]");
  const show = () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const [ref, text] of texts) {
      const found = words.every((word) => text.includes(word));
      document.getElementById(ref).hidden = !found;
      shown += found;
    }
    count.textContent = `${shown} / ${texts.length}`;
  };
  document.querySelector("[data-search]").hidden = false;
  input.addEventListener("input", show);
  show();
})();
