// Pins, tags and station shields: a drawing of the cards. One observer with a filter, one redraw a frame, changed pins only.
siaga.once("pins", () => {
  const SIZE = { 1: 27, 2: 24, 3: 20, 4: 17 }, MOST = 14;
  const pins = new Map(), shields = new Map(), changed = new Set();
  const id = card => card.id.slice(9);
  let hot = null, hidden = new Set();

  function pin(card) {
    const { priority, status, lat, lon } = card.dataset, size = SIZE[priority], chosen = siaga.chosen() === id(card);
    const node = siaga.draw("g", { class: "pin", "data-p": priority, "data-id": id(card), "data-status": status });
    if (status === "new" && priority === "1") node.append(siaga.draw("circle", { class: "pin-call", r: 28 }), siaga.draw("circle", { class: "pin-call pin-call--still", r: 18 }));
    node.toggleAttribute("data-hot", hot === id(card));
    if (chosen) node.append(siaga.draw("circle", { class: "pin-halo", r: size / 2 + 6 }));
    node.append(siaga.draw("circle", { class: "pin-hot", r: size / 2 + 5 }), siaga.draw("use", { href: `#m${priority}`, x: -size / 2, y: -size / 2 - (priority === "2" ? 2 : 0), width: size, height: size }));
    node.append(siaga.draw("title", {}, card.querySelector(".card-what").textContent.trim()));
    return { node, at: [+lat, +lon], rank: +card.dataset.rank, card };
  }
  const put = ({ node, at }) => { const { x, y } = siaga.point(...at); node.setAttribute("transform", `translate(${x} ${y})`); };

  function shield(station) {
    const { free, name, lat, lon } = station.dataset;
    const node = siaga.draw("g", { class: `station${free === "0" ? " station--empty" : ""}`, "data-station": station.id.slice(8) });
    node.append(siaga.draw("path", { d: "M-9 -8H9V4L0 10L-9 4Z" }), siaga.draw("text", { x: 0, y: 3 }, free), siaga.draw("title", {}, `${name}: ${siaga.word("free", free)}`));
    return { node, at: [+lat, +lon] };
  }

  // Tags of the most important that are in view, like radar blocks: each takes the first of eight places that is free.
  function tags() {
    const size = siaga.map.getSize(), corner = siaga.map.containerPointToLayerPoint([0, 0]);
    const inside = box => box.x > corner.x + 6 && box.y > corner.y + 48 && box.x + box.w < corner.x + size.x - 6 && box.y + box.h < corner.y + size.y - 54;
    const hits = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
    const around = (at, r) => { const { x, y } = siaga.point(...at); return { x: x - r, y: y - r, w: 2 * r, h: 2 * r }; };
    const taken = [...[...pins.values()].filter(one => !hidden.has(one.card.id)).map(one => around(one.at, 12)), ...[...shields.values()].map(one => around(one.at, 9))];
    const first = [...pins.values()].filter(one => !hidden.has(one.card.id)).sort((a, b) => (id(b.card) === siaga.chosen()) - (id(a.card) === siaga.chosen()) || a.rank - b.rank);
    const made = [];
    for (const one of first) {
      if (made.length >= MOST) break;
      const words = lines(one.card), w = Math.max(...words.map(text => text.length)) * 5.9 + 16, h = 30, { x, y } = siaga.point(...one.at);
      const spots = [[24, -34], [24, 8], [-24 - w, -34], [-24 - w, 8], [-w / 2, -56], [-w / 2, 28], [34, -15], [-34 - w, -15]].map(([dx, dy]) => ({ x: x + dx, y: y + dy, w, h }));
      const box = spots.find(spot => inside(spot) && !taken.some(other => hits(spot, other)));
      if (!box) continue;
      taken.push(box);
      made.push(tag(one, box, words, { x, y }));
    }
    siaga.layer("tags").replaceChildren(...made);
    age();
  }
  function lines(card) {
    const name = card.querySelector(".card-what").textContent.trim().split(/ \/ |, /)[0];
    return [name.length > 16 ? `${name.slice(0, 15)}…` : name, second(card)];
  }
  function second(card) {
    const { status, personnel } = card.dataset, known = siaga.ages.get(card.id), age = known?.age ?? "";
    if (status === "on_scene") return siaga.word("here", personnel);
    if (known?.when === "late") return siaga.word("overShort", age);
    return status === "dispatched" && personnel !== "0" ? `${age} · ${personnel}` : age;
  }
  function tag({ card }, box, [one, two], { x, y }) {
    const node = siaga.draw("g", { class: "pin-tag", "data-id": id(card) });
    if (id(card) === siaga.chosen()) node.setAttribute("data-mine", "");
    const nx = Math.max(box.x, Math.min(x, box.x + box.w)), ny = Math.max(box.y, Math.min(y, box.y + box.h)), d = Math.hypot(nx - x, ny - y), r = SIZE[card.dataset.priority] / 2 + 1;
    node.append(siaga.draw("line", { x1: x + (nx - x) * r / d, y1: y + (ny - y) * r / d, x2: nx, y2: ny }), siaga.draw("rect", { x: box.x, y: box.y, width: box.w, height: box.h, rx: 2 }),
      siaga.draw("text", { class: "t1", x: box.x + 7, y: box.y + 13 }, one), siaga.draw("text", { class: "t2", x: box.x + 7, y: box.y + 24.5 }, two));
    return node;
  }
  function age() {
    let wider = false;
    for (const node of siaga.layer("tags").children) {
      const card = document.getElementById(`incident-${node.dataset.id}`);
      if (!card) continue;
      node.setAttribute("data-when", siaga.ages.get(card.id)?.when ?? "");
      const line = node.querySelector(".t2"), words = second(card);
      if (line.textContent === words) continue;
      wider ||= words.length > line.textContent.length;
      line.textContent = words;
    }
    if (wider) again();                                      // "59:59" became "1:00:00": its block needs more room
  }

  const again = siaga.frame(tags);
  const redraw = siaga.frame(() => {
    for (const key of changed) {
      const element = document.getElementById(key), map = key.startsWith("station-") ? shields : pins;
      map.get(key)?.node.remove();
      if (!element) { map.delete(key); continue; }
      const one = map === pins ? pin(element) : shield(element);
      map.set(key, one);
      put(one);
      siaga.layer(map === pins ? "pins" : "stations").append(one.node);
    }
    changed.clear();
    const order = [...pins.values()].sort((a, b) => b.rank - a.rank);                // the most urgent on top
    if (order.some((one, n) => siaga.layer("pins").children[n] !== one.node)) siaga.layer("pins").append(...order.map(one => one.node));
    hide();
    tags();
    siaga.tell("pinned");
  });
  const touch = key => { if (key) { changed.add(key); redraw(); } };
  const hide = () => { for (const one of pins.values()) one.node.toggleAttribute("hidden", hidden.has(one.card.id)); };
  const heat = next => {
    if (next === hot) return;
    hot = next;
    siaga.sheet("hot", hot ? `#incident-${hot}{--card-ground:var(--hover)}` : "");
    for (const one of pins.values()) one.node.toggleAttribute("data-hot", id(one.card) === hot);
  };

  let was = null;
  function start() {
    was = siaga.chosen();
    const watch = records => {
      for (const { target, type, addedNodes, removedNodes } of records) {
        if (type === "attributes") touch(target.id);
        else if (target.id === "board" || target.id === "stations") for (const node of [...addedNodes, ...removedNodes]) touch(node.id);
      }
    };
    const only = { childList: true, subtree: true, attributes: true, attributeFilter: ["data-status", "data-priority", "data-lat", "data-lon", "data-free", "data-personnel"] };
    new MutationObserver(watch).observe(document.getElementById("board"), only);
    new MutationObserver(watch).observe(document.getElementById("stations"), only);
    for (const element of document.querySelectorAll("#board > .card, #stations > li")) touch(element.id);
    siaga.map.on("zoomend viewreset", () => { for (const one of [...pins.values(), ...shields.values()]) put(one); tags(); siaga.tell("pinned"); });
    siaga.map.on("moveend", again);
  }
  siaga.hear("chosen", ({ id }) => { touch(was && `incident-${was}`); touch(`incident-${id}`); was = id; });
  siaga.hear("filtered", detail => {
    if ([...detail.hidden].join() === [...hidden].join()) return;
    hidden = detail.hidden;
    if (siaga.map) redraw();
  });
  siaga.hear("aged", () => { if (siaga.map) age(); });
  document.addEventListener("mouseover", event => heat(event.target.closest?.(".pin, .pin-tag")?.dataset.id ?? event.target.closest?.("#board > .card")?.id.slice(9) ?? null));
  document.addEventListener("click", event => {
    const node = event.target.closest(".pin, .pin-tag");
    if (node && !siaga.picking) siaga.open(node.dataset.id);
  });
  if (siaga.map) start();
});
