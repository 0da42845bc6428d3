// What this screen answers to an alarm, over its own line: that it has it, that it sounded here, or why not. One
// message a second at most, whatever comes; said anew on a new line, since the one before may have taken words with it.
import { fresh, muted } from "./alarm-new.js";
import { hear, once } from "./page.js";
import { answer } from "./socket.js";
import { sound } from "./sound.js";

once(() => {
  const SOON_MS = 250;
  const EVERY_MS = 1_000;
  const MOST = 200;
  const DAY_MS = 1e13; // a rank is part, priority, then when it was opened in ms (models/incidents/incident.py)
  const desk = document.documentElement.dataset.screen === "duty";
  const known = new Map();
  const clock = () => performance.now();
  let sent = -Infinity;
  let waits = null;

  const why = card => {
    if (sound.state !== "on") return sound.state === "broken" ? "broken" : "off";
    return desk ? "desk" : muted(card) ? "chosen" : "hushed";
  };
  const state = one => `${one.sounded === null ? one.why : "sounded"}`;
  const ago = at => (at === null ? -1 : Math.min(600_000, Math.max(0, Math.round(clock() - at))));

  function flush() {
    waits = null;
    const news = [...known.values()].filter(one => one.told !== state(one)).slice(0, MOST);
    if (!news.length) return;
    const alarms = news.map(one => [
      one.id,
      one.opened,
      ago(one.received),
      ago(one.sounded),
      one.sounded === null ? one.why : "",
      one.behind,
    ]);
    if (!answer(JSON.stringify({ alarms }))) return;
    for (const one of news) one.told = state(one);
    sent = clock();
    soon();
  }
  function soon() {
    if (waits !== null || ![...known.values()].some(one => one.told !== state(one))) return;
    waits = setTimeout(flush, Math.max(SOON_MS, sent + EVERY_MS - clock()));
  }
  // Once the alarm has looked at what waits: what of it is loud has sounded by now.
  hear("looked", ({ rang }) => {
    const here = new Set();
    for (const card of fresh()) {
      const key = `${card.id}@${card.dataset.rank}`;
      here.add(key);
      if (!known.has(key)) {
        const [id, opened] = [Number(card.id.slice(9)), Number(card.dataset.rank) % DAY_MS];
        known.set(key, { id, opened, received: clock(), sounded: null, why: "", behind: false, told: null });
      }
      const one = known.get(key);
      if (one.sounded !== null) continue;
      if (rang.has(key)) Object.assign(one, { sounded: clock(), behind: document.hidden });
      else if (sound.state !== "trying") one.why = why(card);
    }
    for (const [key, one] of known) if (!here.has(key) && one.told === state(one)) known.delete(key);
    soon();
  });
  // A console that is open and mute hears nothing: the house has to know.
  const listens = () => answer(JSON.stringify({ sound: sound.state === "on" }));
  hear("sounding", listens);
  hear("joined", () => {
    listens();
    for (const one of known.values()) one.told = null;
    soon();
  });
});
