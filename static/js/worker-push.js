// In the service worker: a push says that a complaint has news, never which. The words are the catalogue's, as the page
// kept them when its reader said yes (citizen-push.js).
const OPENS_MS = 3000;
const STORE = ["siaga-push", 1, "words"];

self.addEventListener("push", event => event.waitUntil(show(event.data)));
self.addEventListener("notificationclick", event => event.waitUntil(open(event.notification)));
self.addEventListener("pushsubscriptionchange", event => event.waitUntil(renew()));

async function show(data) {
  const said = read(data);
  const words = await kept();
  const page = said.ref ? pageOf(said.ref) : (words.page ?? pageOf());
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  // its reader sees it already
  if (windows.some(({ url, focused }) => focused && new URL(url).pathname === page)) return;
  await self.registration.showNotification(words.title ?? "Siaga", {
    body: (said.exercise && words.exercise) || (words.text ?? said.text ?? ""),
    lang: words.lang ?? "id",
    icon: "/static/icons/icon-192.png",
    badge: "/static/icons/icon-192.png",
    tag: said.ref ?? "siaga",
    renotify: true,
    data: { page },
  });
}

async function open(notification) {
  notification.close();
  const page = notification.data?.page ?? "/complaints";
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find(({ url }) => new URL(url).pathname === page);
  return there ? there.focus() : self.clients.openWindow(page);
}

// The push service gave the browser a new address: without telling the server it would go deaf.
async function renew() {
  const { key } = await (await fetch("/push/key")).json();
  const given = await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  await fetch("/push/subscriptions", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(given),
  });
}

function read(data) {
  try {
    return data.json() ?? {};
  } catch {
    return {};
  } // empty or not ours: still worth a look at the page
}

const pageOf = ref => (ref ? `/complaints/${encodeURIComponent(ref)}` : "/complaints");

function kept() {
  return new Promise(done => {
    const [name, version, store] = STORE;
    const opening = indexedDB.open(name, version);
    setTimeout(() => done({}), OPENS_MS); // it may never answer: then the server's words do
    opening.onupgradeneeded = () => opening.result.createObjectStore(store);
    opening.onerror = () => done({});
    opening.onsuccess = () => {
      const base = opening.result;
      const asked = base.transaction(store).objectStore(store).get("now");
      asked.onsuccess = () => {
        base.close();
        done(asked.result ?? {});
      };
      asked.onerror = () => {
        base.close();
        done({});
      };
    };
  });
}
