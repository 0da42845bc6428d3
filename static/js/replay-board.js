// The board of a replay: each card in its lane, by rank; ages by the clock of then; who is out; what has been said by
// then. A card is HTML of the server's own template (templates/duty/_replay_card.html), as a page has it at its start.
import { span } from "./ages.js";
import { frame, hear, once, tell, write } from "./page.js";
import { hour, seqHere, stood } from "./replay-hour.js";

once(() => {
  const root = document.documentElement;
  const page = document.getElementById("replay");
  const lanes = [...document.querySelectorAll(".thens")];
  const marked = document.querySelector(".replay-mark");
  const told = document.getElementById("told");
  const drawn = new Map(); // id → { html, node }
  const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: root.dataset.zone });
  const parse = document.createElement("template");

  function cardOf(id, html) {
    const known = drawn.get(id);
    if (known?.html === html) return known.node;
    parse.innerHTML = html;
    const node = parse.content.firstElementChild;
    drawn.set(id, { html, node });
    return node;
  }

  function board(states) {
    const cards = [...states].filter(([, { card }]) => card).map(([id, { card }]) => cardOf(id, card));
    for (const lane of lanes) {
      const here = cards.filter(({ dataset }) => dataset.lane === lane.dataset.lane);
      here.sort((a, b) => (a.dataset.rank < b.dataset.rank ? -1 : 1));
      here.forEach((node, n) => {
        if (lane.children[n] !== node) lane.insertBefore(node, lane.children[n] ?? null);
      });
      while (lane.children.length > here.length) lane.lastElementChild.remove();
      write(document.querySelector(`[data-count="${lane.dataset.lane}"]`), here.length);
    }
    for (const node of cards) age(node);
    return cards;
  }

  function age(node) {
    const time = node.querySelector("time");
    const late = time.dataset.due && hour.at >= Date.parse(time.dataset.due);
    write(time, span((hour.at - Date.parse(time.dataset.filed)) / 1000));
    node.toggleAttribute("data-late", Boolean(late));
  }

  function force(states) {
    const by = new Map();
    for (const { out } of states.values())
      for (const [name, n] of Object.entries(out)) by.set(name, (by.get(name) ?? 0) + n);
    const rows = [...by]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, n]) => {
        const row = document.createElement("li");
        row.append(document.createElement("span"), document.createElement("b"));
        row.firstChild.textContent = name;
        row.lastChild.textContent = n;
        return row;
      });
    document.getElementById("out").replaceChildren(...rows);
    write(
      document.getElementById("out-n"),
      [...by.values()].reduce((sum, n) => sum + n, 0),
    );
  }

  function list(seq) {
    const last = [...told.children].findLast(row => Number(row.dataset.seq) <= seq);
    const was = told.querySelector("[aria-current]");
    if (was === (last ?? null)) return;
    was?.removeAttribute("aria-current");
    last?.setAttribute("aria-current", "step");
    if (last) told.scrollTop = last.offsetTop - told.clientHeight / 2;
  }

  function show() {
    const states = stood();
    const seq = seqHere();
    const then = document.getElementById("then");
    write(then, clock.format(hour.at));
    then.dateTime = new Date(hour.at).toISOString();
    force(states);
    list(seq);
    marked.action = `/duty/replay/${seq}/bookmarks`;
    page.dataset.at = seq;
    tell("drawn", { cards: board(states) });
  }
  hear("stood", frame(show));
});
