// Breaks Chinese titles between words, not inside them, where the browser can tell words apart.

// A single character goes with the word after it, but for these, which go with the one before.
const CLINGS = /^[的了后後前中时時间間区區率者性度化等们們用]$/u;

const pieces = (title) => {
  const segmenter = new Intl.Segmenter(title.lang, { granularity: "word" });
  let isFree = false;
  return [...segmenter.segment(title.textContent)].flatMap(({ segment, isWordLike }) => {
    const clings = CLINGS.test(segment);
    const mayBreak = isFree && isWordLike && !clings;
    isFree = isWordLike && (segment.length > 1 || clings);
    return mayBreak ? [document.createElement("wbr"), segment] : [segment];
  });
};

if (Intl.Segmenter) {
  for (const title of document.querySelectorAll("h1[lang|='zh' i]")) {
    if (title.childElementCount) continue;
    title.replaceChildren(...pieces(title));
    title.classList.add("by-words");
  }
}
