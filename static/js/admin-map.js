// Stations on the map: a shield one may drag. Where it is let go stands in the form that asks; nothing moves before
// that is sent.
import { edit } from "./admin.js";
import { unpacked } from "./ground.js";
import { colour, hear, once } from "./page.js";

once(async () => {
  const box = document.getElementById("map");
  const rows = [...document.querySelectorAll("#station-list tbody tr")];
  const map = L.map(box, {
    attributionControl: false,
    zoomAnimation: false,
    fadeAnimation: false,
    markerZoomAnimation: false,
    inertia: false,
    renderer: L.canvas({ padding: 0.5 }),
    zoomSnap: 0.25,
    minZoom: 9,
    maxZoom: 18,
  });
  const bounds = L.latLngBounds(rows.map(({ dataset: { lat, lon } }) => [+lat, +lon]));
  map.fitBounds(
    bounds.isValid()
      ? bounds
      : [
          [3.5, 98.6],
          [3.65, 98.75],
        ],
    { padding: [30, 30] },
  );
  const SHIELD =
    '<svg class="station" viewBox="-10 -10 20 21" width="34" height="34" aria-hidden="true">' +
    '<path d="M-9 -8H9V4L0 10L-9 4Z"/><text x="0" y="3.5"></text></svg>';
  for (const row of rows) {
    const { lat, lon, name, strength } = row.dataset;
    const id = row.id.slice(8);
    const marker = L.marker([+lat, +lon], {
      draggable: true,
      title: name,
      alt: name,
      icon: L.divIcon({ className: "shield", html: SHIELD, iconSize: [34, 34], iconAnchor: [17, 18] }),
    }).addTo(map);
    marker.getElement().querySelector("text").textContent = strength;
    marker.on("click", () => edit(`/admin/stations/${id}`));
    marker.on("dragend", async () => {
      const { lat, lng } = marker.getLatLng();
      await edit(`/admin/stations/${id}`);
      const form = document.getElementById("move-form");
      form.elements.lat.value = lat.toFixed(6);
      form.elements.lon.value = lng.toFixed(6);
      form.querySelector("button").focus();
      document
        .getElementById("edit")
        .addEventListener("close", () => marker.setLatLng([+row.dataset.lat, +row.dataset.lon]), { once: true });
    });
  }
  if (box.dataset.tiles) L.tileLayer(box.dataset.tiles, { maxZoom: 19 }).addTo(map);
  const answer = await fetch(box.dataset.level0).catch(() => null);
  if (!answer?.ok) return;
  const { districts, villages } = unpacked(await answer.json());
  const shapes = [];
  const add = (rings, style) => {
    const shape = L.polygon(rings, { interactive: false, ...style() }).addTo(map);
    shapes.push([shape, style]);
  };
  if (!box.dataset.tiles)
    districts.forEach(({ rings }, n) =>
      add(rings, () => ({
        stroke: false,
        fillOpacity: 1,
        fillColor: colour(n % 2 ? "--map-land-2" : "--map-land"),
      })),
    );
  villages.forEach(({ rings }) => add(rings, () => ({ fill: false, weight: 1, color: colour("--map-cell") })));
  districts.forEach(({ rings }) => add(rings, () => ({ fill: false, weight: 1, color: colour("--map-edge") })));
  hear("theme", () => shapes.forEach(([shape, style]) => shape.setStyle(style())));
});
