// In the service worker: a press of Respons Cepat that found no signal goes with the signal, also when no page of
// ours is open. With the key of the page's own tries (citizen-press.js), so it is filed once; whichever page is
// opened next asks once more, is told where it went, and leads there.
const PRESSED = "siaga.fast";
const LONGEST_S = 24 * 3600;

self.addEventListener("sync", event => {
  if (event.tag === PRESSED) event.waitUntil(deliver());
});

// A rejection has the browser ask again, later.
async function deliver() {
  const one = await (await (await caches.open(PRESSED)).match("/press"))?.json();
  if (!one) return;
  let answer = await posted(one, one.whose ? { "Siaga-Whose": one.whose } : {});
  // somebody else holds this phone by now: it is nobody's of theirs
  if (answer.status === 409) answer = await posted(one, {}, "omit");
  if (answer.status >= 500 || answer.status === 429) throw new Error(answer.status);
  await caches.delete(PRESSED); // refused, a page's own try says why
}

function posted({ fields, at }, whose, credentials = "same-origin") {
  const waited = Math.round((Date.now() - at) / 1000);
  const told = waited > 0 && waited < LONGEST_S;
  return fetch("/complaints", {
    method: "POST",
    headers: { "HX-Request": "true", ...whose },
    body: new URLSearchParams({ ...fields, ...(told && { waited }) }),
    credentials,
  });
}
