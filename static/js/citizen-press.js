// A press of Respons Cepat: kept on this phone as soon as the finger has held, then sent until an answer comes, with
// the same key, from whichever page of ours is open: reloaded, locked, closed or without a signal, it arrives, and
// once.
(() => {
  const NAME = "siaga.fast";
  const ASKS = "siaga.fast.where";
  const THERE = "siaga.fast.page";
  const SHOWN_TRIES = 3;
  const DAY_S = 24 * 3600;
  const PATIENCE_MS = 20_000;
  const FIRST_WAIT_MS = 1000;
  const LONGEST_WAIT_MS = 15_000;
  let held = null;
  let wait = FIRST_WAIT_MS;
  let timer;
  let going = false;

  window.siagaPress = { press, waits: () => Boolean(kept()), follows };
  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) send();
  });
  if (kept()) send();
  else showOn();

  // `point`: the best there was when the finger had held; what is finer, or at all, follows from its page. It waits
  // until the server has answered, however old it is by this phone's clock, which may be put right in between.
  function press(point, fine) {
    if (!kept()) {
      const fields = { category: "DARURAT_NYAWA", held: "yes", idempotency_key: random(), ...point };
      held = { fields, fine, at: Date.now(), whose: document.documentElement.dataset.whose ?? "" };
      put(NAME, JSON.stringify(held));
    }
    wait = FIRST_WAIT_MS;
    return send();
  }

  async function send() {
    const one = kept();
    if (!one || going) return;
    clearTimeout(timer);
    going = true;
    tell("going");
    let answer = await post(one, { "Siaga-Whose": one.whose });
    // Somebody else holds this phone by now: it is nobody's of theirs, and arrives all the same.
    const away = answer?.status === 409;
    if (away) answer = await post(one, {}, "omit");
    going = false;
    if (!answer || answer.status >= 500 || answer.status === 429) return again(answer ? "busy" : "cut");
    held = null;
    put(NAME, null);
    window.caches?.delete(NAME).catch(() => null);
    // To its page; or to the form, which says what is in the way.
    if (!answer.ok) return refused(one.fields);
    const page = (!away && answer.headers.get("HX-Redirect")) || "/";
    put(ASKS, !one.fine && page);
    if (page !== "/") put(THERE, JSON.stringify({ page, tries: 0 }));
    lead(page);
  }

  // It has arrived. Without a signal the way to its page would end at the browser's own: it waits for one.
  function lead(page) {
    if (navigator.onLine) location.assign(page);
    else addEventListener("online", () => location.assign(page), { once: true });
  }

  function post(one, whose, credentials = "same-origin") {
    const waited = Math.round((Date.now() - one.at) / 1000);
    const told = waited > 0 && waited < DAY_S; // else the clock was put right, and nobody knows how long it was
    const body = new URLSearchParams({ ...one.fields, ...(told && { waited }) });
    const headers = { "HX-Request": "true", ...(whose["Siaga-Whose"] && whose) };
    const signal = AbortSignal.timeout?.(PATIENCE_MS);
    return fetch("/complaints", { method: "POST", body, headers, credentials, keepalive: true, signal }).catch(
      () => null,
    );
  }

  // Nothing was stored: sent once more as a page, so that the form says what is in the way, and whom to call.
  function refused(fields) {
    const form = Object.assign(document.createElement("form"), { method: "post", action: "/complaints", hidden: true });
    for (const [name, value] of Object.entries(fields))
      form.append(Object.assign(document.createElement("input"), { name, value }));
    document.body.append(form);
    form.submit();
  }

  function again(why) {
    tell(why);
    unwatched(kept()).catch(() => null);
    timer = setTimeout(send, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }

  // Where the browser has it the worker sends it with the signal, also when no page of ours is open (worker-
  // press.js). The same key: both may.
  async function unwatched(one) {
    const worker = await navigator.serviceWorker?.getRegistration();
    if (!worker?.sync) return;
    await (await caches.open(NAME)).put("/press", new Response(JSON.stringify(one)));
    await worker.sync.register(NAME);
  }

  // It arrived, and the page was reloaded or closed on the way to its own: whoever pressed would not know, and press
  // anew.
  function showOn() {
    const there = JSON.parse(get(THERE));
    if (!there) return;
    const goes = there.page !== location.pathname && there.tries < SHOWN_TRIES;
    put(THERE, goes && JSON.stringify({ ...there, tries: there.tries + 1 }));
    if (goes) location.assign(there.page);
  }

  // Does this page, a press's own, still have to ask where this phone is? Once.
  function follows() {
    const asks = get(ASKS) === location.pathname;
    if (asks) put(ASKS, null);
    return asks;
  }

  function kept() {
    try {
      held = JSON.parse(get(NAME)) ?? held;
    } catch {
      /* not ours */
    }
    return held;
  }

  function get(name) {
    try {
      return localStorage.getItem(name);
    } catch {
      return null; // shut: this page still holds it
    }
  }

  function put(name, what) {
    try {
      what ? localStorage.setItem(name, what) : localStorage.removeItem(name);
    } catch {
      /* shut */
    }
  }

  function tell(state) {
    document.dispatchEvent(new CustomEvent("siaga:press", { detail: state }));
  }

  function random() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, "0")).join("");
  }
})();
