// Nothing typed is lost: the form is kept on the server within a second, and in this browser at once,
// under the name of who writes it. A text that only this browser has is offered, never put over another.
const editor = document.querySelector("[data-editor]");
const SOON = 600;
const LATEST = 900;

const kept = document.querySelector("[data-kept]");
const whose = editor && `${editor.dataset.user}:${editor.dataset.ref}`;
let timer = 0;
let first = 0;
let sending = false;
let again = false;
let afterwards = null;
let isSafe = true;
let lastKept = "";

// --- This browser ------------------------------------------------------------------------------

function store(mode) {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("hindsight-drafts", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("drafts");
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => resolve(asked.result.transaction("drafts", mode, { durability: "strict" }).objectStore("drafts"));
  });
}

async function local(act, ...given) {
  try {
    const drafts = await store(act === "get" ? "readonly" : "readwrite");
    return await new Promise((resolve, reject) => {
      const asked = drafts[act](...given);
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  } catch {
    // Without a place to keep it (private windows may have none) the server is what there is.
    return undefined;
  }
}

const CONTROL = ["csrfmiddlewaretoken", "do", "version"];
const pairs = () => [...new FormData(editor)].filter(([name]) => !CONTROL.includes(name)).map(([name, value]) => [name, String(value)]);
const told = (fields) => JSON.stringify(fields.filter(([name, value]) => value && !["key", "revision", "comment"].includes(name)));

function keepHere() {
  return local("put", { fields: pairs(), at: Date.now() }, whose);
}

// --- The server --------------------------------------------------------------------------------

function time(at) {
  return at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

function say(words, isBad) {
  kept.textContent = words.replace("{time}", lastKept || "–");
  kept.closest(".save-bar").classList.toggle("warn", isBad);
}

function offerSignIn() {
  const link = document.createElement("a");
  link.href = kept.dataset.signIn;
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = kept.dataset.signInWords;
  kept.append(" ", link);
}

async function send() {
  if (sending) { again = true; return; }
  sending = true;
  first = 0;
  const body = new URLSearchParams(pairs());
  body.set("version", editor.elements.version.value);
  body.set("ref", editor.dataset.ref);
  const headers = { "X-CSRFToken": editor.elements.csrfmiddlewaretoken.value };
  try {
    const answer = await fetch(editor.dataset.keep, { method: "POST", body, headers, keepalive: String(body).length < 60000 });
    if (answer.ok) understood(await answer.json());
    else refused(answer.status, await answer.json().catch(() => ({})));
  } catch {
    say(kept.dataset.lostWords, true);
  }
  sending = false;
  if (afterwards) { editor.requestSubmit(afterwards); return; }
  if (again) { again = false; plan(); }
}

function refused(status, answer) {
  if (status === 401) { say(kept.dataset.outWords, true); offerSignIn(); }
  else if (answer.detail) say(answer.detail, true);
  else say(kept.dataset.lostWords, true);
}

function understood(answer) {
  editor.elements.version.value = answer.version;
  editor.elements.key.value = answer.key;
  lastKept = time(new Date(answer.kept_at));
  isSafe = !timer && !again;
  say(kept.dataset.keptWords, false);
  for (const item of answer.understood) show(item);
  missing(answer.missing);
  similar();
  document.querySelector("[data-others]").textContent = answer.others ? editor.dataset.othersWords.replace("{names}", answer.others) : "";
  phrases(answer.phrases);
  document.querySelector("[data-secrets-card]").hidden = !answer.secrets.length;
  list("[data-secrets]", answer.secrets);
}

function show({ id, state, words }) {
  const place = document.querySelector(`[data-understood="${CSS.escape(id)}"]`);
  if (!place) return;
  place.className = `understood ${state}`;
  place.textContent = words;
}

function list(place, texts) {
  document.querySelector(place).replaceChildren(...texts.map((text) => {
    const item = document.createElement("li");
    item.textContent = text;
    return item;
  }));
}

function missing(found) {
  document.querySelector("[data-missing]").replaceChildren(...found.map(({ words, place }) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `#${place}`;
    link.textContent = words;
    item.append(link);
    return item;
  }));
}

// Others like this one, looked for now and then while it grows.
const EVERY = 10_000;
let lookedAt = -EVERY;

async function similar() {
  if (performance.now() - lookedAt < EVERY) return;
  lookedAt = performance.now();
  const card = document.querySelector("[data-similar]");
  const body = new URLSearchParams(pairs());
  body.set("ref", editor.dataset.ref);
  const headers = { "X-CSRFToken": editor.elements.csrfmiddlewaretoken.value };
  const answer = await fetch(card.dataset.similar, { method: "POST", body, headers }).catch(() => null);
  if (answer?.ok) card.innerHTML = await answer.text();
}

function phrases(found) {
  const isOff = localStorage.getItem("word-help") === "off";
  const card = document.querySelector("[data-phrases-card]");
  card.hidden = isOff || !found.length;
  document.querySelector("[data-phrase-count]").textContent = found.length || "";
  list("[data-phrases]", found.map((item) => `“${item.text}”: ${item.reason} ${item.ask}`));
}

// --- When --------------------------------------------------------------------------------------

function plan() {
  const now = Date.now();
  first ||= now;
  clearTimeout(timer);
  // Also while typing goes on: a second is the most that may be lost.
  timer = setTimeout(() => { timer = 0; send(); }, Math.max(0, Math.min(SOON, first + LATEST - now)));
}

function changed() {
  isSafe = false;
  keepHere();
  if (!("waiting" in editor.dataset)) plan();
}

// --- Coming back -------------------------------------------------------------------------------

function offer(found) {
  const template = document.querySelector("[data-local-draft]").content.cloneNode(true);
  const notice = template.firstElementChild;
  notice.querySelector("[data-at]").textContent = new Date(found.at).toLocaleString();
  notice.querySelector("[data-use]").addEventListener("click", () => use(found, notice));
  notice.querySelector("[data-drop]").addEventListener("click", async () => { await local("delete", whose); notice.remove(); });
  editor.before(notice);
}

function use(found, notice) {
  // The server makes the rows that the text needs.
  const form = document.createElement("form");
  form.method = "post";
  const token = ["csrfmiddlewaretoken", editor.elements.csrfmiddlewaretoken.value];
  const version = ["version", editor.elements.version.value];
  for (const [name, value] of [...found.fields, token, version, ["do", "recover"]]) {
    const field = document.createElement("textarea");
    field.name = name;
    field.value = value;
    form.append(field);
  }
  form.hidden = true;
  notice.remove();
  document.body.append(form);
  isSafe = true;
  form.submit();
}

async function recover() {
  const found = await local("get", whose);
  if (!found) return;
  if (found.isSent && !document.querySelector("#errors")) { local("delete", whose); return; }
  if (told(found.fields) !== told(pairs())) offer(found);
}

if (editor) {
  editor.addEventListener("input", changed);
  editor.addEventListener("change", changed);
  editor.addEventListener("submit", (event) => {
    isSafe = true;
    clearTimeout(timer);
    timer = 0;
    again = false;
    if (sending) {
      // The page that answers must know of the draft that is on its way.
      event.preventDefault();
      afterwards = event.submitter;
      return;
    }
    if (["save", "review"].includes(event.submitter?.value)) local("put", { fields: pairs(), at: Date.now(), isSent: true }, whose);
  });
  window.addEventListener("beforeunload", (event) => { if (!isSafe) event.preventDefault(); });
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (document.hidden && timer) { clearTimeout(timer); timer = 0; send(); } });
  document.querySelector("[data-phrases-off]").addEventListener("click", () => { localStorage.setItem("word-help", "off"); phrases([]); });
  recover();
}
