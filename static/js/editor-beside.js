// What stands beside the text while it is written, from each answer of the server: how times were understood,
// what is missing, what is like it, terms that it names, words and secrets to look at.
const editor = document.querySelector("[data-editor]");
const SIMILAR_EVERY_MS = 10_000;
const OTHERS_EVERY_MS = 20_000;
const WORD_HELP = "word-help";
const [CHECK, DASH, ALERT] = [0, 1, 2];
let lastPhrases = [];
let lookedAt = -SIMILAR_EVERY_MS;

const part = (name) => document.querySelector(`[${name}]`);

function item(...children) {
  const element = document.createElement("li");
  element.append(...children);
  return element;
}

const icon = (number) => part("data-icons").content.children[number].cloneNode(true);

// As the page has them from the start.
function iconsOf(state, words) {
  if (!words || state === "hint") return [];
  return [icon({ good: CHECK, open: DASH }[state] ?? ALERT)];
}

// Below the time of an entry there is a place only once there is something to say.
function placeFor(id, words) {
  const place = part(`data-understood="${CSS.escape(id)}"`);
  const field = document.getElementById(id);
  if (place || !words || !field) return place;
  const made = document.createElement("p");
  made.dataset.understood = id;
  field.closest(".cell, .field").append(made);
  return made;
}

function understood(items) {
  for (const { id, state, words } of items) {
    const place = placeFor(id, words);
    if (!place) continue;
    place.className = `understood ${state}`;
    place.replaceChildren(...iconsOf(state, words), words);
  }
}

function missing(found) {
  for (const count of document.querySelectorAll("[data-missing-count]")) count.textContent = found.length;
  for (const place of document.querySelectorAll("[data-still-open]")) place.hidden = !found.length;
  part("data-missing").replaceChildren(...found.map(({ words, place }) => {
    const link = document.createElement("a");
    link.href = `#${place}`;
    link.textContent = words;
    return item(icon(ALERT), link);
  }));
}

function others(names) {
  part("data-others").textContent = names ? editor.dataset.othersWords.replace("{names}", names) : "";
}

// While nothing is typed nothing is kept: who came and who saved is asked for by itself.
async function askForOthers() {
  const place = part("data-others");
  if (document.hidden || !place.dataset.ask) return;
  const answer = await fetch(place.dataset.ask, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const told = await answer.json();
  others(told.others);
  saved(told.saved);
}

function saved(words) {
  const place = part("data-saved");
  if (!place || place.querySelector("[data-saved-words]").textContent === words) return;
  place.querySelector("[data-saved-words]").textContent = words;
  place.hidden = !words;
}

function phrases(found) {
  lastPhrases = found;
  const shown = part("data-phrases-switch").checked ? found : [];
  part("data-phrase-count").textContent = shown.length || "";
  const list = part("data-phrases");
  const inWords = (phrase) => list.dataset.phrases.replace(/\{(\w+)\}/g, (_match, name) => phrase[name]);
  list.replaceChildren(...shown.map((phrase) => item(inWords(phrase))));
}

function secrets(found) {
  part("data-secrets-card").hidden = !found.length;
  part("data-secrets").replaceChildren(...found.map((text) => item(text)));
}

// --- Terms that the text names -------------------------------------------------------------------

function chipOf({ value, label }) {
  const chip = part("data-found-chip").content.firstElementChild.cloneNode(true);
  chip.value = `take:${value}`;
  chip.append(label);
  return chip;
}

function foundIn(list, found) {
  const values = [...list.children].map((chip) => chip.value);
  const isTaken = list.querySelector("[aria-disabled=true]");
  if (!isTaken && values.join() === found.map(({ value }) => `take:${value}`).join()) return;
  const focused = list.contains(document.activeElement) ? document.activeElement.value : "";
  list.replaceChildren(...found.map(chipOf));
  list.closest("[data-found-place]").hidden = !found.length;
  // Whoever was on a term stays on it, or goes on with the next.
  if (focused) ([...list.children].find((chip) => chip.value === focused) || list.firstElementChild || editor.elements.title).focus();
}

// --- Others like this one ------------------------------------------------------------------------

async function similar(fields) {
  if (performance.now() - lookedAt < SIMILAR_EVERY_MS) return;
  lookedAt = performance.now();
  const card = part("data-similar");
  const body = new URLSearchParams([...fields, ["ref", editor.dataset.ref]]);
  const headers = { "X-CSRFToken": editor.elements.csrfmiddlewaretoken.value };
  const answer = await fetch(card.dataset.similar, { method: "POST", body, headers }).catch(() => null);
  if (answer?.ok) card.innerHTML = await answer.text();
}

if (editor) {
  editor.addEventListener("draft-kept", ({ detail: { answer, fields } }) => {
    understood(answer.understood);
    missing(answer.missing);
    others(answer.others);
    saved(answer.saved);
    part("data-cut").hidden = !answer.is_cut;
    phrases(answer.phrases);
    secrets(answer.secrets);
    for (const list of document.querySelectorAll("[data-found]")) foundIn(list, answer.found);
    similar(fields);
  });
  setInterval(askForOthers, OTHERS_EVERY_MS);
  document.addEventListener("visibilitychange", askForOthers);
  const wordHelp = part("data-phrases-switch");
  wordHelp.checked = localStorage.getItem(WORD_HELP) !== "off";
  part("data-phrases-card").hidden = false;
  if (!wordHelp.checked) phrases([]);
  wordHelp.addEventListener("change", () => {
    localStorage.setItem(WORD_HELP, wordHelp.checked ? "on" : "off");
    phrases(lastPhrases);
  });
}
