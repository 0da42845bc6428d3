// The rungs of the ladder under a row: a tick for what was reached, a clock for what will be, and in how long. Of what
// waits, as the server told them (#rungs) and its ladder says; of what is held, the desk's own sound (alarm-desk.js).
import { span } from "./ages.js";
import { unknown } from "./alarm-desk.js";
import { clock } from "./clock.js";
import { fill, once, server } from "./page.js";

export let rungs;

once(() => {
  const list = document.getElementById("late");
  const words = list.dataset;
  const ladder = JSON.parse(words.ladder);
  const NAMES = ["desk", "lead", "command"];
  const SAYS = {
    told: words.rungTold,
    failed: words.rungFailed,
    unknown: words.rungUnknown,
    waiting: words.rungWaiting,
    spared: words.rungSpared,
    due: words.rungDue,
  };
  const SIGNS = { told: "check", failed: "late", unknown: "late", waiting: "clock", spared: "eye", due: "clock" };
  const one = (name, is, at = "") => ({ is, sign: SIGNS[is], says: fill(SAYS[is], { n: words[name], at }) });

  function ofWaiting(card) {
    const calls = !("muted" in card.dataset || card.classList.contains("card--exercise")); // as far as this page knows
    const id = card.id.slice(9);
    const told = [...document.querySelectorAll(`#rungs > [data-incident="${id}"]`)].map(row => row.dataset);
    const since = Date.parse(card.querySelector("time").dataset.since);
    return NAMES.flatMap((name, n) => {
      const own = told.filter(row => row.rung === name);
      if (own.length) return own.map(row => one(row.way === "push" ? "push" : name, row.fate, row.at));
      const seconds = ladder[card.dataset.priority]?.[n];
      const left = since + seconds * 1000 - server.now();
      return calls && seconds && left > 0 ? [one(name, "due", span(left / 1000))] : [];
    });
  }
  function ofHeld(card, away) {
    const { given, knownBy } = card.dataset;
    const at = unknown(card) ? Date.parse(away ? given : knownBy) : 0;
    const left = at - server.now();
    if (at) return [left > 0 ? one("desk", "due", span(left / 1000)) : one("desk", "told", clock(at))];
    return [];
  }
  rungs = (card, away) => (card.dataset.status === "new" ? ofWaiting(card) : ofHeld(card, away));
});
