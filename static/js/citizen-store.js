// What this device keeps of a complaint. A draft: words in localStorage, files in IndexedDB, both for a day. And once
// it is filed the queue: files on their way to it, until the last byte has arrived.
const NAME = "siaga.draft";
const HERE = "siaga.here";
const DAY_MS = 24 * 3600 * 1000;
const QUEUED_DAYS = 7;
const OPENS_MS = 5000;
const WORKS_MS = 30_000;
const STUCK_MS = 500; // once it has not answered, every other wait is short
export const IN_FORM = 5; // photos that the form itself can carry

// What time it is by the server's clock, as this page was told it; null on the page that knows none. A phone's own
// clock may stand in 1970 and be put right in between.
export function now() {
  const told = Date.parse(document.documentElement.dataset.now);
  return told ? told + performance.now() : null;
}

// `since` is null until a page knows the time: till then nothing ages.
export const over = (since, life = DAY_MS) => Boolean(since && now() - since > life);

// For what may never answer: `otherwise`, when it has not by then.
export function within(ms, wait, otherwise = false) {
  return Promise.race([wait, new Promise(done => setTimeout(() => done(otherwise), ms))]);
}

// {fields, sent, guarded, by, since}. `sent`: "yes", "lost" when no answer came, "form" when the browser sent the form,
// photos and all. A guarded one (a sensitive kind, Mode senyap) comes back in the tab it was written in, or to the
// account that wrote it: whoever else opens this phone sees an empty form.
export function draft(whosever = false) {
  try {
    const kept = JSON.parse(localStorage.getItem(NAME));
    if (!kept || over(kept.since)) return null;
    if (!kept.since && now()) localStorage.setItem(NAME, JSON.stringify({ ...kept, since: now() }));
    const open = !kept.guarded || sessionStorage.getItem(HERE) || (kept.by && kept.by === account());
    return whosever || open ? kept : null;
  } catch {
    return null;
  } // storage is shut, or holds what is not ours: then there is no draft
}

export function keep(fields, { sent = "", guarded = false } = {}) {
  try {
    localStorage.setItem(NAME, JSON.stringify({ fields, sent, guarded, by: account(), since: now() }));
    sessionStorage.setItem(HERE, "1");
  } catch {
    /* full or shut: the form itself still holds it */
  }
}

export function keeps() {
  try {
    return Boolean(localStorage);
  } catch {
    return false;
  }
}

const account = () => document.querySelector("#onway")?.dataset.me ?? "";

export async function forget() {
  try {
    localStorage.removeItem(NAME);
  } catch {
    /* shut: nothing was kept */
  }
  await keepPhotos([]);
}

// True when they are safe here; false when this browser keeps nothing, so that the form has to carry them itself.
export function keepPhotos(files) {
  return inStores(["photos"], "readwrite", photos => {
    photos.clear();
    files.forEach((file, at) => photos.put(file, at));
  });
}

export async function keptPhotos() {
  if (!draft(true)) await keepPhotos([]); // its day is over
  if (!draft()) return [];
  let asked;
  await inStores(["photos"], "readonly", photos => {
    asked = photos.getAll();
  });
  return asked?.result ?? [];
}

// The draft's files go on to the complaint they were chosen for, in one stroke: they are in the draft or in the queue,
// never in neither. Not those that the form has carried there.
export function handOver(ref, carried = () => false) {
  return inStores(["photos", "queue"], "readwrite", (photos, queue) => {
    photos.getAll().onsuccess = ({ target }) => {
      target.result.filter(file => !carried(file)).forEach(file => queue.add(item(ref, file)));
      photos.clear();
    };
  });
}

export function enqueue(ref, files) {
  return inStores(["queue"], "readwrite", queue => files.forEach(file => queue.add(item(ref, file))));
}

// Oldest first: {id, key, ref, file, url, since}.
export async function queued() {
  let asked;
  await inStores(["queue"], "readonly", queue => {
    asked = queue.getAll();
  });
  const all = asked?.result ?? [];
  const old = all.filter(one => over(one.since, QUEUED_DAYS * DAY_MS));
  for (const one of old) await dequeue(one.id);
  for (const one of all) if (!one.since && now()) await requeue(Object.assign(one, { since: now() }));
  return all.filter(one => !old.includes(one));
}

// Not one that another tab has sent or called back meanwhile.
export function requeue(one) {
  return inStores(["queue"], "readwrite", queue => {
    queue.get(one.id).onsuccess = ({ target }) => target.result && queue.put(one);
  });
}

export const dequeue = id => inStores(["queue"], "readwrite", queue => queue.delete(id));

function item(ref, file) {
  return {
    ref,
    file,
    url: "",
    key: Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, "0")).join(""),
    since: now(),
  };
}

let stuck = false;

// False when this browser keeps nothing, or does not say so in time: nobody waits for its storage.
function inStores(names, mode, act) {
  return new Promise(done => {
    let opening;
    let base;
    let work;
    let ended = false;
    const end = well => {
      clearTimeout(timer);
      ended = true;
      base?.close();
      done(well);
    };
    const late = () => {
      stuck = true;
      if (work)
        work.abort(); // ends it
      else end(false);
    };
    let timer = setTimeout(late, stuck ? STUCK_MS : OPENS_MS);
    try {
      opening = indexedDB.open("siaga", 2);
    } catch {
      return end(false);
    }
    opening.onupgradeneeded = () => {
      const has = opening.result.objectStoreNames;
      if (!has.contains("photos")) opening.result.createObjectStore("photos");
      if (!has.contains("queue")) opening.result.createObjectStore("queue", { keyPath: "id", autoIncrement: true });
    };
    opening.onerror = opening.onblocked = () => end(false);
    opening.onsuccess = () => {
      base = opening.result;
      if (ended) return base.close();
      clearTimeout(timer);
      timer = setTimeout(late, WORKS_MS);
      stuck = false;
      work = base.transaction(names, mode);
      work.oncomplete = () => end(true);
      work.onabort = work.onerror = () => end(false);
      act(...names.map(name => work.objectStore(name)));
    };
  });
}
