// Round the open incident: 1, 2 and 3 km, and a line to every station that is chosen or already sent, with how many
// come from it.
import { draw, layer, map, perKm, point } from "./map.js";
import { frame, hear, once } from "./page.js";

once(() => {
  const redraw = frame(() => {
    if (!map) return;
    const open = document.querySelector("#panel [data-incident]");
    const rings = layer("rings");
    const parts = [];
    const chosen = new Map(); // station → how many
    if (open?.dataset.lat && !["resolved", "dismissed", "forwarded", "merged"].includes(open.dataset.status)) {
      const { x, y } = point(+open.dataset.lat, +open.dataset.lon);
      const scale = perKm();
      for (const km of [1, 2, 3]) {
        const r = km * scale;
        const lean = Math.PI * 0.75;
        parts.push(draw("circle", { class: "map-ring", cx: x, cy: y, r }));
        if (scale > 26)
          parts.push(
            draw(
              "text",
              { class: "map-ringname", x: x + r * Math.cos(lean), y: y + r * Math.sin(lean) + 4 },
              `${km} km`,
            ),
          );
      }
      if (open.dataset.accuracy > 40)
        parts.push(draw("circle", { class: "map-near", cx: x, cy: y, r: (open.dataset.accuracy / 1000) * scale }));
      const form =
        document.querySelector("#panel dialog[open] .send-form") ?? document.querySelector("#panel .group.send-form");
      for (const post of form ? form.querySelectorAll(".post:has(.post-in:checked)") : [])
        chosen.set(post.dataset.station, Number(post.querySelector(".post-go").value));
      for (const {
        dataset: { station },
        children,
      } of document.querySelectorAll("#panel .post-sent[data-station]:not([data-back])"))
        chosen.set(
          station,
          (chosen.get(station) ?? 0) + Number([...children].find(child => child.matches("b"))?.textContent),
        );
      for (const [key, n] of chosen) {
        const station = document.getElementById(`station-${key}`);
        if (!station) continue;
        const at = point(+station.dataset.lat, +station.dataset.lon);
        parts.push(draw("path", { class: "map-route", d: `M${at.x} ${at.y}L${x} ${y}` }));
        const t = Math.min(0.5, 34 / (Math.hypot(x - at.x, y - at.y) || 1)); // beside the shield, on the way
        if (n)
          parts.push(draw("text", { class: "map-going", x: at.x + (x - at.x) * t, y: at.y + (y - at.y) * t + 4 }, n));
      }
    }
    rings.replaceChildren(...parts);
    for (const shield of layer("stations").children)
      shield.classList.toggle("station--chosen", chosen.has(shield.dataset.station));
  });
  for (const news of ["chosen", "opened", "sending", "pinned"]) hear(news, redraw);
});
