// Sends the form so that a lost signal loses nothing: the same key again until an answer comes. Words go first and
// alone; the files are in this device's keeping and follow from the next page (citizen-upload.js).
import { draft, forget, handOver, within } from "./citizen-store.js";
import { save } from "./citizen-draft.js";
import { keeping } from "./citizen-photos.js";

const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 30000;
const STALLED_MS = 60_000;
const KEEPING_MS = 30_000;
const files = document.querySelector("#ups");
const photo = document.querySelector("#photo");
const FOLLOWED = /^\/complaints\/([0-9A-Z]{4}-[0-9A-Z]{4})$/;
const form = document.querySelector("#report");
const button = document.querySelector("#send");
const told = document.querySelector("#sending");
let wait = FIRST_WAIT_MS;
let timer;

form.addEventListener("submit", event => {
  event.preventDefault();
  save("yes");
  wait = FIRST_WAIT_MS;
  send();
});
addEventListener("online", () => {
  if (timer) send();
});
addEventListener("pageshow", event => {
  if (event.persisted) idle();
});
if (form.dataset.draft === "fresh" && draft()?.sent === "lost") send(); // pressed before, and never answered

function send() {
  clearTimeout(timer);
  timer = undefined;
  button.disabled = true;
  say(told.dataset.going);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true"); // where to go, instead of that page itself: it would come twice
  let stalled;
  const watch = () => {
    clearTimeout(stalled);
    stalled = setTimeout(() => request.abort(), STALLED_MS);
  };
  request.onloadend = () => clearTimeout(stalled);
  request.upload.onprogress = ({ lengthComputable, loaded, total }) => {
    watch();
    if (lengthComputable && total > 200_000) say(`${told.dataset.going} ${Math.floor((100 * loaded) / total)} %`);
  };
  request.onload = () => {
    if (request.status === 503 || request.status === 429) return again(told.dataset.busy);
    if (request.status < 400) return arrived(request.getResponseHeader("HX-Redirect") ?? request.responseURL);
    save("");
    if (!carried()) photo.value = ""; // they come back from this device
    form.submit(); // refused: nothing was stored, so let the server's page say why
  };
  request.onerror = request.onabort = () => again(told.dataset.cut);
  const said = new FormData(form);
  if (!carried()) said.delete("photo");
  request.send(said);
  watch();
}

// At the door instead of the follow page: the draft waits on, and is handed over behind it.
async function arrived(url) {
  const ref = new URL(url, location).pathname.match(FOLLOWED)?.[1];
  if (ref) {
    say(told.dataset.here ? `${told.dataset.here} ${ref}` : told.dataset.going);
    const bare = !carried();
    if (await within(KEEPING_MS, keeping)) await handOver(ref);
    else if (bare && photo.files.length)
      await fetch(`/complaints/${ref}/photos`, { method: "POST", body: photos() }).catch(() => null);
    await forget();
  } else save("yes");
  location.assign(url);
}

// Only where this browser keeps nothing has the form to carry the photos itself.
function carried() {
  return files.dataset.kept === "no";
}

function photos() {
  const form = new FormData();
  [...photo.files].forEach(file => form.append("photo", file));
  return form;
}

function again(words) {
  save("lost");
  say(words);
  button.disabled = false;
  timer = setTimeout(send, wait);
  wait = Math.min(wait * 2, LONGEST_WAIT_MS);
}

function idle() {
  clearTimeout(timer);
  button.disabled = false;
  say("");
}

function say(words) {
  told.textContent = words;
  told.hidden = !words;
}
