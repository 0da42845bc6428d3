// The ground under the list: Leaflet with one canvas, outlines of districts and villages, colours from the tokens of
// the theme. It fits itself only when the set of incidents changes; a hand that moves it locks it; the star fits
// again.
import { unpacked } from "./ground.js";
import { after, colour, frame, hear, onBoard, once, tell } from "./page.js";

export let map = null; // Leaflet's, where there is one
export let layer;
export let point;
export let perKm;

const SVG = "http://www.w3.org/2000/svg";
export function draw(name, attributes = {}, text) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

once(async () => {
  const box = document.getElementById("map");
  if (!box) return;
  map = L.map(box, {
    zoomControl: false,
    attributionControl: false,
    renderer: L.canvas({ padding: 0.5 }),
    zoomAnimation: false,
    fadeAnimation: false,
    inertia: false,
    zoomSnap: 0.25,
    zoomDelta: 0.5,
    wheelPxPerZoomLevel: 120,
    minZoom: 9,
    maxZoom: 18,
  }).setView([3.59, 98.675], 12);
  const calls = map.createPane("calls");
  const pane = map.createPane("drawing");
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("class", "drawing");
  drawing.setAttribute("aria-hidden", "true"); // the list says the same in words
  pane.append(drawing);
  const layers = Object.fromEntries(
    ["names", "places", "rings", "stations", "pins", "tags"].map(name => {
      const group = drawing.appendChild(document.createElementNS(SVG, "g"));
      group.setAttribute("class", `drawing-${name}`);
      return [name, group];
    }),
  );
  // calls are boxes, not drawn: what moves without end must not redraw the map
  layer = name => layers[name] ?? calls;
  point = (lat, lon) => map.latLngToLayerPoint([lat, lon]).round();
  perKm = () => 1000 / ((40075016.686 * Math.cos((map.getCenter().lat * Math.PI) / 180)) / 2 ** (map.getZoom() + 8));

  let city = null;
  let locked = false;
  let known = "";
  let self = true;
  const lock = document.getElementById("locked");
  const hold = yes => {
    locked = yes;
    lock.hidden = !yes;
  };
  const look = act => {
    self = true;
    act();
    self = false;
  };
  const bounds = () => {
    const points = onBoard()
      .map(({ dataset }) => [+dataset.lat, +dataset.lon])
      .filter(([lat]) => lat);
    return points.length ? L.latLngBounds(points) : city;
  };
  const fit = () => {
    hold(false);
    const { x, y } = map.getSize();
    const edge = Math.min(70, x / 8, y / 8);
    const all = bounds();
    if (all?.isValid())
      look(() =>
        map.fitBounds(all, {
          paddingTopLeft: [edge, edge],
          paddingBottomRight: [edge * 1.3, edge * 1.4],
          maxZoom: 14,
          animate: false,
        }),
      );
  };
  // Only when it would look elsewhere: every fit draws the whole map anew.
  const refit = after(() => {
    const wanted = `${bounds()?.toBBoxString()} ${map.getSize()}`;
    if (wanted === known) return;
    known = wanted;
    if (!locked) fit();
  });
  hear("placed", ({ list }) => {
    if (list.id === "board") refit();
  });
  map.on("dragstart zoomstart", event => {
    if (!self && (event.type === "dragstart" || !event.flyTo)) hold(true);
  });
  document.addEventListener("click", event => {
    if (event.target.closest("#fit, #locked")) fit();
    const zoom = event.target.closest("[data-zoom]");
    if (zoom) map.setZoom(map.getZoom() + Number(zoom.dataset.zoom));
  });
  new ResizeObserver(
    frame(() => {
      look(() => map.invalidateSize({ animate: false }));
      refit();
    }),
  ).observe(box);

  // The scale: the roundest length between 40 and 100 px.
  const scale = document.getElementById("scale");
  const word = document.getElementById("scale-word");
  function measure() {
    const px = perKm();
    const km = [0.1, 0.2, 0.5, 1, 2, 5, 10].findLast(length => length * px <= 100) ?? 0.1;
    scale.style.width = `${km * px}px`;
    word.textContent = km < 1 ? `${km * 1000} m` : `${km} km`;
  }
  map.on("zoomend viewreset", measure);
  measure();
  refit();

  const paved = box.dataset.tiles || box.dataset.streets;
  if (box.dataset.tiles) L.tileLayer(box.dataset.tiles, { maxZoom: 19 }).addTo(map);
  if (box.dataset.streets) streets(box.dataset.streets);
  const answer = await fetch(box.dataset.level0);
  if (!answer.ok) return;
  const land = unpacked(await answer.json());
  const { districts, villages, neighbours } = land;
  const shapes = [];
  const ground = L.layerGroup().addTo(map);
  const add = (rings, style) => {
    const shape = L.polygon(rings, { interactive: false, smoothFactor: 0, ...style() }).addTo(ground);
    shapes.push([shape, style]);
    return shape;
  };
  if (!paved)
    districts.forEach(({ rings }, n) =>
      add(rings, () => ({
        stroke: false,
        fillOpacity: 1,
        fillColor: colour(n % 2 ? "--map-land-2" : "--map-land"),
      })),
    );
  for (const { rings } of [...neighbours, ...villages])
    add(rings, () => ({ fill: false, weight: 1, color: colour("--map-cell") }));
  const edges = districts.map(({ rings }) =>
    add(rings, () => ({ fill: false, weight: 1, color: colour("--map-edge") })),
  );
  city = L.featureGroup(edges).getBounds();
  refit(); // a board without incidents shows the city
  hear("theme", () => shapes.forEach(([shape, style]) => shape.setStyle(style())));

  // An operator's own streets (SIAGA_MAP_PMTILES), drawn anew in the colours of each theme.
  function streets(url) {
    const light = () => getComputedStyle(document.documentElement).colorScheme === "light";
    const lay = () => protomapsL.leafletLayer({ url, flavor: light() ? "light" : "dark", lang: "id" }).addTo(map);
    let paved = lay();
    hear("theme", () => {
      paved.remove();
      paved = lay();
    });
  }

  function names() {
    if (perKm() < 18) return layers.names.replaceChildren(); // too small to read
    const shields = [...document.querySelectorAll("#stations > li")].map(({ dataset }) =>
      point(+dataset.lat, +dataset.lon),
    );
    const word = (at, text, out) => {
      // a name steps below the shield that stands where it would
      const { x, y } = point(...at);
      const under = shields.find(shield => Math.abs(shield.x - x) < 40 && Math.abs(shield.y - y) < 18);
      return draw("text", { class: out ? "map-name map-name--out" : "map-name", x, y: under ? under.y + 22 : y }, text);
    };
    layers.names.replaceChildren(
      ...neighbours.map(({ name, lat, lon }) => word([lat, lon], name, true)),
      ...districts.map(({ short, label }) => word(label, short.toUpperCase())),
    );
  }
  map.on("zoomend viewreset", names);
  names();
  if (!paved) tell("ground", land); // streets of an operator's own name themselves
});
