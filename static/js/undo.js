// For 20 seconds after an act done here (one less, for the way there) one press takes it back. The newest act is the
// one that Z undoes, on its own incident, whatever is chosen by then. When no line offers that, Z asks all the same for
// the newest act: why it cannot be taken back the law says (models/incidents/undoing.py).
import { act, acting } from "./act.js";
import { announce } from "./announce.js";
import { does } from "./keys.js";
import { fill, hear, once, tell, write } from "./page.js";

export let undo;

once(() => {
  const SECONDS = 19;
  const line = document.getElementById("undo");
  const says = line.querySelector("span");
  const count = line.querySelector(".num");
  const SAID = ["ask", "note", "reply"];
  const LOOKS = ["identity"];
  const errors = document.getElementById("errors");
  const names = new Map(); // incident → what it is called, read before the act: then its card may be gone
  let last = null;
  let newest = null;
  let until = 0; // what the line offers; what was done last
  const text = (root, name) => root?.querySelector(name)?.textContent.trim() ?? "";
  const hide = () => {
    last = null;
    line.hidden = true;
  };

  function name(id) {
    const card = document.getElementById(`incident-${id}`);
    const open = document.getElementById(`incident-open-${id}`);
    const [what, where] = card
      ? [text(card, ".card-what"), text(card, ".card-where")]
      : [text(open, "h1"), text(open, ".inc-place span")];
    return [what, where.split(" · ")[0]].filter(Boolean).join(", ");
  }
  function offer(id, step, words) {
    last = newest = { id, step };
    until = performance.now() + SECONDS * 1000;
    write(says, words);
    write(count, SECONDS);
    line.hidden = false;
    // a claim is told as what one holds now (announce.js); the seconds are told to nobody
    if (step !== "claim") announce(words);
  }
  hear("acting", ({ id }) => {
    if (id) names.set(id, name(id));
  });
  hear("acted", ({ id, step, form, sent, words: own }) => {
    const n = sent?.getAll("personnel").reduce((sum, part) => sum + Number(part), 0);
    const to = form?.querySelector(`[name=agency] [value="${sent.get("agency")}"]`)?.dataset.short;
    const words = own ?? line.getAttribute(`data-words-${step}`);
    if (words) offer(id, step, fill(words, { what: names.get(id), n, to }));
    else if (id && !LOOKS.includes(step)) {
      newest = { id, step };
      if (last?.id === id && !SAID.includes(step)) hide();
    }
  });
  does.z = undo = () => {
    const deed = last ?? newest;
    if (deed && acting(deed.id)) return tell("still"); // what is on its way there is newer, or is this undo itself
    hide();
    if (deed) act(deed.id, "undo", { step: deed.step });
    else errors.textContent = errors.dataset.nothing;
  };
  line.querySelector("button").addEventListener("click", undo);
  hear("tick", () => {
    const left = Math.ceil((until - performance.now()) / 1000);
    if (line.hidden) return;
    write(count, left);
    if (left <= 0) hide();
  });
});
