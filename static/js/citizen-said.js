// What is written on a follow page and has not arrived yet: words half typed, and what was pressed and never answered,
// which goes again with the same key until an answer comes. For a day, for the account that wrote it; in Mode senyap
// this page alone holds it.
import { now, over } from "./citizen-store.js";

const NAME = "siaga.said";
const PATIENCE_MS = 10_000;
const quiet = document.documentElement.dataset.quiet === "yes";
const going = new Set();
let held = [];

if (quiet) {
  held = all(true).filter(one => one.sent === "lost");
  put([], true);
}

// Mine: {id, action, fields, keys, sent, by, since}. `sent`: "lost" once pressed; `keys`: each wording that was ever
// tried → its key.
export const kept = () => all().filter(one => one.by === me());
export const lost = () => kept().filter(one => one.sent === "lost");

export function keep(id, action, fields, sent = "") {
  const known = kept().find(one => one.id === id);
  const said = JSON.stringify(fields);
  const one = {
    id,
    action,
    fields,
    sent,
    keys: { ...known?.keys, [said]: known?.keys[said] ?? random() },
    by: me(),
    since: now(),
  };
  put([...all().filter(other => other.id !== id || other.by !== one.by), one]);
  return one;
}

export function drop(id) {
  put(all().filter(one => one.id !== id || one.by !== me()));
}

// "cut" or "busy": it waits on. Else the answer: what went is dropped, what was refused stays as words only.
export async function deliver(one) {
  const said = JSON.stringify(one.fields);
  const key = one.keys[said];
  if (going.has(key)) return "going";
  going.add(key);
  let answer;
  try {
    const body = new URLSearchParams({ ...one.fields, idempotency_key: key });
    answer = await fetch(one.action, {
      method: "POST",
      body,
      headers: { "HX-Request": "true" },
      signal: AbortSignal.timeout?.(PATIENCE_MS),
    });
  } catch {
    return "cut";
  } finally {
    going.delete(key);
  }
  if (answer.status >= 500 || answer.status === 429) return "busy";
  if (answer.status === 401) {
    location.assign(answer.headers.get("HX-Redirect") ?? "/sign-in");
    return "cut";
  }
  const now = kept().find(other => other.id === one.id);
  // unless it was written on meanwhile
  if (now && JSON.stringify(now.fields) === said) answer.ok ? drop(one.id) : keep(one.id, one.action, one.fields);
  return answer;
}

function all(stored = !quiet) {
  if (!stored) return held;
  try {
    return JSON.parse(localStorage.getItem(NAME) ?? "[]").filter(({ since }) => !over(since));
  } catch {
    return held;
  }
}

function put(list, stored = !quiet) {
  if (!stored) {
    held = list;
    return;
  }
  try {
    list.length ? localStorage.setItem(NAME, JSON.stringify(list)) : localStorage.removeItem(NAME);
  } catch {
    held = list;
  }
}

function me() {
  return document.querySelector("#onway")?.dataset.me ?? "";
}
function random() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, "0")).join("");
}
