// "Ya, beri tahu": asked for where a complaint is followed, never before; of a supervisor, at their account.
// The browser's own question comes only after a click. `data-scope`: a worker of that page alone, not of the site.
const MINE = "siaga.push";
const LATER = "siaga.push.later";
const TOLD = "siaga.push.told";
const OPENS_MS = 5000;
const box = () => document.querySelector("#push");
const failed = state => problem => {
  console.warn("notifications:", problem);
  show(state);
};
let ours; // the subscription of this browser, once there is one

document.addEventListener("click", ({ target }) => {
  const act = { on, off, later }[target.closest("[data-push]")?.dataset.push];
  if (act) act().catch(failed("failed"));
});
if (box()) look().catch(failed("none"));

async function look() {
  if (!("PushManager" in window && "Notification" in window && "serviceWorker" in navigator)) {
    return show(navigator.standalone === false ? "install" : "none"); // an iPhone pushes to installed pages only
  }
  const worker = await navigator.serviceWorker.register(`/service-worker.js?lang=${document.documentElement.lang}`, {
    scope: box().dataset.scope ?? "/",
  });
  ours = await worker.pushManager.getSubscription();
  if (box().dataset.ask === "quiet") {
    if (ours) await off();
    return show("none");
  }
  const { me, known } = box().dataset;
  const mine = ours && known !== "no" && kept("localStorage", MINE) === me && Notification.permission === "granted";
  if (mine && !kept("sessionStorage", TOLD) && !(await living())) {
    await ours.unsubscribe();
    ours = null;
    keep("localStorage", MINE, "");
    return show("off");
  }
  if (mine) return show("on");
  const asked = box().dataset.ask === "always";
  const refused = Notification.permission === "denied"; // no is an answer: said once
  show(refused ? (asked ? "denied" : "none") : kept("localStorage", LATER) && !asked ? "none" : "off");
}

async function on() {
  if ((await Notification.requestPermission()) !== "granted") return show("denied");
  show("busy");
  const key = await serverKey();
  const worker = await navigator.serviceWorker.ready;
  if (ours && !madeWith(key)) await ours.unsubscribe();
  ours = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  if (!(await tell(ours))) {
    // a void one goes, so that the next press gets another
    await ours.unsubscribe();
    throw new Error("refused");
  }
  keep("localStorage", MINE, box().dataset.me);
  show("on");
  if (box().dataset.known) location.reload(); // the list on the page has one more
}

async function off() {
  const endpoint = ours?.endpoint;
  await ours?.unsubscribe();
  ours = null;
  keep("localStorage", MINE, "");
  if (endpoint) await send("/push/subscriptions/delete", { endpoint });
  show("off");
  if (box().dataset.known === "yes") location.reload();
}

async function later() {
  keep("localStorage", LATER, "1");
  show("none");
}

// Does it still reach this phone? Not when the server has another key by now, nor when its push service refused it.
async function living() {
  return madeWith(await serverKey()) && tell(ours);
}

async function serverKey() {
  return (await (await fetch("/push/key", { headers: { Accept: "application/json" } })).json()).key;
}

async function tell(subscription) {
  await words();
  const taken = await send("/push/subscriptions", subscription);
  if (taken) keep("sessionStorage", TOLD, "1");
  return taken;
}

async function send(url, body) {
  // false: it will never be taken
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok && answer.status !== 422) throw new Error(answer.status);
  return answer.ok;
}

// What the worker will say, in the language of this page: it has no catalogue of its own.
export function words() {
  return new Promise((done, fail) => {
    const opening = indexedDB.open("siaga-push", 1);
    setTimeout(fail, OPENS_MS, "storage does not answer");
    opening.onupgradeneeded = () => opening.result.createObjectStore("words");
    opening.onerror = fail;
    opening.onsuccess = () => {
      const base = opening.result;
      const work = base.transaction("words", "readwrite");
      const { title, text, exercise, page } = box().dataset;
      work.objectStore("words").put({ title, text, exercise, page, lang: document.documentElement.lang }, "now");
      work.oncomplete = () => {
        base.close();
        done();
      };
      work.onabort = fail;
    };
  });
}

function show(state) {
  for (const part of box().querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
  box().dataset.is = state;
  box().hidden = state === "none" || (state !== "on" && box().dataset.ask === "no");
  const later = box().querySelector("[data-push=later]");
  if (later) later.hidden = box().dataset.ask === "always";
}

function madeWith(key) {
  const known = ours.options?.applicationServerKey; // an old browser does not say
  return (
    !known ||
    btoa(String.fromCharCode(...new Uint8Array(known)))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .replace(/=/g, "") === key
  );
}

function kept(store, name) {
  try {
    return window[store].getItem(name);
  } catch {
    return null;
  }
}
function keep(store, name, value) {
  try {
    window[store].setItem(name, value);
  } catch {
    /* shut: asked again next time */
  }
}
