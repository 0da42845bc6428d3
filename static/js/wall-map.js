// The wall's map: a plain SVG, since nobody moves it; colours come from the sheet, so that night falls without a
// redraw. Outlines of districts and villages, shields with the free strength of each station, pins and tags of the
// list. It shows all that is open.
import { ageOf } from "./ages.js";
import { there } from "./numbers.js";
import { unpacked } from "./ground.js";
import { frame, hear, onBoard, once } from "./page.js";
import { queue } from "./queue.js";

once(async () => {
  const SVG = "http://www.w3.org/2000/svg";
  const SIZE = { 1: 52, 2: 46, 3: 36, 4: 30 };
  const TAGS = 10;
  const DEG = Math.PI / 180;
  const map = document.getElementById("map");
  const board = document.getElementById("board");
  const stations = document.getElementById("stations");
  const draw = (name, attributes = {}, text) => {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (text !== undefined) node.textContent = text;
    return node;
  };
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
  const pen = document.createElement("canvas").getContext("2d");
  const face = getComputedStyle(document.documentElement).getPropertyValue("--font");
  const measure = words => {
    pen.font = `600 24px ${face}`;
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
    // The heart of the city always; a station or an incident farther out when it is one of ours to watch. With every
    // outline in the picture the pins of an evening lie on top of each other, and they are what a wall is for.
    const seen = [...onBoard(), ...[...stations.children].slice(0, 12)]
      .map(({ dataset: { lat, lon } }) => flat(+lat, +lon))
      .filter(([x]) => x);
    if (!seen.length) seen.push(flat(3.52, 98.6), flat(3.63, 98.73));
    const xs = seen.map(([x]) => x);
    const ys = seen.map(([, y]) => y);
    const pad = 90 * unit;
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
      edges.replaceChildren(...districts.map(({ rings }) => draw("path", { d: path(rings) })));
      names.replaceChildren(
        ...neighbours.map(place => draw("text", { class: "map-name map-name--out", ...at(place) }, place.name)),
        ...districts.map(({ short, label: [lat, lon] }) =>
          draw("text", { class: "map-name", ...at({ lat, lon }) }, short.toUpperCase()),
        ),
      );
    }
    place();
  }

  const hits = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
  function place() {
    if (!view) return;
    const cards = onBoard().filter(card => queue.spot(card) === card);
    const taken = [];
    const { clientWidth: w, clientHeight: h } = map;
    const around = ({ x, y }, r) => taken.push({ x: x - r, y: y - r, w: 2 * r, h: 2 * r });
    shields.replaceChildren(
      ...[...stations.children].map(({ dataset }) => {
        const point = at(dataset);
        const node = draw("g", {
          class: `station${dataset.free === "0" ? " station--empty" : ""}`,
          transform: `translate(${point.x} ${point.y}) scale(${1.75 * unit})`,
        });
        around(point, 18 * unit);
        node.append(draw("path", { d: "M-9 -8H9V4L0 10L-9 4Z" }), draw("text", { y: 3.5 }, dataset.left || "–"));
        return node;
      }),
    );
    pins.replaceChildren(
      ...[...cards].reverse().map(card => {
        const { dataset } = card;
        const all = queue.burst(card);
        const reports = all.length > 1 ? all.reduce((sum, one) => sum + Number(one.dataset.reports), 0) : 0;
        const size = SIZE[dataset.priority] * unit;
        const point = at(dataset);
        const node = draw("g", {
          class: "pin",
          "data-p": dataset.priority,
          transform: `translate(${point.x} ${point.y})`,
        });
        around(point, size / 2 + 4 * unit);
        if (dataset.status === "new" && dataset.priority === "1")
          node.append(
            draw("circle", { class: "pin-call", r: 62 * unit }),
            draw("circle", { class: "pin-call pin-call--still", r: 38 * unit }),
          );
        node.append(
          draw("use", { href: `#m${dataset.priority}`, x: -size / 2, y: -size / 2, width: size, height: size }),
        );
        if (reports) {
          const w = (22 + String(reports).length * 15) * unit;
          const many = draw("g", { class: "pin-n" });
          many.append(
            draw("rect", {
              x: size / 2 - 8 * unit,
              y: -size / 2 - 18 * unit,
              width: w,
              height: 36 * unit,
              rx: 18 * unit,
            }),
            draw("text", { x: size / 2 - 8 * unit + w / 2, y: -size / 2 + 9 * unit }, reports),
          );
          node.append(many);
        }
        return node;
      }),
    );
    // Tags of the most urgent, like radar blocks: each takes the first free place round its pin.
    const legend = document.querySelector(".wall-legend").getBoundingClientRect();
    const box0 = map.getBoundingClientRect();
    taken.push({ x: legend.x - box0.x, y: legend.y - box0.y, w: legend.width, h: legend.height });
    tags.replaceChildren(
      ...cards
        .slice(0, TAGS)
        .map(card => tag(card, taken, w, h))
        .filter(Boolean),
    );
    name(taken, w, h);
    age();
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
      const dy = [0, -34 * unit, 40 * unit].find(fits);
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
    const name = card.querySelector(".card-what").textContent.trim();
    const h = 62 * unit;
    const near = 40 * unit;
    const far = 62 * unit;
    const w = (Math.max(measure(name), 74, card.dataset.status === "on_scene" ? measure(there(card)) : 0) + 28) * unit;
    // Beside the pin, else farther out, at the end of a longer line: a heart full of shields hides no tag.
    const spots = [0, 60, 130, 210]
      .map(step => step * unit)
      .flatMap(s => [
        [near + s, -far - 8 * unit - s],
        [near + s, 10 * unit + s],
        [-near - w - s, -far - 8 * unit - s],
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
    if (!spot) return null;
    taken.push(spot);
    const node = draw("g", { class: "pin-tag", "data-id": card.id });
    const ex = Math.max(spot.x, Math.min(x, spot.x + w));
    const ey = Math.max(spot.y, Math.min(y, spot.y + h));
    const far2 = Math.hypot(ex - x, ey - y) || 1;
    const r = (SIZE[card.dataset.priority] / 2) * unit + 2;
    node.append(
      draw("line", { x1: x + ((ex - x) * r) / far2, y1: y + ((ey - y) * r) / far2, x2: ex, y2: ey }),
      draw("rect", { x: spot.x, y: spot.y, width: w, height: h, rx: 3 * unit }),
      draw("text", { class: "t1", x: spot.x + 13 * unit, y: spot.y + 26 * unit }, name),
      draw("text", { class: "t2", x: spot.x + 13 * unit, y: spot.y + 50 * unit }),
    );
    return node;
  }
  function age() {
    for (const node of tags.children) {
      const card = document.getElementById(node.dataset.id);
      const known = ageOf(node.dataset.id);
      if (!card) continue;
      node.dataset.when = known?.when ?? "";
      node.querySelector(".t2").textContent =
        card.dataset.status === "on_scene" ? there(card) || (known?.age ?? "") : (known?.age ?? "");
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
