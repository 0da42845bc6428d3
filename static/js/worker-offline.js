// In the service worker: without a signal one page of ours stands in for any other, and says that the draft is safe.
// Kept are that page and what it is made of; never a page about somebody.
const SHELF = "siaga-offline";
const ASKED = new URL(self.location).searchParams;
const LANG = ASKED.get("lang") ?? "id";
const PAGE = ASKED.has("quiet") ? "/offline?quiet=yes" : "/offline"; // kept under it, too: never the other's

self.addEventListener("install", event => event.waitUntil(stock().then(() => self.skipWaiting())));
self.addEventListener("activate", event =>
  event.waitUntil(Promise.all([self.registration.navigationPreload?.enable(), self.clients.claim()])),
);
self.addEventListener("fetch", event => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(go(event));
  else if (url.pathname.startsWith("/static/")) event.respondWith(fetch(request).catch(() => held(request.url)));
});

// Fetched as nobody, in the language of the page that registered this worker: nothing on the device tells whose it is.
async function stock() {
  const answer = await fetch(PAGE, { credentials: "omit", cache: "no-cache", headers: { "Accept-Language": LANG } });
  if (!answer.ok) throw new Error(answer.status);
  const made = [...new Set((await answer.clone().text()).match(/\/static\/[^"\s]+/g))];
  const shelf = await caches.open(SHELF);
  const known = await shelf.keys();
  await Promise.all([
    shelf.put(PAGE, answer),
    ...made.map(async url => {
      const part = await fetch(url);
      if (part.ok) await shelf.put(url, part);
    }),
  ]);
  await Promise.all(
    known
      .filter(({ url }) => !url.endsWith(PAGE) && !made.includes(new URL(url).pathname))
      .map(old => shelf.delete(old)),
  );
}

async function go(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return held(PAGE);
  }
}

async function held(url) {
  return (await (await caches.open(SHELF)).match(url)) ?? Response.error();
}
