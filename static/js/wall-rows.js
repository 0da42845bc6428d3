// As many rows as fit, and how many more there are: how many of them nobody has taken, and by priority; and the band:
// the first P1 that nobody has taken, across the wall.
import { span } from "./ages.js";
import { fill, frame, hear, onBoard, once, sheet, word } from "./page.js";
import { queue } from "./queue.js";

once(() => {
  const list = document.querySelector(".wall-queue");
  const more = document.getElementById("more");
  const band = document.getElementById("band");
  const words = band.querySelector("p");
  const age = band.querySelector("time");

  function fit() {
    const all = onBoard();
    const cards = queue.heads();
    const unsent = Number(more.dataset.more);
    const room = list.clientHeight;
    sheet("rows", "");
    more.hidden = false;
    const foot = more.offsetHeight;
    const ends = cards.map(card => card.offsetHeight && card.offsetTop + card.offsetHeight - cards[0].offsetTop);
    const within = space => ends.findLastIndex(end => end && end <= space) + 1;
    const rest = within(room) < cards.length || unsent > 0;
    const fits = within(rest ? room - foot : room);
    const past = cards[fits] ? all.indexOf(cards[fits]) + 1 : 0; // a burst is one row
    sheet("rows", past ? `#board > .card:nth-child(n+${past}){display:none!important}` : "");
    const hidden = cards.slice(fits);
    const waiting = hidden.filter(card => card.dataset.status === "new").length;
    more.hidden = !rest;
    const n = hidden.length + unsent;
    const unknown = unsent && cards.at(-1).dataset.status === "new" ? "+" : ""; // of those nobody counted
    more.querySelector("b").textContent = waiting
      ? fill(more.dataset.new, { n, new: `${waiting}${unknown}` })
      : fill(more.dataset.text, n);
    for (const part of more.querySelectorAll("[data-p]")) {
      const count = hidden.filter(card => card.dataset.priority === part.dataset.p).length;
      part.hidden = !count;
      part.lastElementChild.textContent = count;
    }
    more.removeAttribute("data-brief");
    more.toggleAttribute("data-brief", more.scrollHeight > more.clientHeight + 1); // by priority: all of it or nothing
  }
  function call() {
    const calls = queue
      .heads()
      .filter(({ dataset }) => dataset.status === "new" && dataset.priority === "1" && !("muted" in dataset))
      .sort((a, b) => ("exercise" in a.dataset) - ("exercise" in b.dataset)); // what is true, first
    const shown = band.hidden;
    band.hidden = !calls.length;
    if (calls.length) {
      const { label, where, filed, due, exercise } = calls[0].dataset;
      const count = document.createElement("b");
      band.querySelector("h2").textContent = label;
      words.textContent = fill(exercise === undefined ? words.dataset.text : words.dataset.exercise, { where });
      if (calls.length > 1) {
        count.textContent = fill(words.dataset.more, calls.length - 1);
        words.append(count);
      }
      const since = calls[0].querySelector("time").dataset.since;
      Object.assign(age.dataset, { filed, since, due });
      age.dateTime = filed;
      document.querySelector("#band-age span").textContent = due
        ? word("target", span((Date.parse(due) - Date.parse(since)) / 1000))
        : "";
    }
    if (shown !== band.hidden) fit();
  }
  const draw = frame(() => {
    call();
    fit();
  });
  hear("placed", draw);
  hear("refetched", draw);
  hear("grouped", draw);
  new ResizeObserver(draw).observe(list);
  document.fonts.ready.then(draw);
  draw();
});
