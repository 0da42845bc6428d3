// The forms of the follow page: what is typed comes back after a reload, what was pressed without a connection says so
// at once and goes by itself. Forms without a text field are presses: each is one of its own.
import { deliver, drop, keep, kept, lost } from "./citizen-said.js";

const FORMS = "#follow form[action^='/complaints/']:not([enctype])";
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 30_000;
const SLOW_MS = 1000;
const words = document.querySelector("#follow").dataset;
const told = new Map();
const known = new WeakSet();
let wait = FIRST_WAIT_MS;
let timer;
let busy = false;
let more = false;

document.addEventListener("submit", event => {
  const form = event.target;
  if (!form.matches(FORMS)) return;
  event.preventDefault();
  const fields = fieldsOf(form, event.submitter);
  if (event.submitter?.matches(".tog")) event.submitter.ariaBusy = "true"; // until the page says what became of it
  // before it goes: a page that is closed now loses nothing
  keep(idOf(form, fields), form.getAttribute("action"), fields, "lost");
  wait = FIRST_WAIT_MS;
  send();
});
for (const change of ["input", "change"])
  document.addEventListener(change, ({ target }) => {
    const form = target.closest(FORMS);
    if (!form || !typed(form)) return;
    const fields = fieldsOf(form);
    const id = idOf(form, fields);
    const before = kept().find(one => one.id === id);
    if (before && said(before.fields) === said(fields)) return;
    tell(id, "");
    Object.values(fields).some(value => value.trim()) ? keep(id, form.getAttribute("action"), fields) : drop(id);
  });
addEventListener("online", again);
document.addEventListener("htmx:ws:after:connection", again);
document.addEventListener("htmx:after:swap", show);
document.addEventListener("htmx:after:swap", () => {
  const waits = lost().map(one => one.fields.words);
  for (const one of document.querySelectorAll(".tog[aria-busy]"))
    if (!waits.includes(one.value)) one.removeAttribute("aria-busy");
});
show();
if (lost().length) send();

function again() {
  if (!lost().length) return;
  wait = FIRST_WAIT_MS;
  send();
}

async function send() {
  clearTimeout(timer);
  more = busy;
  if (busy) return;
  busy = true;
  let waits = false;
  for (const one of lost()) waits = !(await go(one)) || waits;
  busy = false;
  if (more) return send();
  if (!waits) return;
  timer = setTimeout(send, wait);
  wait = Math.min(wait * 2, LONGEST_WAIT_MS);
}

// False when it waits on.
async function go(one) {
  const slow = setTimeout(() => {
    if (!told.get(one.id)) tell(one.id, words.going);
  }, SLOW_MS);
  const answer = await deliver(one);
  clearTimeout(slow);
  if (answer === "going") return true;
  if (typeof answer === "string") {
    if (answer === "cut") document.dispatchEvent(new CustomEvent("siaga:unreached"));
    if (lost().some(other => other.id === one.id)) tell(one.id, answer === "cut" ? words.unsent : words.busy);
    return false;
  }
  const form = formOf(one.id);
  tell(
    one.id,
    answer.ok ? "" : new DOMParser().parseFromString(await answer.text(), "text/html").body.textContent.trim(),
  );
  if (!answer.ok && (!form || !typed(form))) drop(one.id);
  if (answer.ok && form && said(fieldsOf(form)) === said(one.fields)) form.reset();
  document.dispatchEvent(new CustomEvent("siaga:said"));
  return true;
}

// What is to be said at a form is written once: read aloud again with every try it would be a torment.
function tell(id, text) {
  text ? told.set(id, text) : told.delete(id);
  show();
}

function show() {
  for (const form of document.querySelectorAll(FORMS)) {
    if (!known.has(form)) {
      known.add(form);
      restore(form);
    }
    const room = form.querySelector(".wrong") ?? form.parentElement.querySelector(":scope > .wrong");
    const name = nameOf(form);
    const text = [...told].find(([id]) => id === name || id.startsWith(`${name} `))?.[1] ?? "";
    if (!room || (room.dataset.by ?? name) !== name || (!text && !room.dataset.by) || room.textContent === text)
      continue;
    if (text) room.dataset.by = name;
    else delete room.dataset.by;
    room.replaceChildren(
      ...(text ? [Object.assign(document.createElement("p"), { className: "fault", textContent: text })] : []),
    );
  }
}

function restore(form) {
  const one = kept().find(({ id }) => id === nameOf(form));
  // the server's answer holds newer words
  if (!one || !typed(form) || Object.entries(fieldsOf(form)).some(([, value]) => value)) return;
  for (const [name, value] of Object.entries(one.fields)) {
    const controls = form.elements.namedItem(name);
    if (controls) controls.value = value;
  }
}

function fieldsOf(form, button) {
  const fields = Object.fromEntries(new FormData(form));
  delete fields.whose; // nothing anybody wrote; it goes with every fetch
  if (button?.name) fields[button.name] = button.value;
  return fields;
}

function typed(form) {
  return Boolean(form.querySelector("textarea"));
}
function nameOf(form) {
  return `${form.getAttribute("action")}#${form.id || form.className}`;
}
function idOf(form, fields) {
  return typed(form) ? nameOf(form) : `${nameOf(form)} ${fields.words ?? ""}`;
}
function formOf(id) {
  return [...document.querySelectorAll(FORMS)].find(form => id === nameOf(form) || id.startsWith(`${nameOf(form)} `));
}
function said(fields) {
  return JSON.stringify(fields);
}
