// Respons Cepat: held for two seconds it files at once, with the best position this phone knows, or none. No words are
// waited for.
const box = document.querySelector("#fast");
const link = box.querySelector("a");
const button = box.querySelector("button");
const ring = box.querySelector("circle.fills");
const said = document.querySelector("#fast-said");
const words = box.dataset;
const quiet = document.documentElement.dataset.quiet === "yes";
const HOLD_MS = 2000;
const WAIT_MS = 4000;
const ASKED_WAIT_MS = 15_000;
const OLD_MS = 600_000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15_000;
const PENDING = "siaga.fast";
const A_CLICK_MS = 500;
const Y_INDONESIA = [-11.2, 6.3];
const X_INDONESIA = [94.7, 141.1];
let began = 0;
let frame = 0;
let place = null;
let sending = false;
let held = false;
let wait = FIRST_WAIT_MS;
let waiting = null;
let timer;

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
addEventListener("online", () => {
  if (timer) send(waiting);
});
addEventListener("pageshow", event => {
  if (event.persisted) rest();
});
if (pending()) send(pending().fields); // pressed, and the page was lost before it arrived

function press() {
  if (began || sending) return;
  began = performance.now();
  held = true;
  tell(words.hold);
  known().then(allowed => {
    if (allowed === "granted" && began) place ??= locate(WAIT_MS + HOLD_MS);
  });
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
  fire();
}

function release() {
  if (!began) return;
  cancelAnimationFrame(frame);
  began = 0;
  place = null;
  ring.setAttribute("stroke-dashoffset", 100);
  setTimeout(() => {
    held = false;
  }, A_CLICK_MS); // the click that belongs to this press comes at once, or never
  tell(words.short);
}

async function fire() {
  if (!quiet) navigator.vibrate?.(200);
  sending = true;
  tell(words.seek);
  // never asked before: its owner has to answer first
  place ??= locate((await known()) === "granted" ? WAIT_MS : ASKED_WAIT_MS);
  const fields = { category: "DARURAT_NYAWA", held: "yes", idempotency_key: random(), ...(await place) };
  keep({ fields, at: Date.now() });
  send(fields);
}

// The first that is fine enough, else the best there was when the time is over; {} when there was none.
function locate(patience) {
  if (!navigator.geolocation) return Promise.resolve({});
  return new Promise(done => {
    let best = null;
    const end = () => {
      navigator.geolocation.clearWatch(watch);
      done(best ? point(best) : {});
    };
    const watch = navigator.geolocation.watchPosition(
      ({ coords }) => {
        if (
          inside(coords.latitude, Y_INDONESIA) &&
          inside(coords.longitude, X_INDONESIA) &&
          !(best?.accuracy < coords.accuracy)
        )
          best = coords;
        if (best?.accuracy <= 50) end();
      },
      ({ code, PERMISSION_DENIED }) => {
        if (code === PERMISSION_DENIED) end();
      },
      { enableHighAccuracy: true, maximumAge: OLD_MS },
    );
    setTimeout(end, patience);
  });
}

function point({ latitude, longitude, accuracy }) {
  return {
    lat: latitude.toFixed(6),
    lon: longitude.toFixed(6),
    accuracy: String(Math.round(accuracy)),
    precision: "device",
  };
}

async function send(fields) {
  clearTimeout(timer);
  timer = undefined;
  waiting = fields;
  sending = true;
  button.dataset.state = "sending";
  tell(words.going);
  let answer;
  try {
    answer = await fetch("/complaints", {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { "HX-Request": "true" },
      keepalive: true,
    });
  } catch {
    return again(words.cut, fields);
  }
  if (answer.status >= 500 || answer.status === 429) return again(words.busy, fields);
  keep(null);
  // To the follow page, or to the door, where it waits.
  const to = answer.headers.get("HX-Redirect") ?? (answer.ok && answer.url);
  if (to) location.assign(to);
  else refused(fields);
}

// Nothing was stored: sent once more as a page, so that the form says what is in the way, and whom to call.
function refused(fields) {
  const form = Object.assign(document.createElement("form"), { method: "post", action: "/complaints", hidden: true });
  for (const [name, value] of new URLSearchParams(fields))
    form.append(Object.assign(document.createElement("input"), { name, value }));
  document.body.append(form);
  form.submit();
}

function again(why, fields) {
  tell(why);
  timer = setTimeout(() => send(fields), wait);
  wait = Math.min(wait * 2, LONGEST_WAIT_MS);
}

function rest() {
  sending = false;
  place = null;
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

function pending() {
  try {
    const kept = JSON.parse(localStorage.getItem(PENDING));
    return kept && Date.now() - kept.at < OLD_MS ? kept : null;
  } catch {
    return null;
  }
}

function keep(what) {
  try {
    what ? localStorage.setItem(PENDING, JSON.stringify(what)) : localStorage.removeItem(PENDING);
  } catch {
    /* shut: this page still holds it */
  }
}

function random() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, "0")).join("");
}
function inside(value, [low, high]) {
  return value >= low && value <= high;
}
function tell(text) {
  said.textContent = text;
  said.hidden = !text;
}
