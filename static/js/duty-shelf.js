// What the supervisor knows of: noticed (D), or shelved for 15, 30 or 60 minutes with a word why (S). It stands last
// and sounds no more, until the law takes that back (models/incidents/shelving.py) or its time is over. A burst is
// one thing.
import { act } from "./act.js";
import { clock } from "./clock.js";
import { desk } from "./duty-chosen.js";
import { send } from "./duty-send.js";
import { fill, once, server } from "./page.js";
import { queue } from "./queue.js";

export let quiet;
export let known;
export let notice;
export let shelve;

once(() => {
  const LONGEST_MS = 3_600_000; // a shelf that is further ahead was set by a clock that went wrong
  const dialog = document.getElementById("shelve");
  const form = dialog.querySelector("form");
  const wrong = form.querySelector(".wrong");
  const words = document.getElementById("late").dataset;
  const card = id => document.getElementById(`incident-${id}`);
  const all = id => queue.burst(card(id)).map(one => one.id.slice(9));
  let keys = new Map();

  quiet = ({ dataset: { noticed, shelved } }) => {
    if (!noticed || !shelved) return Boolean(noticed);
    const left = Date.parse(shelved) - server.now();
    return left > 0 && left <= LONGEST_MS;
  };
  // Who knows of it, since when, until when, and why.
  known = ({ dataset: { noticed, shelved, noticer, why } }) =>
    shelved
      ? fill(words.shelved, { who: noticer, until: clock(Date.parse(shelved)), why })
      : fill(words.noticed, { who: noticer, at: clock(Date.parse(noticed)) });
  // What was set aside goes to its place, and what stood beneath it is next.
  function aside(id, next) {
    if ([null, id].includes(desk.picked())) desk.choose(next);
  }
  notice = async id => {
    if (!card(id)) return;
    const next = desk.after(id);
    let done = true;
    for (const one of all(id)) done = (await act(one, "notice")) && done;
    if (done) aside(id, next);
  };
  shelve = (id, minutes) => {
    if (!card(id)) return;
    form.reset();
    wrong.textContent = "";
    keys = new Map();
    dialog.dataset.id = id;
    if (minutes) form.elements.minutes.value = minutes;
    document.getElementById("shelve-what").textContent = document.querySelector(`#late-${id} b`)?.textContent ?? "";
    dialog.showModal();
    form.elements.note.focus();
  };
  form.addEventListener("submit", async event => {
    event.preventDefault();
    const next = desk.after(dialog.dataset.id);
    const values = { minutes: form.elements.minutes.value, note: form.elements.note.value };
    for (const id of all(dialog.dataset.id)) {
      if (!keys.has(id)) keys.set(id, crypto.randomUUID());
      const no = await send(id, "shelve", values, keys.get(id));
      if (no) {
        if (!no.again) keys.delete(id);
        wrong.textContent = no.says;
        return;
      }
    }
    dialog.close();
    aside(dialog.dataset.id, next);
  });
  document.addEventListener("click", ({ target }) => {
    const row = target.closest("#late > li");
    if (target.closest("[data-notice]")) notice(row.dataset.id);
    const minutes = target.closest("[data-minutes]")?.dataset.minutes;
    if (minutes) shelve(row.dataset.id, minutes);
  });
});
