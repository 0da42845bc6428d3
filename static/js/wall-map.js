// The wall's map: a plain SVG, since nobody moves it; colours come from the sheet, so that night falls without a
// redraw. Outlines of districts and villages, shields with the free strength of each station, pins and tags of the
// list. It shows all that is open; pins that would lie on each other are one heap with their number. Words and numbers
// on it are as large as what must be read, or they are left out: what is most urgent has its place first.
import { ageOf } from "./ages.js";
import { there } from "./numbers.js";
import { unpacked } from "./ground.js";
import { heaps, hits } from "./heaps.js";
import { frame, hear, onBoard, once, word } from "./page.js";
import { queue } from "./queue.js";

once(async () => {
  const SVG = "http://www.w3.org/2000/svg";
  const SIZE = { 1: 52, 2: 46, 3: 36, 4: 30 };
  const SHAPE = { 1: 1.2, 2: 1.1, 3: 0.85, 4: 0.75 }; // of the letter, at least
  const TAGS = 10;
  const DEG = Math.PI / 180;
  const map = document.getElementById("map");
  if (!map) return; // a wall of the list alone
  const board = document.getElementById("board");
  const stations = document.getElementById("stations");
  const legend = document.querySelector(".wall-legend");
  const heaped = document.getElementById("heaped");
  const draw = (name, attributes = {}, text) => {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const sized = priority => Math.max(SIZE[priority] * unit, SHAPE[priority] * letter);
  const layer = name => map.appendChild(draw("g", { class: name }));
  const [land, cells, edges, names, shields, pins, tags] = [
    "map-land",
    "map-cells",
    "map-edges",
    "map-names",
    "map-stations",
    "map-pins",
    "map-tags",
  ].map(layer);
  let ground = null;
  let view = null;
  let unit = 1;
  let letter = 24; // of what must be read, in pixels
  const pen = document.createElement("canvas").getContext("2d");
  const face = getComputedStyle(document.documentElement).getPropertyValue("--font");
  const measure = words => {
    pen.font = `600 ${letter}px ${face}`;
    return pen.measureText(words).width;
  };

  // Mercator, in degrees: x grows east, y grows south.
  const flat = (lat, lon) => [lon, -Math.log(Math.tan(Math.PI / 4 + (lat * DEG) / 2)) / DEG];
  const at = ({ lat, lon }) => {
    const [x, y] = flat(+lat, +lon);
    return { x: Math.round((x - view.x) * view.k), y: Math.round((y - view.y) * view.k) };
  };

  function look() {
    const { clientWidth: w, clientHeight: h } = map;
    if (!w || !h) return;
    unit = Math.min(innerWidth / 1920, innerHeight / 1080);
    letter = parseFloat(getComputedStyle(legend).fontSize);
    // Of a part of the city its outlines; of the whole its heart always, and a station or an incident farther out when
    // it is one of ours to watch. With every outline in the picture the pins of an evening lie on top of each other,
    // and they are what a wall is for.
    const seen = [...onBoard(), ...[...stations.children].slice(0, 12)]
      .map(({ dataset: { lat, lon } }) => flat(+lat, +lon))
      .filter(([x]) => x);
    for (const { rings } of own()) seen.push(...rings.flat().map(([lat, lon]) => flat(lat, lon)));
    if (!seen.length) seen.push(flat(3.52, 98.6), flat(3.63, 98.73));
    const xs = seen.map(([x]) => x);
    const ys = seen.map(([, y]) => y);
    const pad = Math.max(90 * unit, 1.5 * letter);
    const k = Math.min(
      (w - 2 * pad) / Math.max(0.05, Math.max(...xs) - Math.min(...xs)),
      (h - 2 * pad) / Math.max(0.05, Math.max(...ys) - Math.min(...ys)),
    );
    view = {
      k,
      x: (Math.min(...xs) + Math.max(...xs)) / 2 - w / 2 / k,
      y: (Math.min(...ys) + Math.max(...ys)) / 2 - h / 2 / k,
    };
    map.setAttribute("viewBox", `0 0 ${w} ${h}`);
    paint();
  }
  // The kecamatan that this wall is of; none: the whole city.
  const own = () => (ground?.districts ?? []).filter(({ name }) => map.dataset.of.split("|").includes(name));
  const path = rings =>
    rings
      .map(
        ring =>
          `M${ring
            .map(([lat, lon]) => {
              const { x, y } = at({ lat, lon });
              return `${x} ${y}`;
            })
            .join("L")}Z`,
      )
      .join("");
  function paint() {
    if (ground) {
      const { districts, villages, neighbours } = ground;
      land.replaceChildren(...districts.map(({ rings }) => draw("path", { d: path(rings), "fill-rule": "evenodd" })));
      cells.replaceChildren(...[...neighbours, ...villages].map(({ rings }) => draw("path", { d: path(rings) })));
      edges.replaceChildren(
        ...districts.map(({ rings }) => draw("path", { d: path(rings) })),
        ...own().map(({ rings }) => draw("path", { class: "map-own", d: path(rings) })),
      );
      names.replaceChildren(
        ...neighbours.map(place => draw("text", { class: "map-name map-name--out", ...at(place) }, place.name)),
        ...districts.map(({ short, label: [lat, lon] }) =>
          draw("text", { class: "map-name", ...at({ lat, lon }) }, short),
        ),
      );
    }
    place();
  }

  function place() {
    if (!view) return;
    const cards = onBoard().filter(card => queue.spot(card) === card);
    const taken = [];
    const { clientWidth: w, clientHeight: h } = map;
    const around = ({ x, y }, r) => {
      const box = { x: x - r, y: y - r, w: 2 * r, h: 2 * r };
      taken.push(box);
      return box;
    };
    const seen = heaps(
      cards.map(card => {
        const { priority, gravity } = card.dataset;
        return { card, ...at(card.dataset), size: sized(priority), gravity: Number(gravity) };
      }),
      takes,
    );
    for (const heap of seen) {
      around(heap.face, heap.face.size / 2 + 4 * unit);
      if (heap.under.length) taken.push(takes(heap));
    }
    pins.replaceChildren(...seen.reverse().map(pin));
    heaped.hidden = !seen.some(({ under }) => under.length);
    // Where a station is stands always; tags of the most urgent, like radar blocks, take the first free place round
    // their pin; how many are free at a station, and how a place is called, stand where there is room left.
    const posts = [...stations.children].map(({ dataset }) => ({ dataset, box: around(at(dataset), 18 * unit) }));
    tags.replaceChildren(
      ...cards
        .slice(0, TAGS)
        .map(card => tag(card, taken, w, h))
        .filter(Boolean),
    );
    shields.replaceChildren(...posts.map(post => shield(post, taken)));
    name(taken, w, h);
    age();
  }
  // What a pin or a heap needs of the map to be told from the next one.
  function takes({ face: { card, x, y, size }, under }) {
    const half = 0.4 * size;
    const says = number([card, ...under.map(one => one.card)]);
    if (!says) return { x: x - half, y: y - half, w: 2 * half, h: 2 * half };
    const high = size / 2 + 0.75 * letter;
    return { x: x - half, y: y - high, w: half + size / 2 - letter / 3 + wide(says), h: high + half };
  }
  const wide = says => (0.6 + String(says).length * 0.62) * letter;
  // One pin, or a heap with the face of its gravest: it calls while anything in it calls.
  function pin({ face: { card, x, y, size }, under }) {
    const all = [card, ...under.map(one => one.card)];
    const node = draw("g", {
      class: "pin",
      "data-p": card.dataset.priority,
      transform: `translate(${x} ${y})`,
    });
    if ("exercise" in card.dataset) node.append(draw("circle", { class: "pin-practice", r: 0.75 * size }));
    if (all.some(calls))
      node.append(
        draw("circle", { class: "pin-call", r: 1.2 * size }),
        draw("circle", { class: "pin-call pin-call--still", r: 0.75 * size }),
      );
    node.append(
      draw("use", { href: `#m${card.dataset.priority}`, x: -size / 2, y: -size / 2, width: size, height: size }),
    );
    const says = number(all);
    if (says) node.append(pill(says, size));
    return node;
  }
  const calls = ({ dataset: { status, priority, exercise } }) =>
    status === "new" && priority === "1" && exercise === undefined;
  // Of a heap how many cases it stands for, of a burst alone how many have reported it.
  function number(all) {
    const burst = queue.burst(all[0]);
    if (all.length > 1) return `×${all.reduce((sum, card) => sum + queue.burst(card).length, 0)}`;
    return burst.length > 1 ? burst.reduce((sum, card) => sum + Number(card.dataset.reports), 0) : "";
  }
  function pill(says, size) {
    const w = wide(says);
    const x = size / 2 - letter / 3;
    const many = draw("g", { class: "pin-n" });
    many.append(
      draw("rect", { x, y: -size / 2 - 0.75 * letter, width: w, height: 1.2 * letter, rx: 0.6 * letter }),
      draw("text", { x: x + w / 2, y: -size / 2 + 0.2 * letter }, says),
    );
    return many;
  }
  function shield({ dataset, box }, taken) {
    const { x, y } = at(dataset);
    const left = dataset.left || "–";
    const half = Math.max(0.8, 0.35 + left.length * 0.3) * letter;
    const wide = { x: x - half, y: y - 0.8 * letter, w: 2 * half, h: 1.8 * letter };
    const says = !taken.some(other => other !== box && hits(wide, other));
    if (says) taken.push(wide);
    const [w, h] = says ? [half, 0.8 * letter] : [16 * unit, 14 * unit];
    const node = draw("g", {
      class: `station${dataset.free === "0" ? " station--empty" : ""}`,
      transform: `translate(${x} ${y})`,
    });
    node.append(draw("path", { d: `M${-w} ${-h}H${w}V${h / 2}L0 ${h * 1.25}L${-w} ${h / 2}Z` }));
    if (says) node.append(draw("text", { y: 0.28 * letter }, left));
    return node;
  }
  // A name stands on its place, above it or below it: where nothing else stands. Else it is left out.
  function name(taken, wide, high) {
    for (const word of names.children) {
      word.removeAttribute("dy");
      word.removeAttribute("visibility");
      const { x, y, width: w, height: h } = word.getBBox();
      const fits = dy =>
        x > 0 &&
        x + w < wide &&
        y + dy > 0 &&
        y + dy + h < high &&
        !taken.some(other => hits({ x, y: y + dy, w, h }, other));
      const dy = [0, -1.1 * letter, 1.1 * letter].find(fits);
      if (dy === undefined) {
        word.setAttribute("visibility", "hidden");
        continue;
      }
      if (dy) word.setAttribute("dy", dy);
      taken.push({ x, y: y + dy, w, h });
    }
  }
  function tag(card, taken, wide, high) {
    const { x, y } = at(card.dataset);
    const kind = card.querySelector(".card-what").textContent.trim();
    const name = "exercise" in card.dataset ? `${word("practice")}: ${kind}` : kind;
    const h = 2.6 * letter;
    // Who is there and who comes; who is there alone, where both have no room.
    const { status, arrived } = card.dataset;
    const both = status === "on_scene" ? there(card) : "";
    for (const state of both ? [both, word("here", arrived)] : [""]) {
      const w = Math.max(measure(name), measure(state), measure("00:00")) + 1.2 * letter;
      const spot = room({ x, y }, w, h, taken, wide, high);
      if (spot) return block(card, name, state, spot, { x, y });
    }
    return null;
  }
  function room({ x, y }, w, h, taken, wide, high) {
    const near = 40 * unit;
    const far = 62 * unit;
    // Beside the pin, else farther out, at the end of a longer line: a heart full of shields hides no tag.
    const spots = [0, 60, 130, 210]
      .map(step => step * unit)
      .flatMap(s => [
        [near + s, -h - 8 * unit - s],
        [near + s, 10 * unit + s],
        [-near - w - s, -h - 8 * unit - s],
        [-near - w - s, 10 * unit + s],
        [-w / 2, -h - near - s],
        [-w / 2, near + s],
        [far + s, -h / 2],
        [-far - w - s, -h / 2],
      ]);
    const spot = spots
      .map(([dx, dy]) => ({ x: x + dx, y: y + dy, w, h }))
      .find(
        one =>
          one.x > 8 &&
          one.y > 8 &&
          one.x + w < wide - 8 &&
          one.y + h < high - 8 &&
          !taken.some(other => hits(one, other)),
      );
    if (spot) taken.push(spot);
    return spot;
  }
  function block(card, name, state, spot, { x, y }) {
    const { w, h } = spot;
    const node = draw("g", { class: "pin-tag", "data-id": card.id, "data-state": state });
    const ex = Math.max(spot.x, Math.min(x, spot.x + w));
    const ey = Math.max(spot.y, Math.min(y, spot.y + h));
    const far2 = Math.hypot(ex - x, ey - y) || 1;
    const r = sized(card.dataset.priority) / 2 + 2;
    node.append(
      draw("line", { x1: x + ((ex - x) * r) / far2, y1: y + ((ey - y) * r) / far2, x2: ex, y2: ey }),
      draw("rect", { x: spot.x, y: spot.y, width: w, height: h, rx: 3 * unit }),
      draw("text", { class: "t1", x: spot.x + 0.6 * letter, y: spot.y + 1.1 * letter }, name),
      draw("text", { class: "t2", x: spot.x + 0.6 * letter, y: spot.y + 2.2 * letter }),
    );
    return node;
  }
  function age() {
    for (const node of tags.children) {
      const card = document.getElementById(node.dataset.id);
      const known = ageOf(node.dataset.id);
      if (!card) continue;
      node.dataset.when = known?.when ?? "";
      node.querySelector(".t2").textContent = node.dataset.state || (known?.age ?? "");
    }
  }

  const whole = frame(look);
  const some = frame(place);
  let known = "";
  function changed() {
    const points = onBoard()
      .map(({ dataset }) => `${dataset.lat},${dataset.lon}`)
      .sort()
      .join();
    if (points === known) return some();
    known = points;
    whole();
  }
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
  for (const list of [board, stations]) new MutationObserver(changed).observe(list, only);
  new ResizeObserver(whole).observe(map);
  hear("aged", age);
  hear("grouped", some);
  const answer = await fetch(map.dataset.level0);
  if (answer.ok) ground = unpacked(await answer.json());
  whole();
  document.fonts.ready.then(whole);
});
