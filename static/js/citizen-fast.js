// Respons Cepat: when the finger has held for two seconds it is on its way (citizen-press.js), with the best position
// this phone knows by then, or none. Nothing is waited for.
const box = document.querySelector("#fast");
const link = box.querySelector("a");
const button = box.querySelector("button");
const ring = box.querySelector("circle.fills");
const said = document.querySelector("#fast-said");
const words = box.dataset;
const quiet = document.documentElement.dataset.quiet === "yes";
const HOLD_MS = 2000;
const OLD_MS = 600_000;
const FINE_M = 50;
const A_CLICK_MS = 500;
const Y_INDONESIA = [-11.2, 6.3];
const X_INDONESIA = [94.7, 141.1];
let began = 0;
let frame = 0;
let best = null;
let watch;
let held = false;

link.hidden = true;
button.hidden = false;
button.addEventListener("pointerdown", event => {
  if (event.button === 0) {
    button.setPointerCapture(event.pointerId);
    press();
  }
});
for (const end of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) button.addEventListener(end, release);
button.addEventListener("keydown", event => {
  if (event.key !== "Enter" && event.key !== " ") return;
  event.preventDefault();
  if (!event.repeat) press();
});
button.addEventListener("keyup", release);
button.addEventListener("contextmenu", event => event.preventDefault());
// A click that nothing was held for comes from a reader or a switch, which cannot hold: for them the form.
button.addEventListener("click", () => {
  if (!held) location.assign(link.href);
});
document.addEventListener("siaga:press", ({ detail }) => sending(detail));
addEventListener("pageshow", event => {
  if (event.persisted) rest();
});
if (window.siagaPress.waits()) sending("going"); // pressed, and the page was lost before it arrived

function press() {
  if (began || window.siagaPress.waits()) return;
  began = performance.now();
  held = true;
  tell(words.hold);
  seek();
  frame = requestAnimationFrame(fill);
}

function fill() {
  const share = Math.min(1, (performance.now() - began) / HOLD_MS);
  ring.setAttribute("stroke-dashoffset", 100 - 100 * share);
  if (share < 1) {
    frame = requestAnimationFrame(fill);
    return;
  }
  began = 0;
  unseek();
  if (!quiet) navigator.vibrate?.(200);
  window.siagaPress.press(best ? point(best) : {}, best?.accuracy <= FINE_M);
}

function release() {
  if (!began) return;
  cancelAnimationFrame(frame);
  began = 0;
  unseek();
  ring.setAttribute("stroke-dashoffset", 100);
  setTimeout(() => {
    held = false;
  }, A_CLICK_MS); // the click that belongs to this press comes at once, or never
  tell(words.short);
}

// Never asked before: its owner would have to answer first. The page it leads to asks.
async function seek() {
  best = null;
  if (!navigator.geolocation || (await known()) !== "granted" || !began) return;
  const options = { enableHighAccuracy: true, maximumAge: OLD_MS };
  watch = navigator.geolocation.watchPosition(better, () => {}, options);
}

function better({ coords }) {
  const here = inside(coords.latitude, Y_INDONESIA) && inside(coords.longitude, X_INDONESIA);
  if (here && !(best?.accuracy < coords.accuracy)) best = coords;
}

function unseek() {
  if (watch !== undefined) navigator.geolocation.clearWatch(watch);
  watch = undefined;
}

function point({ latitude, longitude, accuracy }) {
  return {
    lat: latitude.toFixed(6),
    lon: longitude.toFixed(6),
    accuracy: String(Math.round(accuracy)),
    precision: "device",
  };
}

function sending(state) {
  button.dataset.state = "sending";
  tell(words[state]);
}

function rest() {
  delete button.dataset.state;
  ring.setAttribute("stroke-dashoffset", 100);
  tell("");
}

async function known() {
  try {
    return (await navigator.permissions.query({ name: "geolocation" })).state;
  } catch {
    return "prompt";
  }
}

function inside(value, [low, high]) {
  return value >= low && value <= high;
}
function tell(text) {
  said.textContent = text;
  said.hidden = !text;
}
