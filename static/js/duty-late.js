// What needs the supervisor: what is true before what is practised, by priority, in it what nobody knows of (waits, or
// was given and is not known yet), in that the longest late.
import { ageOf, span } from "./ages.js";
import { unknown } from "./alarm-desk.js";
import { clock } from "./clock.js";
import { short, timed, where } from "./duty-lanes.js";
import { fill, frame, hear, onBoard, once } from "./page.js";

once(() => {
  const list = document.getElementById("late");
  const blank = document.getElementById("late-row").content.firstElementChild;
  const words = list.dataset;
  const well = document.getElementById("well");
  const made = new Map();

  const known = card => (card.dataset.given ? (unknown(card) ? "no" : "yes") : "");
  const order = card =>
    [
      "exercise" in card.dataset ? 1 : 0,
      card.dataset.priority,
      card.dataset.status === "new" || unknown(card) ? 0 : 1,
      card.dataset.due || "9",
    ].join(" ");
  function row(card, late) {
    const id = card.id.slice(9);
    const { status, priority, seq, left } = card.dataset;
    const state = `${seq} ${late} ${known(card)}`;
    const node = made.get(id) ?? blank.cloneNode(true);
    if (node.dataset.state === state) return node;
    made.set(id, node);
    node.id = `late-${id}`;
    Object.assign(node.dataset, { id, state });
    node.querySelector(".mark").dataset.p = priority;
    node.querySelector("use").setAttribute("href", `#m${priority}`);
    node.querySelector("b").textContent = `${short(card)}, ${where(card)}`;
    const { since, due } = card.querySelector("time").dataset;
    const target = span((Date.parse(due) - Date.parse(since)) / 1000);
    const holder = document.querySelector(`#lane-${card.dataset.officer} .lane-who b`)?.textContent ?? "";
    const small = node.querySelector("small");
    const silent = card.classList.contains("card--silent");
    small.textContent = late
      ? fill(status !== "new" ? words.arrive : left ? words.left : words.take, {
          n: target,
          who: left,
          at: clock(Date.parse(since)),
        })
      : silent
        ? fill(words.silent, holder)
        : "";
    small.className = late ? "" : "warn";
    if (unknown(card)) {
      small.textContent = fill(words.unknown, { who: holder, at: clock(Date.parse(card.dataset.given)) });
      small.className = "given";
    }
    if (card.dataset.partnerGone)
      small.textContent = [small.textContent, fill(words.partner, card.dataset.partnerGone)]
        .filter(Boolean)
        .join(" · ");
    if (silent && late) small.textContent += ` · ${fill(words.silent, holder)}`;
    timed(node.querySelector("time"), card);
    const button = node.querySelector("button");
    button.textContent = status === "new" ? words.give : words.move;
    button.dataset.moves = id;
    button.setAttribute("aria-label", `${button.textContent}: ${node.querySelector("b").textContent}`);
    return node;
  }
  const draw = frame(() => {
    const due = onBoard()
      .map(card => ({ card, late: ageOf(card.id)?.when === "late" }))
      .filter(
        ({ card, late }) =>
          late || unknown(card) || card.dataset.partnerGone || card.classList.contains("card--silent"),
      );
    due.sort((a, b) => order(a.card).localeCompare(order(b.card)));
    const nodes = due.map(({ card, late }) => row(card, late));
    const ids = new Set(due.map(({ card }) => card.id.slice(9)));
    for (const id of made.keys()) if (!ids.has(id)) made.delete(id);
    if (nodes.length !== list.children.length || nodes.some((node, n) => list.children[n] !== node))
      list.replaceChildren(...nodes);
    document.getElementById("late-n").textContent = nodes.length;
    well.hidden = nodes.length > 0;
    list.hidden = !nodes.length;
  });
  hear("aged", draw);
  hear("placed", draw);
  hear("refetched", ({ anew }) => {
    if (anew) made.clear();
    draw();
  });
  draw();
});
