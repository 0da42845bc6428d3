// Without a signal: what was written stays in view and can be gone on with, what waits is told, and with the signal it
// goes on.
import { draft, keep, queued } from "./citizen-store.js";
import { sendLost, waits } from "./citizen-lost.js";

const LOOK_MS = 5000;
const words = document.querySelector("#words");
const line = id => document.querySelector(id);

words.value = draft()?.fields.description ?? "";
tell();
words.addEventListener("input", () => {
  const known = draft();
  keep({ ...known?.fields, description: words.value }, known ?? undefined);
  tell();
});
line("#fast-waits").hidden = !pressed();
files();
addEventListener("online", look);
setInterval(look, LOOK_MS); // a weak signal goes and comes without any event
line("#again").addEventListener("click", again);

// Nobody is taken away from a sentence that is being written, unless a report waits to be sent.
async function look() {
  if (document.hidden || (document.activeElement === words && !waits() && !pressed())) return;
  const answer = await fetch("/health", { cache: "no-store" }).catch(() => null);
  if (answer?.ok) again();
}

async function again() {
  if (pressed()) return location.assign("/"); // the home page sends it
  const to = await sendLost();
  if (to) location.assign(to);
  else location.reload();
}

function tell() {
  line("#lost-waits").hidden = !waits();
  line("#kept-here").hidden = waits() || !words.value.trim();
}

// Somebody left quickly: that anything waits is then nobody's to see.
async function files() {
  const count = left() ? 0 : (await queued()).length;
  const told = line("#files-wait");
  told.hidden = !count;
  told.querySelector("b").textContent = count;
}

function left() {
  try {
    return localStorage.getItem("siaga.out");
  } catch {
    return null;
  }
}

function pressed() {
  try {
    return Boolean(localStorage.getItem("siaga.fast"));
  } catch {
    return false;
  }
}
