// As many rows as fit, and how many more there are: how many that nobody has taken, how many in hand, and by priority;
// and the band: the first P1 that nobody has taken, across the wall.
import { span } from "./ages.js";
import { fill, frame, hear, onBoard, once, sheet, word } from "./page.js";
import { queue } from "./queue.js";

once(() => {
  const wall = document.querySelector(".wall");
  const mapless = wall.hasAttribute("data-mapless");
  const list = document.querySelector(".wall-queue");
  const board = document.getElementById("board");
  const more = document.getElementById("more");
  const band = document.getElementById("band");
  const words = band.querySelector("p");
  const age = band.querySelector("time");

  // What needs somebody comes first: until two of them stand there, the handover's strip gives way, then the map, then
  // what a row says besides what it is and how long.
  const LEAST = 2;
  const GIVES = ["", "strip", "map", "words"];
  function fit() {
    for (const gives of GIVES) {
      wall.dataset.gives = gives;
      wall.toggleAttribute("data-mapless", mapless || ["map", "words"].includes(gives));
      if (rows() >= Math.min(LEAST, waiting())) return;
    }
  }
  const waiting = () => queue.heads().filter(card => card.dataset.status === "new").length;

  // How much is left out decides how high the line is that says so, and that how much is left out.
  function rows() {
    const cards = queue.heads();
    const unsent = Number(more.dataset.more);
    sheet("rows", "");
    more.hidden = true;
    const room = list.getBoundingClientRect().bottom - board.getBoundingClientRect().top;
    const ends = cards.map(card => card.offsetHeight && card.offsetTop + card.offsetHeight - cards[0].offsetTop);
    const within = space => ends.findLastIndex(end => end && end <= space) + 1;
    let fits = within(room);
    let foot = 0;
    let left = fits < cards.length || unsent > 0;
    while (left) {
      count(cards.slice(fits), unsent);
      left = more.offsetHeight > foot;
      foot = more.offsetHeight;
      fits = within(room - foot);
    }
    const past = cards[fits] ? onBoard().indexOf(cards[fits]) + 1 : 0; // a burst is one row
    sheet("rows", past ? `#board > .card:nth-child(n+${past}){display:none!important}` : "");
    return fits;
  }
  function count(hidden, unsent) {
    const waiting = hidden.filter(card => card.dataset.status === "new").length;
    const unsentNew = Number(more.dataset.moreNew);
    const counts = { new: waiting + unsentNew, held: hidden.length - waiting + unsent - unsentNew };
    more.hidden = false;
    more.removeAttribute("data-brief");
    for (const words of more.querySelectorAll("[data-of]")) {
      words.hidden = !counts[words.dataset.of];
      words.textContent = fill(words.dataset.text, counts[words.dataset.of]);
    }
    for (const part of more.querySelectorAll("[data-p]")) {
      const many = hidden.filter(card => card.dataset.priority === part.dataset.p).length;
      part.hidden = !many;
      part.lastElementChild.textContent = many;
    }
    // By priority: all of it beside the counts, or nothing.
    more.setAttribute("data-brief", "");
    const brief = more.offsetHeight;
    more.removeAttribute("data-brief");
    more.toggleAttribute("data-brief", more.offsetHeight > brief);
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
      const others = document.createElement("b");
      band.querySelector("h2").textContent = label;
      words.textContent = fill(exercise === undefined ? words.dataset.text : words.dataset.exercise, { where });
      if (calls.length > 1) {
        others.textContent = fill(words.dataset.more, calls.length - 1);
        words.append(others);
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
  const resized = new ResizeObserver(draw);
  for (const element of [list, document.querySelector(".view")]) resized.observe(element);
  document.fonts.ready.then(draw);
  draw();
});
