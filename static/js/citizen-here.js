// Where it happened: the pin stands still and the map moves under it. Leaflet is fetched when the map comes into view.
const box = document.querySelector("#here");
const ground = document.querySelector("#here-map");
const button = document.querySelector("#here-me");
const label = button.querySelector("span");
const said = document.querySelector("#here-said");
const field = name => document.querySelector(`#${name}`);
const Y_INDONESIA = [-11.2, 6.3];
const X_INDONESIA = [94.7, 141.1];
const FAR = 12;
const NAMES_FROM = 14;
const PLACES_FROM = [15, 16, 17]; // crossings and large landmarks, others, streets
const HIGH = 22; // px, a name with its dot
const NEAR = 15;
const ROUGH_M = 200;
const UNANSWERED_MS = 20_000;
let map;
let ring;
let moving = false;

box.hidden = false;
box.dataset.set = field("lat").value ? "yes" : "no";
button.addEventListener("click", locate);
// An app's own browser may know no position: said at once, and the map and the words do.
if (!navigator.geolocation) {
  button.hidden = true;
  say(button.dataset.off);
} else if (box.dataset.urgent && !field("lat").value) locate();
new IntersectionObserver(
  (seen, watcher) => {
    if (!seen.some(one => one.isIntersecting)) return;
    watcher.disconnect();
    draw();
  },
  { rootMargin: `0px 0px -${document.querySelector(".sendbar")?.offsetHeight ?? 0}px` },
).observe(box); // what lies under the bar is not in view yet

// A place taken from the list is looked at; the words say where it is, and a point that was given stays.
document.addEventListener("siaga:place", async ({ detail }) => {
  if (box.dataset.set === "yes") return;
  await draw();
  map?.setView(detail, NEAR, { animate: false });
});

async function draw() {
  if (map !== undefined) return map;
  map = null; // being fetched: once is enough
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: box.dataset.style }));
  await new Promise(done =>
    document.head.append(
      Object.assign(document.createElement("script"), { src: box.dataset.script, onload: done, onerror: done }),
    ),
  );
  if (!window.L) {
    map = undefined;
    return;
  } // no signal for the map: words and the device's position still do
  const chosen = field("lat").value;
  const start = chosen ? [field("lat").value, field("lon").value] : [box.dataset.lat, box.dataset.lon];
  map = L.map(ground, {
    zoomControl: false,
    preferCanvas: true,
    attributionControl: false,
    minZoom: 10,
    maxZoom: 19,
  }).setView(start.map(Number), chosen ? NEAR : FAR);
  ground.style.background = "var(--map-out)"; // Leaflet's own grey stands outside our layers and would win
  map
    .on("dragstart keydown", () => {
      moving = true;
    })
    .on("moveend", picked);
  if (field("accuracy").value) circle(Number(field("accuracy").value));
  if (box.dataset.ground) outlines();
  return map;
}

function picked() {
  if (!moving) return;
  moving = false;
  const { lat, lng } = map.getCenter();
  ring?.remove();
  set(lat, lng, "pin", "");
  say(""); // what was wrong with the point of before
  label.textContent = button.dataset.words;
}

function locate() {
  label.textContent = button.dataset.seek;
  // a question that nobody answers has no end of its own; a late answer is taken all the same
  const unanswered = setTimeout(() => {
    label.textContent = button.dataset.words;
    say(button.dataset.off);
  }, UNANSWERED_MS);
  navigator.geolocation.getCurrentPosition(
    async ({ coords }) => {
      clearTimeout(unanswered);
      if (!inside(coords.latitude, Y_INDONESIA) || !inside(coords.longitude, X_INDONESIA)) {
        label.textContent = button.dataset.words;
        return say(button.dataset.far);
      }
      set(coords.latitude, coords.longitude, "device", Math.round(coords.accuracy));
      label.textContent = `${button.dataset.words}, ±${Math.round(coords.accuracy)} m`;
      const rough = coords.accuracy > ROUGH_M;
      say(rough ? button.dataset.rough.replace("{m}", Math.round(coords.accuracy)) : "");
      await draw();
      if (!map) return;
      map.setView([coords.latitude, coords.longitude], NEAR, { animate: false });
      circle(coords.accuracy);
      if (rough) map.fitBounds(ring.getBounds(), { maxZoom: NEAR, animate: false }); // all of where it may be
    },
    error => {
      clearTimeout(unanswered);
      label.textContent = button.dataset.words;
      say(error.code === error.PERMISSION_DENIED ? button.dataset.shut : button.dataset.off);
    },
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 },
  );
}

function circle(metres) {
  ring?.remove();
  ring = L.circle(map.getCenter(), {
    radius: metres,
    color: ink("--hand"),
    weight: 1,
    fillOpacity: 0.14,
    interactive: false,
  }).addTo(map);
}

// The ground: districts and villages as they are drawn everywhere; their names only when there is room for them.
async function outlines() {
  const [answer, ground] = await Promise.all([fetch(box.dataset.ground), import("./ground.js")]).catch(() => []);
  if (!answer?.ok) return;
  map.createPane("ground").style.zIndex = 200; // under the circle round the position
  const { districts, villages, places } = ground.unpacked(await answer.json());
  const canvas = L.canvas({ padding: 0.5, pane: "ground" });
  const names = L.layerGroup();
  const rings = (area, style) =>
    L.polygon(
      area.rings.map(ring => [ring]),
      { renderer: canvas, pane: "ground", interactive: false, ...style },
    ).addTo(map);
  villages.forEach(area =>
    rings(area, { color: ink("--map-cell"), weight: 1, fillColor: ink("--map-land"), fillOpacity: 1 }),
  );
  districts.forEach(area => rings(area, { color: ink("--map-edge"), weight: 1, fill: false }));
  for (const { name, label } of villages) written(label, name, "map-label").addTo(names);
  const near = L.layerGroup().addTo(map);
  map.on("moveend", () => {
    near.clearLayers();
    const zoom = map.getZoom();
    const taken = villages.map(({ name, label }) => spread(label, name));
    for (const [lat, lon, name, weight] of places) {
      if (zoom < PLACES_FROM[weight - 1] || !map.getBounds().contains([lat, lon])) continue;
      const at = spread([lat, lon], name);
      if (taken.some(one => Math.abs(one.x - at.x) < (one.w + at.w) / 2 && Math.abs(one.y - at.y) < HIGH)) continue;
      taken.push(at);
      written([lat, lon], name, "map-label map-label--place").addTo(near);
    }
  });
  const room = () => (map.getZoom() >= NAMES_FROM ? names.addTo(map) : names.remove());
  map.on("zoomend", room);
  room();
}

// Where a name lies on the map, and how wide it is there.
function spread(at, name) {
  const { x, y } = map.latLngToContainerPoint(at);
  return { x, y, w: name.length * 7 };
}

function written(at, name, className) {
  const html = Object.assign(document.createElement("span"), { textContent: name });
  return L.marker(at, { interactive: false, keyboard: false, icon: L.divIcon({ className, iconSize: null, html }) });
}

// A token as the colour it is in the theme of now: a canvas does not know light-dark().
function ink(token) {
  said.style.color = `var(${token})`;
  const colour = getComputedStyle(said).color;
  said.style.color = "";
  return colour;
}

function set(lat, lon, precision, accuracy) {
  Object.entries({ lat: lat.toFixed(6), lon: lon.toFixed(6), precision, accuracy }).forEach(([name, value]) => {
    field(name).value = value;
  });
  box.dataset.set = "yes";
  field("lat").dispatchEvent(new Event("input", { bubbles: true })); // the draft keeps it
}

function inside(value, [low, high]) {
  return value >= low && value <= high;
}

function say(words) {
  said.textContent = words;
  said.hidden = !words;
}
