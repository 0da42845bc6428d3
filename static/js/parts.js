// The heads of the queue's two parts: how many wait, in how many reports; how many are in hand, whose console is
// silent, how many are there. Counted from the list, whole: what a filter hides still waits, and the head then says how
// many of them are seen.
import { ageOf } from "./ages.js";
import { fill, hear, onBoard, once, write } from "./page.js";
import { queue } from "./queue.js";

once(() => {
  const more = () => Number(document.getElementById("more")?.dataset.more);
  const sum = (cards, name) => cards.reduce((total, card) => total + Number(card.dataset[name]), 0);

  function head(id, cards, hidden, { says, end, cut }) {
    const part = document.getElementById(id);
    const rows = cards.filter(card => queue.leader(card) === card);
    const seen = rows.filter(card => !hidden.has(card.id)).length;
    write(part.querySelector("b"), rows.length + (cut ? "+" : ""));
    write(part.querySelector(".part-says"), seen < rows.length ? fill(part.dataset.wordsSeen, seen) : says);
    write(part.querySelector(".part-end"), end);
    part.hidden = !document.querySelector("#board > .card");
  }
  hear("filtered", ({ hidden }) => {
    const cards = onBoard();
    const waiting = cards.filter(card => card.dataset.status === "new");
    const running = cards.filter(card => card.dataset.status !== "new");
    const late = waiting.some(card => ageOf(card.id)?.when === "late");
    const silent = running.filter(card => card.matches(".card--silent")).length;
    const there = running.filter(card => card.dataset.status === "on_scene").length;
    const words = document.getElementById("board").dataset;
    head("waiting", waiting, hidden, {
      says: waiting.length ? fill(words.reports, sum(waiting, "reports")) : "",
      end: late ? words.wordsLate : "",
      cut: more() && !running.length,
    });
    head("running", running, hidden, {
      says: silent ? fill(words.silent, silent) : "",
      end: there ? fill(words.there, there) : "",
      cut: more(),
    });
  });
});
