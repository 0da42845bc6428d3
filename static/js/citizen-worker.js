// Once the page has all it needs: registers the service worker, sends on what was never answered, and offers to
// install, once, to who has reported before.
const NOT = "siaga.install.not";
const AFTER_MS = 2000;
const hint = document.querySelector("#install");
let offer;

const plain = document.documentElement.dataset.quiet === "yes"; // whose offline page is to be another, at once
if ("serviceWorker" in navigator) addEventListener("load", () => setTimeout(register, plain ? 0 : AFTER_MS));
if (!document.querySelector("#report")) {
  // the form sends its own
  for (const back of ["load", "online"]) for (const send of [sendOn, saySo]) addEventListener(back, send);
}
addEventListener("beforeinstallprompt", event => {
  event.preventDefault(); // the browser's own banner would cover the way to report
  offer = event;
  if (hint && !refused()) hint.hidden = false;
});
addEventListener("appinstalled", () => {
  if (hint) hint.hidden = true;
});
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-install]")) offer?.prompt();
  if (target.closest("[data-install-not]")) refuse();
  if (target.closest("[data-install], [data-install-not]")) hint.hidden = true;
});

function register() {
  // Its offline page speaks as this page does: another language, or Mode senyap, is another worker. Shut by its owner:
  // all works without it.
  const { lang } = document.documentElement;
  navigator.serviceWorker.register(`/service-worker.js?lang=${lang}${plain ? "&quiet=yes" : ""}`).catch(() => null);
}

async function sendOn() {
  try {
    if (!localStorage.getItem("siaga.draft")?.includes('"sent":"lost"')) return;
  } catch {
    return;
  }
  const to = await (await import("./citizen-lost.js")).sendLost();
  if (to) location.assign(to);
}

// What was written on a follow page that is closed by now.
async function saySo() {
  try {
    if (!localStorage.getItem("siaga.said")?.includes('"sent":"lost"')) return;
  } catch {
    return;
  }
  const { deliver, lost } = await import("./citizen-said.js");
  for (const one of lost()) await deliver(one);
}

function refused() {
  try {
    return localStorage.getItem(NOT);
  } catch {
    return true;
  }
}
function refuse() {
  try {
    localStorage.setItem(NOT, "1");
  } catch {
    /* shut: asked again next time */
  }
}
