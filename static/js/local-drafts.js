// Copies of what is typed, in this browser alone: each under the page that it was typed in, so that no
// page writes over the text of another.
const DAYS_KEPT = 30;
const OLDEST = DAYS_KEPT * 24 * 3600 * 1000;

let opened = null;
let next = null;
let writing = null;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open("hindsight-drafts", 2);
    asked.onupgradeneeded = () => asked.result.createObjectStore("copies", { keyPath: "page" });
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => {
      // A page that waits with another version of this file must not wait for ever.
      asked.result.onversionchange = () => { asked.result.close(); opened = null; };
      asked.result.onclose = () => { opened = null; };
      resolve(asked.result);
    };
  });
  return opened;
}

// A connection that was lost is made anew once: what is there must be found by who comes back for it.
async function act(mode, ask, tries = 2) {
  try {
    const copies = (await database()).transaction("copies", mode, { durability: "strict" }).objectStore("copies");
    return await new Promise((resolve, reject) => {
      const asked = ask(copies);
      // Written is what the disk has, not what was asked for.
      asked.transaction.oncomplete = () => resolve(asked.result);
      asked.transaction.onabort = () => reject(asked.transaction.error);
    });
  } catch {
    // Without a place to keep it (private windows may have none) the server is what there is.
    opened = null;
    return tries > 1 ? act(mode, ask, tries - 1) : undefined;
  }
}

async function write() {
  while (next) {
    const copy = next;
    next = null;
    await act("readwrite", (copies) => copies.put(copy));
  }
  writing = null;
}

// Of what comes faster than the disk takes it, only the latest is written: nobody waits for the rest.
export function put(copy) {
  next = copy;
  writing ??= write();
  return writing;
}

// Only what was looked at goes: the page that a copy is of may have written more into it meanwhile.
export const drop = (copy) => act("readwrite", (copies) => {
  const asked = copies.get(copy.page);
  asked.onsuccess = () => {
    if (JSON.stringify(asked.result) === JSON.stringify(copy)) copies.delete(copy.page);
  };
  return asked;
});

// The copies of one person and one postmortem, the newest first; what is too old goes.
export async function copiesOf(user, ref) {
  const all = (await act("readonly", (copies) => copies.getAll())) ?? [];
  const isOld = (copy) => Date.now() - copy.at > OLDEST;
  await Promise.all(all.filter(isOld).map(drop));
  return all.filter((copy) => copy.user === user && copy.ref === ref && !isOld(copy)).sort((a, b) => b.at - a.at);
}
