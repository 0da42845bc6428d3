// The board by officer: strips in lanes, so that load is length; whom something is late with stands first, then who was
// just given something, then who holds anything. A drawing of the cards (#board), who is on duty
// (#duty) and the time. A burst is one strip, with how many.
import { ageOf, span } from "./ages.js";
import { fill, frame, hear, onBoard, once, server, tell, write } from "./page.js";
import { freshPage } from "./place.js";
import { queue } from "./queue.js";

export let short;
export let where;
export let timed;
export let sits;

once(() => {
  const lanes = document.getElementById("lanes");
  const blank = document.getElementById("strip").content.firstElementChild;
  const words = lanes.dataset;
  const made = new Map();
  const first = new Map(); // lane → its place when the page was made
  const needs = new Map(); // lane → by what it stands where it does
  let dragging = false;
  let asking = false;
  short = card => card.querySelector(".card-what").textContent.trim().split(" / ")[0];
  where = card => card.querySelector(".card-where").textContent.trim().split(" · ")[0];
  timed = (time, card) => Object.assign(time.dataset, card.querySelector("time").dataset);

  function strip(card) {
    const id = card.id.slice(9);
    const node = made.get(id) ?? blank.cloneNode(true);
    const { status, priority, seq, officer } = card.dataset;
    const n = queue.burst(card).length;
    if (node.dataset.seq === seq && node.dataset.n === String(n)) return node;
    made.set(id, node);
    node.id = `strip-${id}`;
    Object.assign(node.dataset, { id, seq, status, officer, rank: card.dataset.rank });
    node.dataset.n = n;
    node.classList.toggle("strip--burst", n > 1);
    node.classList.toggle("strip--silent", card.classList.contains("card--silent"));
    node.classList.toggle("strip--exercise", card.classList.contains("card--exercise"));
    node.querySelector(".mark").dataset.p = priority;
    node.querySelector("use").setAttribute("href", `#m${priority}`);
    node.querySelector("b").textContent = n > 1 ? `${short(card)} ×${n}` : short(card);
    const place = document.createElement("span");
    const steps = card.querySelector(".steps svg")?.cloneNode(true);
    place.textContent = where(card);
    node.querySelector("small").replaceChildren(...[steps, place].filter(Boolean));
    timed(node.querySelector("time"), card);
    return node;
  }
  // Given by somebody else: since when it waits to be known, then how long that took.
  function knowing(card, node) {
    const { given, known } = card.dataset;
    const says = node.querySelector("small span");
    node.classList.toggle("strip--unknown", Boolean(given && !known));
    if (!given) return;
    const long = span(((known ? Date.parse(known) : server.now()) - Date.parse(given)) / 1000);
    write(says, known ? `\u2713 ${fill(words.known, long)} · ${where(card)}` : fill(words.unknown, long));
  }

  // For how long: who has sat there since yesterday is known before more is given to them.
  sits = id => {
    const { sat } = document.getElementById(`officer-${id}`).dataset;
    return sat ? fill(words.on, span((server.now() - Date.parse(sat)) / 1000)) : words.here;
  };

  const draw = frame(() => {
    const cards = onBoard();
    const present = new Map(
      [...document.querySelectorAll("#duty > li")].map(li => [li.id.slice(8), li.classList.contains("person--silent")]),
    );
    const heads = queue.heads();
    const known = new Set(heads.map(card => card.id.slice(9)));
    for (const [id, node] of made)
      if (!known.has(id)) {
        node.remove();
        made.delete(id);
      }
    for (const lane of lanes.children) {
      const id = lane.dataset.officer;
      const own = heads.filter(card => (card.dataset.status === "new" ? "" : card.dataset.officer) === id);
      const holder = lane.querySelector(".strips");
      const nodes = own.map(card => {
        const node = strip(card);
        knowing(card, node);
        return node;
      });
      const late = own.filter(card => ageOf(card.id)?.when === "late").length;
      if (nodes.length !== holder.children.length || nodes.some((node, n) => holder.children[n] !== node)) {
        const focused = document.activeElement;
        holder.replaceChildren(...nodes);
        if (focused?.isConnected && focused.matches(".strip")) focused.focus();
      }
      const shown = !id || own.length || present.has(id);
      if (lane.hidden === Boolean(shown)) lane.hidden = !shown;
      const silent = present.get(id);
      const on = !id ? words.waiting : silent ? words.silent : present.has(id) ? sits(id) : words.away;
      lane.classList.toggle("lane--silent", Boolean(id && own.length && (silent || !present.has(id))));
      lane.classList.toggle("lane--late", late > 0);
      lane.querySelector(".person").classList.toggle("person--silent", Boolean(silent));
      const small = [late ? fill(words.late, late) : "", id || !late ? on : ""].filter(Boolean).join(" · ");
      if (lane.querySelector("small").textContent !== small) lane.querySelector("small").textContent = small;
      lane.querySelector(".load").textContent = own.length;
      const told = own.some(({ dataset: { given, known } }) => given && !known);
      needs.set(lane, [id ? 1 : 0, -late, told ? 0 : 1, own.length ? 0 : 1]);
      holder.dataset.idle = own.length ? "" : id ? words.idle : words.none;
    }
    arrange();
    if (cards.some(card => card.dataset.status !== "new" && !document.getElementById(`lane-${card.dataset.officer}`)))
      enlist();
    tell("laned");
  });
  function arrange() {
    const here = [...lanes.children];
    for (const lane of here) if (!first.has(lane)) first.set(lane, first.size);
    const by = (a, b) => {
      const at = needs.get(a).findIndex((n, i) => n !== needs.get(b)[i]);
      return at < 0 ? first.get(a) - first.get(b) : needs.get(a)[at] - needs.get(b)[at];
    };
    const sorted = here.toSorted(by);
    if (dragging || sorted.every((lane, n) => lane === here[n])) return;
    const focused = document.activeElement;
    lanes.replaceChildren(...sorted);
    if (lanes.contains(focused)) focused.focus({ preventScroll: true });
  }
  for (const [news, is] of [
    ["dragstart", true],
    ["dragend", false],
  ])
    lanes.addEventListener(news, () => {
      dragging = is;
    });
  // Somebody holds an incident who was not of the staff when this page was made.
  async function enlist() {
    if (asking) return;
    asking = true;
    const fresh = await freshPage("/duty");
    if (!fresh) return;
    for (const lane of fresh.querySelectorAll("#lanes > .lane"))
      if (!document.getElementById(lane.id)) lanes.append(document.adoptNode(lane));
    asking = false;
    draw();
  }
  for (const news of ["placed", "aged", "grouped"]) hear(news, draw);
  hear("refetched", ({ anew, fresh }) => {
    if (anew) {
      // another epoch: a number may be another case, and another officer
      made.clear();
      lanes.replaceChildren(...[...fresh.getElementById("lanes").children].map(lane => document.adoptNode(lane)));
    }
    draw();
  });
  new MutationObserver(draw).observe(document.getElementById("duty"), {
    childList: true,
    subtree: true,
    attributes: true,
  });
  draw();
});
