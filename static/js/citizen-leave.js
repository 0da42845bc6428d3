// Keluar cepat: this page is off the screen and out of the history at once, and what is left on the device tells on
// nobody: no draft, no notification, no session. Back leads elsewhere too. Files on their way wait unseen until their
// sender signs in again.
(() => {
  const LEFT = "siaga.left";
  const OUT = "siaga.out";
  const DRAFT = "siaga.draft";
  const SAID = "siaga.said";
  const CALLING = "siaga.fast";
  const CALLED = "siaga.fast.page";
  const PATIENCE_MS = 300;
  const AGAIN_MS = 2000;

  const turned = back(performance.getEntriesByType("navigation")[0]?.type === "back_forward");
  if (!turned && kept("localStorage", OUT) === "asked") finish();
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) back(true);
  });
  document.addEventListener("click", event => {
    const link = event.target.closest("[data-leave]");
    if (!link) return;
    event.preventDefault();
    leave(link.href);
  });
  document.addEventListener("submit", ({ target }) => {
    if (target.getAttribute("action") === "/sign-out") drop("localStorage", SAID);
  });
  document.addEventListener("DOMContentLoaded", () => {
    // somebody is signed in again: what waits may be seen
    if (document.querySelector("#onway") && kept("localStorage", OUT) === "done") drop("localStorage", OUT);
  });

  async function leave(elsewhere) {
    vanish();
    keep("sessionStorage", LEFT, elsewhere);
    drop("localStorage", DRAFT);
    drop("localStorage", SAID);
    drop("localStorage", CALLED);
    if (!kept("localStorage", CALLING)) {
      // a press of Respons Cepat that has not arrived needs who pressed it
      keep("localStorage", OUT, "asked");
      out();
    }
    await Promise.race([Promise.allSettled([forget(), hush()]), new Promise(done => setTimeout(done, PATIENCE_MS))]);
    location.replace(elsewhere);
  }

  // Pages of ours that were there before this one: each turns elsewhere when somebody goes back to it. Did this one?
  function back(went) {
    const elsewhere = kept("sessionStorage", LEFT);
    if (!went) drop("sessionStorage", LEFT); // opened anew, on purpose
    if (!went || !elsewhere) return false;
    vanish();
    location.replace(elsewhere);
    return true;
  }

  // It was left without a signal, so the session may have lived on: it ends before anything is shown.
  async function finish() {
    vanish();
    if (await out()) location.replace("/");
    else setTimeout(finish, AGAIN_MS);
  }

  async function out() {
    try {
      const answer = await fetch("/sign-out", { method: "POST", keepalive: true, redirect: "manual" });
      if (answer.type !== "opaqueredirect") return false;
    } catch {
      return false;
    }
    keep("localStorage", OUT, "done");
    return true;
  }

  function vanish() {
    document.documentElement.hidden = true;
    document.title = "…";
  }

  async function forget() {
    await (await import("./citizen-store.js")).forget();
  }

  async function hush() {
    const worker = await navigator.serviceWorker?.getRegistration();
    for (const one of (await worker?.getNotifications()) ?? []) one.close();
  }

  // By its name: where storage is shut, even to look for it throws.
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
      /* shut: nothing is kept here anyway */
    }
  }
  function drop(store, name) {
    try {
      window[store].removeItem(name);
    } catch {
      /* shut */
    }
  }
})();
