// What people name when they say where: kelurahan, crossings, landmarks and streets are written on the built-in map as
// one comes nearer, so that a pin says where it is. The weightier stand first; what would lie over another is left
// out.
import { draw, layer, map, point } from "./map.js";
import { hear, once } from "./page.js";

once(() => {
  const FROM = [13, 14.25, 15, 16]; // zoom: kelurahan, crossings and large landmarks, others, streets and stops
  const LETTER = 5.6; // px, wide enough for our face
  const HIGH = 13;
  if (!map) return;
  let names = [];
  hear("ground", ({ villages, places }) => {
    names = [
      ...villages.map(({ name, label: [lat, lon] }) => ({ name, lat, lon, weight: 0 })),
      ...places.map(([lat, lon, name, weight]) => ({ name, lat, lon, weight })),
    ].sort((a, b) => a.weight - b.weight);
    drawNames();
  });
  map.on("moveend zoomend viewreset", drawNames);

  function drawNames() {
    const zoom = map.getZoom();
    const view = map.getBounds();
    const taken = [...document.querySelectorAll(".drawing-names text")].map(box);
    const free = ({ x, y, w }) =>
      !taken.some(other => x < other.x + other.w && other.x < x + w && Math.abs(y - other.y) < HIGH);
    const nodes = [];
    for (const { name, lat, lon, weight } of names) {
      if (zoom < FROM[weight] || !view.contains([lat, lon])) continue;
      const { x, y } = point(lat, lon);
      const w = name.length * LETTER + 8;
      const at = weight ? { x: x - 4, y, w } : { x: x - w / 2, y, w };
      if (!free(at)) continue;
      taken.push(at);
      if (weight) nodes.push(draw("circle", { class: "map-dot", cx: x, cy: y, r: 2 }));
      const shown = { class: weight ? "map-place" : "map-name map-name--small", x: weight ? x + 5 : x, y: y + 3.5 };
      nodes.push(draw("text", shown, name));
    }
    layer("places").replaceChildren(...nodes);
  }

  function box(text) {
    const w = text.textContent.length * (LETTER + 2);
    return { x: Number(text.getAttribute("x")) - w / 2, y: Number(text.getAttribute("y")) - 3.5, w };
  }
});
