// Round the open incident: 1, 2 and 3 km, and a line to every station that is chosen or already sent.
siaga.once("rings", () => {
  const draw = siaga.frame(() => {
    if (!siaga.map) return;
    const open = document.querySelector("#panel [data-incident]"), layer = siaga.layer("rings"), parts = [];
    const chosen = new Set();
    if (open?.dataset.lat && !["resolved", "dismissed", "merged"].includes(open.dataset.status)) {
      const { x, y } = siaga.point(+open.dataset.lat, +open.dataset.lon), perKm = siaga.perKm();
      for (const km of [1, 2, 3]) {
        const r = km * perKm, lean = Math.PI * 0.75;
        parts.push(siaga.draw("circle", { class: "map-ring", cx: x, cy: y, r }));
        if (perKm > 26) parts.push(siaga.draw("text", { class: "map-ringname", x: x + r * Math.cos(lean), y: y + r * Math.sin(lean) + 4 }, `${km} km`));
      }
      if (open.dataset.accuracy > 40) parts.push(siaga.draw("circle", { class: "map-near", cx: x, cy: y, r: open.dataset.accuracy / 1000 * perKm }));
      const form = document.querySelector("#panel dialog[open] .send-form") ?? document.querySelector("#panel .group.send-form");
      for (const post of form ? form.querySelectorAll(".post:has(.post-in:checked)") : []) chosen.add(post.dataset.station);
      for (const sent of document.querySelectorAll("#panel .post-sent[data-station]:not([data-back])")) chosen.add(sent.dataset.station);
      for (const key of chosen) {
        const station = document.getElementById(`station-${key}`);
        if (!station) continue;
        const at = siaga.point(+station.dataset.lat, +station.dataset.lon);
        parts.push(siaga.draw("path", { class: "map-route", d: `M${at.x} ${at.y}L${x} ${y}` }));
      }
    }
    layer.replaceChildren(...parts);
    for (const shield of siaga.layer("stations").children) shield.classList.toggle("station--chosen", chosen.has(shield.dataset.station));
  });
  for (const news of ["opened", "sending", "pinned"]) siaga.hear(news, draw);
});
