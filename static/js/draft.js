// Nothing typed is lost: the form is kept on the server within a second, and in this browser at once. A
// text that only this browser has is offered, never put over another, and forgotten only when it is saved.
// What the server says of a text it kept goes out as the event `draft-kept`.
import { copiesOf, drop, put } from "./local-drafts.js";

const editor = document.querySelector("[data-editor]");
const SOON = 600;
const LATEST = 900;
const MOST_OFFERED = 3;

const kept = document.querySelector("[data-kept]");
const page = `${Date.now()}-${Math.random()}`;
let timer = 0;
let first = 0;
let sending = false;
let again = false;
let afterwards = null;
let isSafe = true;
let lastKept = "";

const CONTROL = ["csrfmiddlewaretoken", "do", "version"];
const pairs = () => [...new FormData(editor)].filter(([name, value]) => typeof value === "string" && !CONTROL.includes(name));
const UNTOLD = /^(key|revision|comment)$|\.order$/;
const told = (fields) => JSON.stringify(fields.filter(([name, value]) => value && !UNTOLD.test(name)));

const token = () => editor.elements.csrfmiddlewaretoken.value;

// Signing in again in another tab makes the token of this form an old one; this page anew has the new one.
async function renewToken() {
  const answer = await fetch(location.pathname).catch(() => null);
  if (!answer?.ok) return false;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[name=csrfmiddlewaretoken]");
  if (fresh) editor.elements.csrfmiddlewaretoken.value = fresh.value;
  return Boolean(fresh);
}

// --- This browser ------------------------------------------------------------------------------

const copy = (more) => ({
  page,
  user: editor.dataset.user,
  ref: editor.dataset.ref,
  key: editor.elements.key.value,
  version: editor.elements.version.value,
  fields: pairs(),
  at: Date.now(),
  ...more,
});

// --- The server --------------------------------------------------------------------------------

function time(at) {
  return at.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
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

function offerTakingOver(version) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button small";
  button.textContent = kept.dataset.takeOverWords;
  button.addEventListener("click", () => { editor.elements.version.value = version; send(); });
  kept.append(" ", button);
}

const post = (body) => fetch(editor.dataset.keep, { method: "POST", body, headers: { "X-CSRFToken": token() }, keepalive: String(body).length < 60000 });

async function send() {
  if (sending) { again = true; return; }
  sending = true;
  first = 0;
  const fields = pairs();
  const body = new URLSearchParams(fields);
  body.set("version", editor.elements.version.value);
  body.set("ref", editor.dataset.ref);
  try {
    let answer = await post(body);
    if (answer.status === 403 && await renewToken()) answer = await post(body);
    if (answer.ok) understood(await answer.json(), fields);
    else refused(answer.status, await answer.json().catch(() => ({})));
  } catch {
    say(kept.dataset.lostWords, true);
  }
  sending = false;
  if (afterwards) { editor.requestSubmit(afterwards); return; }
  if (again) { again = false; plan(); }
}

function refused(status, answer) {
  // Without a cookie the token is refused before anybody looks who is signed in.
  if (status === 401 || (status === 403 && !answer.detail)) { say(kept.dataset.outWords, true); offerSignIn(); }
  else if (answer.detail) say(answer.detail, true);
  else say(kept.dataset.lostWords, true);
  if (status === 409) offerTakingOver(answer.version);
}

function understood(answer, fields) {
  editor.elements.version.value = answer.version;
  editor.elements.key.value = answer.key;
  lastKept = time(new Date(answer.kept_at));
  isSafe = !timer && !again;
  put(copy({ isKept: told(fields) === told(pairs()) }));
  say(kept.dataset.keptWords, false);
  editor.dispatchEvent(new CustomEvent("draft-kept", { detail: { answer, fields } }));
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
  put(copy());
  // One draft a person and postmortem: what waits to be decided about must not be written over.
  if ("waiting" in editor.dataset) say(kept.dataset.waitingWords, true);
  else plan();
}

// --- Coming back -------------------------------------------------------------------------------

function offer(found) {
  const template = document.querySelector("[data-local-draft]").content.cloneNode(true);
  const notice = template.firstElementChild;
  notice.querySelector("[data-at]").textContent = new Date(found.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });
  notice.querySelector("[data-use]").addEventListener("click", () => sendAs("recover", found));
  notice.querySelector("[data-compare]")?.addEventListener("click", () => sendAs("compare", found));
  notice.querySelector("[data-drop]").addEventListener("click", async () => { await drop(found); notice.remove(); });
  document.querySelector("[data-offers]").append(notice);
}

async function sendAs(act, found) {
  // The page that answers goes on with this text; should it never come, the text is offered again.
  await put({ ...found, sent: told(found.fields) });
  // The server makes the rows that the text needs.
  const form = document.createElement("form");
  form.method = "post";
  for (const [name, value] of [...found.fields, ["csrfmiddlewaretoken", token()], ["version", found.version], ["do", act]]) {
    const field = document.createElement("textarea");
    field.name = name;
    field.value = value;
    form.append(field);
  }
  form.hidden = true;
  document.body.append(form);
  isSafe = true;
  form.submit();
}

// Whether somebody else has the text: a saved postmortem, the server's draft, or this very page.
function isElsewhere(found, drafts, saved) {
  const wasSent = found.sent === told(found.fields);
  if (wasSent && (saved.includes(found.key) || ("unkept" in editor.dataset && found.key === editor.elements.key.value))) return true;
  if (told(found.fields) === told(pairs())) return true;
  if (!found.isKept) return false;
  if (found.key in drafts) return Number(drafts[found.key]) >= Number(found.version);
  // Kept, and no draft any more: it was saved or discarded on another machine or in another tab. What was kept
  // while this page was on its way, this page cannot know of.
  return found.at < performance.timeOrigin;
}

async function recover() {
  const drafts = Object.fromEntries(editor.dataset.drafts.split(" ").filter(Boolean).map((item) => item.split(":")));
  const [, saved = ""] = document.cookie.match(/(?:^|; )saved-drafts=([^;]+)/) ?? [];
  const found = await copiesOf(editor.dataset.user, editor.dataset.ref);
  const others = found.filter((item) => item.page !== page);
  const gone = others.filter((item) => isElsewhere(item, drafts, saved.split(".")));
  await Promise.all(gone.map(drop));
  if ("unkept" in editor.dataset) return;
  others.filter((item) => !gone.includes(item)).slice(0, MOST_OFFERED).forEach(offer);
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
    put(copy({ sent: told(pairs()) }));
  });
  window.addEventListener("beforeunload", (event) => { if (!isSafe) event.preventDefault(); });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    clearTimeout(timer);
    timer = 0;
    if ("waiting" in editor.dataset) say(kept.dataset.waitingWords, true);
    else send();
  });
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (document.hidden && timer) { clearTimeout(timer); timer = 0; send(); } });
  // Tells whoever waits for it that nothing more will be offered.
  recover().then(() => { editor.dataset.recovered = ""; });
  // What a button made of the text stands nowhere but here; where nothing was typed, nothing is kept.
  const written = editor.querySelectorAll("textarea, input:not([type=hidden], [type=checkbox], [type=radio])");
  if ("unkept" in editor.dataset && [...written].some((field) => field.value.trim())) changed();
}
