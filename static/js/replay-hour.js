// The hour of a replay: what stood when it began, and what each event made of its incident. It is fetched once; where
// one stands in it is a moment and how many of its events have been by then.
import { once, tell } from "./page.js";

const SLOW = 1_000;
export const hour = { begins: 0, ends: 0, seq: 0, start: new Map(), frames: [], n: 0, at: 0 };

// The number of the last event that has been.
export const seqHere = () => hour.frames[hour.n - 1]?.seq ?? hour.seq;

// All incidents as they stood here: id → { card, out }.
export function stood() {
  const all = new Map(hour.start);
  for (const frame of hour.frames.slice(0, hour.n)) all.set(frame.id, frame.state);
  return all;
}

// To a moment; or to just after the nth event.
export function toMoment(at) {
  hour.at = Math.min(Math.max(at, hour.begins), hour.ends);
  hour.n = hour.frames.findLastIndex(frame => frame.at <= hour.at) + 1;
  tell("stood");
}
export function toEvent(n) {
  hour.n = Math.min(Math.max(n, 0), hour.frames.length);
  hour.at = Math.min(hour.frames[hour.n - 1]?.at ?? hour.begins, hour.ends);
  tell("stood");
}
export const toSeq = seq => toEvent(hour.frames.filter(frame => frame.seq <= seq).length);

once(async () => {
  const page = document.getElementById("replay");
  const says = document.getElementById("says");
  const { from, begins, ends, seq, at } = page.dataset;
  Object.assign(hour, { begins: Date.parse(begins), ends: Date.parse(ends), seq: Number(seq) });
  const empty = says.textContent;
  says.textContent = says.dataset.loading;
  const slow = setTimeout(() => {
    says.textContent = says.dataset.slow;
  }, SLOW);
  try {
    const answer = await fetch(`/duty/replay.json?from=${encodeURIComponent(from)}`);
    if (!answer.ok) throw new Error(answer.status);
    const told = await answer.json();
    for (const { id, card, out } of told.start) hour.start.set(id, { card, out });
    const now = new Map(hour.start);
    hour.frames = told.frames.map(({ id, seq, at, ...state }) => {
      now.set(id, { card: null, out: {}, ...now.get(id), ...state }); // what is not told has not changed
      return { id, seq, at, state: now.get(id) };
    });
    says.textContent = empty;
    document.getElementById("controls").hidden = false;
    page.dataset.ready = "";
    toSeq(Number(at));
  } catch {
    says.textContent = says.dataset.failed;
  } finally {
    clearTimeout(slow);
  }
});
