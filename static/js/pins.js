// Pins, tags and station shields: a drawing of the cards. One observer with a filter, one redraw a frame, changed pins
// only.
import { ageOf } from "./ages.js";
import { choice } from "./choice.js";
import { draw, layer, map, point } from "./map.js";
import { there } from "./numbers.js";
import { after, frame, hear, onBoard, once, sheet, tell, word } from "./page.js";
import { picking } from "./pick.js";
import { queue } from "./queue.js";

once(() => {
  const SIZE = { 1: 27, 2: 24, 3: 20, 4: 17 };
  const MOST = 14;
  const SQUARE = 64;
  const pins = new Map();
  const shields = new Map();
  const changed = new Set();
  const urgent = () => [...pins.values()].sort((a, b) => a.rank - b.rank);
  const id = card => card.id.slice(9);
  let hot = null;
  let hidden = new Set();

  function pin(card) {
    const { priority, status, lat, lon } = card.dataset;
    const reports = many(card);
    const size = SIZE[priority] + (reports ? 7 : 0);
    const chosen = choice.id() === id(card);
    const node = draw("g", { class: "pin", "data-p": priority, "data-id": id(card), "data-status": status });
    const practice = "exercise" in card.dataset;
    const call = status === "new" && priority === "1" && !practice ? document.createElement("i") : null;
    if (call) {
      call.className = "call";
      node.append(draw("circle", { class: "pin-call pin-call--still", r: 18 }));
    }
    node.toggleAttribute("data-hot", hot === id(card));
    if (practice) node.append(draw("circle", { class: "pin-practice", r: size / 2 + 4 }));
    if (chosen) node.append(draw("circle", { class: "pin-halo", r: size / 2 + 6 }));
    node.append(
      draw("circle", { class: "pin-hot", r: size / 2 + 5 }),
      draw("use", {
        href: `#m${priority}`,
        x: -size / 2,
        y: -size / 2 - (priority === "2" ? 2 : 0),
        width: size,
        height: size,
      }),
    );
    const kind = card.querySelector(".card-what").textContent.trim();
    const what = practice ? `${word("practice")}: ${kind}` : kind;
    if (reports) node.append(pill(reports, size));
    node.append(draw("title", {}, what));
    return { node, call, what, reports, at: [+lat, +lon], rank: +card.dataset.rank, card };
  }
  // A burst is one pin with its count.
  const many = card => {
    const all = queue.burst(card);
    return all.length > 1 ? all.reduce((sum, one) => sum + Number(one.dataset.reports), 0) : 0;
  };
  function pill(n, size) {
    const w = 12 + String(n).length * 7;
    const node = draw("g", { class: "pin-n" });
    node.append(
      draw("rect", { x: size / 2 - 4, y: -size / 2 - 8, width: w, height: 18, rx: 9 }),
      draw("text", { x: size / 2 - 4 + w / 2, y: -size / 2 + 5 }, n),
    );
    return node;
  }
  function put(one) {
    const { x, y } = Object.assign(one, point(...one.at));
    one.node.setAttribute("transform", `translate(${x} ${y})`);
    if (one.call) one.call.style.translate = `${x}px ${y}px`;
  }

  function shield(station) {
    const { free, left, says, name, lat, lon } = station.dataset;
    const node = draw("g", {
      class: `station${free === "0" ? " station--empty" : ""}`,
      "data-station": station.id.slice(8),
    });
    node.append(
      draw("path", { d: "M-9 -8H9V4L0 10L-9 4Z" }),
      draw("text", { x: 0, y: 3 }, left || "–"),
      draw("title", {}, `${name}: ${says}`),
    );
    return { node, at: [+lat, +lon] };
  }

  // Tags of the most important that are in view, like radar blocks: each takes the first of eight places that is free.
  function tags() {
    const size = map.getSize();
    const corner = map.containerPointToLayerPoint([0, 0]);
    const inside = box =>
      box.x > corner.x + 6 &&
      box.y > corner.y + 48 &&
      box.x + box.w < corner.x + size.x - 6 &&
      box.y + box.h < corner.y + size.y - 54;
    const hits = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
    // What is taken, by squares of the map, so that a box is held only against what is near it.
    const squares = new Map();
    const shown = urgent().filter(one => !hidden.has(one.card.id));
    const chosen = choice.id();
    const over = box => {
      const found = [];
      for (let x = Math.floor(box.x / SQUARE); x * SQUARE < box.x + box.w; x++)
        for (let y = Math.floor(box.y / SQUARE); y * SQUARE < box.y + box.h; y++) {
          const key = `${x},${y}`;
          found.push(squares.get(key) ?? squares.set(key, []).get(key));
        }
      return found;
    };
    const free = box => !over(box).some(square => square.some(other => hits(box, other)));
    const take = box => {
      for (const square of over(box)) square.push(box);
    };
    const around = ({ x, y }, r) => ({ x: x - r, y: y - r, w: 2 * r, h: 2 * r });
    for (const one of shown) take(around(one, 12));
    for (const one of shields.values()) take(around(one, 9));
    const first = shown.sort((a, b) => (id(b.card) === chosen) - (id(a.card) === chosen));
    const made = [];
    const tagged = [];
    // What is open or calls has a tag however thick it stands there: over lesser pins, where no other tag is.
    const near = ({ x, y }, spots, others) =>
      [1, 1.8, 2.8]
        .flatMap(far => spots.map(spot => ({ ...spot, x: x + (spot.x - x) * far, y: y + (spot.y - y) * far })))
        .find(spot => inside(spot) && !others.some(other => hits(spot, other)));
    for (const one of first) {
      if (made.length >= MOST) break;
      const words = lines(one);
      const w = Math.max(...words.map(text => text.length)) * 5.9 + 16;
      const h = 30;
      const { x, y } = one;
      const spots = [
        [24, -34],
        [24, 8],
        [-24 - w, -34],
        [-24 - w, 8],
        [-w / 2, -56],
        [-w / 2, 28],
        [34, -15],
        [-34 - w, -15],
      ].map(([dx, dy]) => ({ x: x + dx, y: y + dy, w, h }));
      const box =
        spots.find(spot => inside(spot) && free(spot)) ??
        ((calls(one) || id(one.card) === chosen) && near(one, spots, tagged));
      if (!box) continue;
      tagged.push(box);
      take(box);
      made.push(tag(one, box, words));
    }
    layer("tags").replaceChildren(...made);
    age();
  }
  const calls = ({ call }) => Boolean(call);
  function lines({ card, what }) {
    return [what.split(" / ")[0], second(card)]; // names of a card are short already, never cut
  }
  function second(card) {
    const { status, personnel } = card.dataset;
    const known = ageOf(card.id);
    const age = known?.age ?? "";
    if (status === "on_scene") return there(card) || age;
    const reports = pins.get(card.id)?.reports;
    if (known?.when === "late") return word("overShort", known.over);
    if (reports) return `${age} · ${word("reports", reports)}`;
    return status === "dispatched" && personnel !== "0" ? `${age} · ${personnel}` : age;
  }
  function tag({ card, x, y }, box, [one, two]) {
    const node = draw("g", { class: "pin-tag", "data-id": id(card) });
    if (id(card) === choice.id()) node.setAttribute("data-mine", "");
    const nx = Math.max(box.x, Math.min(x, box.x + box.w));
    const ny = Math.max(box.y, Math.min(y, box.y + box.h));
    const d = Math.hypot(nx - x, ny - y);
    const r = SIZE[card.dataset.priority] / 2 + 1;
    node.append(
      draw("line", { x1: x + ((nx - x) * r) / d, y1: y + ((ny - y) * r) / d, x2: nx, y2: ny }),
      draw("rect", { x: box.x, y: box.y, width: box.w, height: box.h, rx: 2 }),
      draw("text", { class: "t1", x: box.x + 7, y: box.y + 13 }, one),
      draw("text", { class: "t2", x: box.x + 7, y: box.y + 24.5 }, two),
    );
    return node;
  }
  function age() {
    let wider = false;
    for (const node of layer("tags").children) {
      const card = document.getElementById(`incident-${node.dataset.id}`);
      if (!card) continue;
      node.setAttribute("data-when", ageOf(card.id)?.when ?? "");
      const line = node.querySelector(".t2");
      const words = second(card);
      if (line.textContent === words) continue;
      wider ||= words.length > line.textContent.length;
      line.textContent = words;
    }
    if (wider) again(); // "59:59" became "1:00:00": its block needs more room
  }

  const again = frame(tags);
  const redraw = after(() => {
    for (const key of changed) {
      const element = document.getElementById(key);
      const drawn = key.startsWith("station-") ? shields : pins;
      const old = drawn.get(key);
      old?.node.remove();
      old?.call?.remove();
      if (!element || (drawn === pins && queue.spot(element) !== element)) {
        drawn.delete(key);
        continue;
      }
      const one = drawn === pins ? pin(element) : shield(element);
      drawn.set(key, one);
      put(one);
      if (drawn === shields) layer("stations").append(one.node);
      if (one.call) layer("calls").append(one.call);
    }
    const moved = [...changed].some(key => key.startsWith("station-"));
    changed.clear();
    let above = null; // the most urgent on top; only what stands elsewhere moves
    for (const { node } of urgent()) {
      if (!node.parentNode || node.nextSibling !== above) layer("pins").insertBefore(node, above);
      above = node;
    }
    hide();
    tags();
    if (moved) tell("pinned"); // who marks the shields marks the new ones
  });
  const touch = key => {
    if (key) {
      changed.add(key);
      redraw();
    }
  };
  // Rings for the most urgent only: more than fourteen at once call nobody.
  function hide() {
    let calls = 0;
    for (const { node, call, card } of urgent()) {
      node.toggleAttribute("hidden", hidden.has(card.id));
      const still = hidden.has(card.id) || ++calls > MOST;
      if (call && call.hidden !== still) call.hidden = still; // said again it would be worked out again
    }
  }
  const heat = next => {
    if (next === hot) return;
    hot = next;
    sheet("hot", hot ? `#incident-${hot}{--card-ground:var(--hover)}` : "");
    for (const one of pins.values()) one.node.toggleAttribute("data-hot", id(one.card) === hot);
  };

  let was = null;
  function start() {
    was = choice.id();
    const watch = records => {
      for (const { target, type, addedNodes, removedNodes } of records) {
        if (type === "attributes") touch(target.id);
        else if (target.id === "board" || target.id === "stations")
          for (const node of [...addedNodes, ...removedNodes]) touch(node.id);
      }
    };
    const only = {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: [
        "data-status",
        "data-priority",
        "data-lat",
        "data-lon",
        "data-left",
        "data-personnel",
        "data-arrived",
      ],
    };
    new MutationObserver(watch).observe(document.getElementById("board"), only);
    new MutationObserver(watch).observe(document.getElementById("stations"), only);
    for (const element of [...onBoard(), ...(document.getElementById("stations")?.children ?? [])]) touch(element.id);
    map.on("zoomend viewreset", () => {
      for (const one of [...pins.values(), ...shields.values()]) put(one);
      tags();
      tell("pinned");
    });
    map.on("moveend", again);
  }
  hear("chosen", ({ id }) => {
    touch(was && `incident-${was}`);
    touch(`incident-${id}`);
    was = id;
  });
  hear("filtered", detail => {
    if ([...detail.hidden].join() === [...hidden].join()) return;
    hidden = detail.hidden;
    if (map) redraw();
  });
  // What stands, and for how many, is the grouping's to say: only what it changed is drawn anew.
  const grouped = () => {
    for (const card of onBoard()) {
      const one = pins.get(card.id);
      const stands = queue.spot(card) === card;
      if (Boolean(one) !== stands || (one && one.reports !== many(card))) touch(card.id);
    }
  };
  hear("grouped", () => {
    if (map) grouped();
  });
  hear("aged", () => {
    if (map) age();
  });
  document.addEventListener("mouseover", event =>
    heat(
      event.target.closest?.(".pin, .pin-tag")?.dataset.id ??
        event.target.closest?.("#board > .card")?.id.slice(9) ??
        null,
    ),
  );
  document.addEventListener("click", event => {
    const node = event.target.closest(".pin, .pin-tag");
    if (node && !picking) choice.open(node.dataset.id);
  });
  if (map) start();
});
