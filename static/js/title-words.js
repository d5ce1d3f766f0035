// Breaks Chinese titles between words, not inside them, where the browser can tell words apart.

const OPENING = /[（(《〈「『【［“‘]$/u;

const pieces = (title) => {
  const segmenter = new Intl.Segmenter(title.lang, { granularity: "word" });
  let before = "";
  return [...segmenter.segment(title.textContent)].flatMap(({ segment, isWordLike }) => {
    const mayBreak = before && isWordLike && !OPENING.test(before);
    before = segment;
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
