// Sends what waits on this device, one file after the other, on whichever of our pages is open: after a lost signal, a
// closed tab, a restarted phone. One tab sends, all show it.
import { IN_FORM, dequeue, draft, enqueue, forget, handOver, queued, requeue } from "./citizen-store.js";
import { Lost, Refused, drop, isVideo, send } from "./citizen-tus.js";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 30_000;
const NOT_NOW = [401, 403, 404];
const bar = document.querySelector("#onway");
const list = () => document.querySelector("#queue");
const words = bar.dataset;
// An app's own browser may have none: then there is one page only.
const others = "BroadcastChannel" in window ? new BroadcastChannel("siaga-uploads") : { postMessage() {} };
const done = {};
const said = {};
const over = {}; // what will not be sent as it is: the others go on without it
let items = [];
let wake = () => {};
let ending = new AbortController();
let sending = null;
let asked = false; // to send, while it was sending

others.onmessage = ({ data }) => {
  Object.assign(done, data.done);
  Object.assign(said, data.said);
  Object.assign(over, data.over);
  data.changed ? begin() : draw();
};
addEventListener("online", () => wake());
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) wake();
});
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) begin(); // what waited may have been sent from another page
});
document.addEventListener("change", ({ target }) => {
  if (target.matches("#add [type=file]")) add(target);
});
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-stops]");
  if (button) stop(Number(button.dataset.stops));
});
prepare();
await arrived();
begin();

// The follow page of a complaint just filed: the draft that it was goes, its files go on to it.
async function arrived() {
  const kept = draft(true);
  const ref = list()?.dataset.ref;
  if (!kept?.sent || !ref || !document.querySelector("#receipt, #far[role=status]")) return;
  const told = document.querySelector(".told")?.textContent.trim() ?? "";
  if (kept.fields.description.trim() && kept.fields.description.trim() !== told) return; // another complaint's
  let left = kept.sent === "form" ? IN_FORM : 0;
  await handOver(ref, file => !isVideo(file) && left-- > 0);
  await forget();
}

async function begin() {
  items = await queued();
  draw();
  // sent or called back by another page: it ends here too
  if (ending.id !== undefined && !items.some(({ id }) => id === ending.id)) ending.abort();
  asked = Boolean(sending); // it may have looked for the last time already
  if (!items.length || sending) return wake();
  // another tab at it: wait for it to close
  sending = navigator.locks ? navigator.locks.request("siaga-uploads", work) : work();
  sending.finally(() => {
    sending = null;
    if (asked) begin();
  });
}

const called = new Set(); // back: nothing under way may put them into the queue again

async function work() {
  const skipped = new Set();
  const there = {};
  let wait = FIRST_WAIT_MS;
  for (;;) {
    items = await queued();
    const item = items.find(({ id }) => !skipped.has(id) && !over[id] && !called.has(id));
    if (!item) return;
    ending = new AbortController();
    ending.id = item.id;
    const landed = bytes => {
      // while nothing of it gets through, every wait is twice the last
      if (bytes > (there[item.id] ?? -1)) wait = FIRST_WAIT_MS;
      there[item.id] = bytes;
    };
    try {
      await send(item, {
        tell: bytes => tell(item, bytes),
        landed,
        keep: () => called.has(item.id) || requeue(item),
        signal: ending.signal,
      });
      await leave(item);
    } catch (error) {
      if (error instanceof Lost) {
        tell(item, done[item.id] ?? 0, words.cut);
        await new Promise(go => {
          wake = go;
          setTimeout(go, wait);
        });
        wait = Math.min(wait * 2, LONGEST_WAIT_MS);
      } else if (error instanceof Refused && NOT_NOW.includes(error.status)) {
        skipped.add(item.id); // whose it is may come back: it stays
        tell(item, done[item.id] ?? 0, words.door);
      } else if (error instanceof Refused) {
        skipped.add(item.id);
        giveUp(item, error.message);
      } else if (!ending.signal.aborted) {
        skipped.add(item.id); // the device no longer has the file itself
        giveUp(item);
      }
    }
  }
}

async function leave(item) {
  await dequeue(item.id);
  items = items.filter(({ id }) => id !== item.id);
  draw();
  others.postMessage({ changed: true });
}

async function stop(id) {
  const item = items.find(one => one.id === id);
  if (!item) return;
  called.add(id);
  if (ending.id === id) ending.abort();
  await leave(item);
  await drop(item);
}

async function add(input) {
  const files = [...input.files];
  const { picked } = await import("./citizen-pick.js"); // where there is a picker; this script runs on every page
  const { good, said: faults } = await picked(files);
  input.value = "";
  await enqueue(list().dataset.ref, good);
  list().nextElementSibling.textContent = faults;
  others.postMessage({ changed: true });
  begin();
}

function tell(item, bytes, about = "") {
  done[item.id] = bytes;
  said[item.id] = about;
  others.postMessage({ done: { [item.id]: bytes }, said: { [item.id]: about } });
  draw();
}

// It names itself and can be dropped; sent as it is it would only be refused again.
function giveUp(item, why = "") {
  over[item.id] = true;
  others.postMessage({ over: { [item.id]: true } });
  tell(item, 0, `${item.file.name}: ${why || words.never}`);
}

// With this script files need no button and may be films.
function prepare() {
  const form = document.querySelector("#add");
  const input = form?.querySelector("input[type=file]");
  if (!form) return;
  input.accept = form.dataset.accept;
  input.removeAttribute("required");
  form.querySelector(".add-words").textContent = form.dataset.words;
  form.querySelector(".add-limits").textContent = form.dataset.limits;
  form.querySelector(".add-send").hidden = true;
}

function draw() {
  if (list()) rows(items.filter(({ ref }) => ref === list().dataset.ref));
  bar.hidden = !items.length;
  if (!items.length) return;
  const going = items.filter(({ id }) => !over[id]);
  const sum = bytes => going.reduce((total, item) => total + bytes(item), 0);
  const at = percent(
    sum(({ id }) => done[id] ?? 0),
    sum(({ file }) => file.size),
  );
  bar.href = `/complaints/${items[0].ref}#queue`;
  const told = (going.length ? going : items).map(({ id }) => said[id]).find(Boolean);
  write(bar.querySelector("span"), told || `${words.going} ${at} %`);
  bar.querySelector("progress").value = at;
}

function rows(mine) {
  const box = list();
  const known = new Map([...box.children].map(row => [row.dataset.id, row]));
  box.hidden = !mine.length;
  const there = document.querySelectorAll("#photos .up").length; // they stand above, counted from one
  mine.forEach(({ id, file }, place) => {
    const row =
      known.get(String(id)) ??
      box.appendChild(document.querySelector("#queue-row").content.firstElementChild.cloneNode(true));
    known.delete(String(id));
    const at = percent(done[id] ?? 0, file.size);
    const name = `${isVideo(file) ? words.video : words.photo} ${there + place + 1}`;
    const state = said[id] || (id in done ? `${megabytes(done[id])} / ${megabytes(file.size)} MB` : words.next);
    row.dataset.id = id;
    row.querySelector("use").setAttribute("href", isVideo(file) ? "#i-video" : "#i-photo");
    write(row.querySelector("b"), name);
    write(row.querySelector("small"), state);
    row.querySelector("progress").value = at;
    row.querySelector("progress").setAttribute("aria-label", name);
    write(row.querySelector("output"), id in done && !said[id] ? `${at} %` : "");
    row.querySelector("button").dataset.stops = id;
    row.querySelector("button").setAttribute("aria-label", `${over[id] ? words.drop : words.stop} ${name}`);
  });
  known.forEach(row => row.remove());
}

const percent = (bytes, size) => (size ? Math.floor((100 * bytes) / size) : 0); // an empty file has no percent

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function megabytes(bytes) {
  return (bytes / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });
}
