// What needs the supervisor: late, called here, given and not known yet, its holder silent; in the order of
// models/reading/desk.py, which each card brings as numbers (data-desk, data-gravity). What the supervisor has noticed
// or shelved stands last, but never beneath what is less grave: a shelf ends with a second, so that is done here. Under
// each row who was told of it, and who will be.
import { ageOf, span } from "./ages.js";
import { away, unknown } from "./alarm-desk.js";
import { clock } from "./clock.js";
import { short, timed, where } from "./duty-lanes.js";
import { rungs } from "./duty-rungs.js";
import { known, quiet } from "./duty-shelf.js";
import { fill, frame, hear, once, tell, write } from "./page.js";
import { queue } from "./queue.js";
import { written } from "./unheard.js";

once(() => {
  const list = document.getElementById("late");
  const blank = document.getElementById("late-row").content.firstElementChild;
  const rung = document.getElementById("rung").content.firstElementChild;
  const words = list.dataset;
  const well = document.getElementById("well");
  const made = new Map();

  const silent = card => card.classList.contains("card--silent");
  const fresh = card => card.dataset.status === "new";
  const late = card => ageOf(card.id)?.when === "late";
  const called = card => fresh(card) && ("alerted" in card.dataset || "restricted" in card.dataset);
  const needs = card => late(card) || called(card) || unknown(card) || card.dataset.partnerGone || silent(card);
  const seen = card => queue.burst(card).every(quiet); // whoever joins a burst is news
  const by = number => (one, other) => one.dataset[number] - other.dataset[number];
  function ordered(cards) {
    const rows = cards.sort(by("desk"));
    const list = rows.filter(card => !seen(card));
    for (const card of rows.filter(seen).sort(by("gravity"))) {
      const at = list.findIndex(one => !seen(one) && by("gravity")(one, card) > 0);
      list.splice(at < 0 ? list.length : at, 0, card);
    }
    return list;
  }
  const holder = card => document.querySelector(`#lane-${card.dataset.officer} .lane-who b`)?.textContent ?? "";

  // Why it stands here: [words, how they look].
  function why(card) {
    const { left, given, giver, partnerGone } = card.dataset;
    const { since, due } = card.querySelector("time").dataset;
    const at = { n: span((Date.parse(due) - Date.parse(since)) / 1000), who: left, at: clock(Date.parse(since)) };
    const lines = [];
    if (fresh(card) && (late(card) || called(card))) lines.push([fill(left ? words.left : words.take, at), ""]);
    if (unknown(card))
      lines.push([fill(words.unknown, { who: holder(card), by: giver, at: clock(Date.parse(given)) }), "given"]);
    else if (!fresh(card) && late(card)) lines.push([fill(words.arrive, at), ""]);
    if (silent(card)) lines.push([fill(words.silent, holder(card)), "warn"]);
    if (partnerGone) lines.push([fill(words.partner, partnerGone), "warn"]);
    if (seen(card)) lines.push([known(card), "seen"]);
    return lines;
  }
  function lines(node, card) {
    const now = why(card);
    const box = node.querySelector(".late-why");
    if (box.dataset.is === JSON.stringify(now)) return;
    box.dataset.is = JSON.stringify(now);
    const small = ([says, kind]) =>
      Object.assign(document.createElement("small"), { textContent: says, className: kind });
    box.replaceChildren(...now.map(small));
  }
  function climb(node, card) {
    const now = rungs(card, away(card.dataset.officer));
    const box = node.querySelector(".rungs");
    while (box.children.length > now.length) box.lastElementChild.remove();
    while (box.children.length < now.length) box.append(rung.cloneNode(true));
    now.forEach(({ is, sign, says }, n) => {
      const one = box.children[n];
      if (one.dataset.is !== is) one.querySelector("use").setAttribute("href", `#i-${sign}`);
      one.dataset.is = is;
      write(one.querySelector("span"), says);
    });
  }
  function row(card) {
    const id = card.id.slice(9);
    const node = made.get(id) ?? blank.cloneNode(true);
    const n = queue.burst(card).length;
    lines(node, card);
    climb(node, card);
    const state = `${card.dataset.seq} ${n}`;
    if (node.dataset.state === state) return node;
    made.set(id, node);
    node.id = `late-${id}`;
    Object.assign(node.dataset, { id, state });
    node.querySelector(".mark").dataset.p = card.dataset.priority;
    node.querySelector("use").setAttribute("href", `#m${card.dataset.priority}`);
    node.querySelector("b").textContent = `${short(card)}${n > 1 ? ` ×${n}` : ""}, ${where(card)}`;
    timed(node.querySelector("time"), card);
    const give = node.querySelector("[data-moves]");
    write(give.querySelector("span"), fresh(card) ? words.give : words.move);
    give.dataset.moves = id;
    node.querySelector("[data-opens]").href = `/incidents/${id}`;
    give.setAttribute(
      "aria-label",
      `${give.querySelector("span").textContent}: ${node.querySelector("b").textContent}`,
    );
    return node;
  }
  const draw = frame(() => {
    const due = ordered(queue.heads().filter(card => queue.burst(card).some(needs)));
    const nodes = due.map(row);
    due.forEach((card, n) => nodes[n].classList.toggle("late--seen", seen(card)));
    const ids = new Set(due.map(card => card.id.slice(9)));
    for (const id of made.keys()) if (!ids.has(id)) made.delete(id);
    if (nodes.length !== list.children.length || nodes.some((node, n) => list.children[n] !== node)) {
      const focused = document.activeElement;
      list.replaceChildren(...nodes);
      if (focused?.isConnected && list.contains(focused)) focused.focus({ preventScroll: true });
    }
    const shelved = due.filter(seen).length;
    const count = document.getElementById("late-n");
    const n = due.length + written();
    write(count, shelved ? fill(count.dataset.some, { n, quiet: shelved }) : n);
    well.hidden = n > 0;
    list.hidden = !nodes.length;
    tell("needed");
  });
  for (const news of ["aged", "placed", "grouped", "unheard"]) hear(news, draw);
  new MutationObserver(draw).observe(document.getElementById("rungs"), {
    childList: true,
    attributes: true,
    subtree: true,
  });
  hear("refetched", ({ anew }) => {
    if (anew) made.clear();
    draw();
  });
  draw();
});
