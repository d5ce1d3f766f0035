// Copies of what is typed, in this browser alone: each under the page that it was typed in, so that no
// page writes over the text of another.
const DAYS_KEPT = 30;
const OLDEST = DAYS_KEPT * 24 * 3600 * 1000;

function store(mode) {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("hindsight-drafts", 2);
    asked.onupgradeneeded = () => asked.result.createObjectStore("copies", { keyPath: "page" });
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => resolve(asked.result.transaction("copies", mode, { durability: "strict" }).objectStore("copies"));
  });
}

async function act(name, ...given) {
  try {
    const copies = await store(name === "getAll" ? "readonly" : "readwrite");
    return await new Promise((resolve, reject) => {
      const asked = copies[name](...given);
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  } catch {
    // Without a place to keep it (private windows may have none) the server is what there is.
    return undefined;
  }
}

export const put = (copy) => act("put", copy);
export const drop = (copy) => act("delete", copy.page);

// The copies of one person and one postmortem, the newest first; what is too old goes.
export async function copiesOf(user, ref) {
  const all = (await act("getAll")) ?? [];
  const isOld = (copy) => Date.now() - copy.at > OLDEST;
  await Promise.all(all.filter(isOld).map(drop));
  return all.filter((copy) => copy.user === user && copy.ref === ref && !isOld(copy)).sort((a, b) => b.at - a.at);
}
