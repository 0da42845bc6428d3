// Without a signal: what was written stays in view and can be gone on with; the page asked for comes back with the signal.
import { draft, keep } from "./citizen-store.js";

const words = document.querySelector("#words"), said = document.querySelector("#kept-here"), fast = document.querySelector("#fast-waits");
const kept = draft(), FAST_MS = 600_000;

words.value = kept?.fields.description ?? "";
tell();
words.addEventListener("input", () => {
  const known = draft();
  keep({ ...known?.fields, description: words.value }, known?.sent);
  tell();
});
fast.hidden = !pressed();
addEventListener("online", again);
document.querySelector("#again").addEventListener("click", again);

function again() {
  if (pressed()) location.assign("/");                   // the home page sends it
  else location.reload();
}

function tell() { said.hidden = !words.value.trim(); }

function pressed() {
  try { return Date.now() - JSON.parse(localStorage.getItem("siaga.fast")).at < FAST_MS; } catch { return false; }
}
