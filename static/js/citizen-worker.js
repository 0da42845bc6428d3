// Registers the service worker once the page has all it needs; and offers to install, once, to who has reported before.
const NOT = "siaga.install.not", AFTER_MS = 2000, hint = document.querySelector("#install");
let offer;

if ("serviceWorker" in navigator) addEventListener("load", () => setTimeout(register, AFTER_MS));
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();                                // the browser's own banner would cover the way to report
  offer = event;
  if (hint && !refused()) hint.hidden = false;
});
addEventListener("appinstalled", () => { if (hint) hint.hidden = true; });
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-install]")) offer?.prompt();
  if (target.closest("[data-install-not]")) refuse();
  if (target.closest("[data-install], [data-install-not]")) hint.hidden = true;
});

function register() {
  navigator.serviceWorker.register("/service-worker.js").catch(() => null);   // shut by its owner: all works without it
}

function refused() { try { return localStorage.getItem(NOT); } catch { return true; } }
function refuse() { try { localStorage.setItem(NOT, "1"); } catch { /* shut: asked again next time */ } }
