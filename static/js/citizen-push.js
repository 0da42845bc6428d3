// "Ya, beri tahu": asked for where a complaint is followed, never before. The browser's own question comes only after a click.
const MINE = "siaga.push", LATER = "siaga.push.later", TOLD = "siaga.push.told";
const box = () => document.querySelector("#push");
const failed = (state) => (problem) => { console.warn("notifications:", problem); show(state); };
let ours;                                                // the subscription of this browser, once there is one

document.addEventListener("click", ({ target }) => {
  const act = { on, off, later }[target.closest("[data-push]")?.dataset.push];
  if (act) act().catch(failed("failed"));
});
if (box()) look().catch(failed("none"));

async function look() {
  if (!("PushManager" in window && "Notification" in window && "serviceWorker" in navigator)) {
    return show(navigator.standalone === false ? "install" : "none");      // an iPhone pushes to installed pages only
  }
  const worker = await navigator.serviceWorker.register(`/service-worker.js?lang=${document.documentElement.lang}`);
  ours = await worker.pushManager.getSubscription();
  if (box().dataset.ask === "quiet") {
    if (ours) await off();
    return show("none");
  }
  const mine = ours && kept(localStorage, MINE) === box().dataset.me && Notification.permission === "granted";
  if (mine && !kept(sessionStorage, TOLD)) await tell(ours);               // the server may have been told that it was gone
  if (mine) return show("on");
  const asked = box().dataset.ask === "always", refused = Notification.permission === "denied";      // no is an answer: said once
  show(refused ? (asked ? "denied" : "none") : kept(localStorage, LATER) && !asked ? "none" : "off");
}

async function on() {
  if (await Notification.requestPermission() !== "granted") return show("denied");
  show("busy");
  const { key } = await (await fetch("/push/key", { headers: { Accept: "application/json" } })).json();
  const worker = await navigator.serviceWorker.ready;
  if (ours && sameKey(ours.options.applicationServerKey, key) === false) await ours.unsubscribe();
  ours = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  await tell(ours);
  keep(localStorage, MINE, box().dataset.me);
  show("on");
}

async function off() {
  const endpoint = ours?.endpoint;
  await ours?.unsubscribe();
  ours = null;
  keep(localStorage, MINE, "");
  if (endpoint) await send("/push/subscriptions/delete", { endpoint });
  show("off");
}

async function later() {
  keep(localStorage, LATER, "1");
  show("none");
}

async function tell(subscription) {
  await words();
  await send("/push/subscriptions", subscription);
  keep(sessionStorage, TOLD, "1");
}

async function send(url, body) {
  const answer = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(answer.status);
}

// What the worker will say, in the language of this page: it has no catalogue of its own.
export function words() {
  return new Promise((done, fail) => {
    const opening = indexedDB.open("siaga-push", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("words");
    opening.onerror = fail;
    opening.onsuccess = () => {
      const base = opening.result, work = base.transaction("words", "readwrite"), { title, text } = box().dataset;
      work.objectStore("words").put({ title, text, lang: document.documentElement.lang }, "now");
      work.oncomplete = () => { base.close(); done(); };
      work.onabort = fail;
    };
  });
}

function show(state) {
  for (const part of box().querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
  box().dataset.is = state;
  box().hidden = state === "none" || (state !== "on" && box().dataset.ask === "no");
  box().querySelector("[data-push=later]").hidden = box().dataset.ask === "always";
}

function sameKey(buffer, key) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "") === key;
}

function kept(store, name) { try { return store.getItem(name); } catch { return null; } }
function keep(store, name, value) { try { store.setItem(name, value); } catch { /* shut: asked again next time */ } }
