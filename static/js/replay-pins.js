// The pins of a replay: a drawing of the cards that stand on the board.
import { draw, layer, map, point } from "./map.js";
import { hear, once, tell } from "./page.js";

once(() => {
  const SIZE = { 1: 27, 2: 24, 3: 20, 4: 17 };
  let cards = [];

  function pins() {
    if (!map) return;
    const placed = cards.filter(({ dataset }) => dataset.lat);
    placed.sort((a, b) => (a.dataset.rank < b.dataset.rank ? 1 : -1)); // the most urgent on top
    layer("pins").replaceChildren(
      ...placed.map(card => {
        const { priority, lat, lon, lane } = card.dataset;
        const size = SIZE[priority];
        const { x, y } = point(Number(lat), Number(lon));
        const node = draw("g", { class: "pin", "data-p": priority, "data-status": lane, "data-card": card.id });
        node.setAttribute("transform", `translate(${x} ${y})`);
        const at = { x: -size / 2, y: -size / 2 - (priority === "2" ? 2 : 0), width: size, height: size };
        if (card.matches(".then--exercise")) node.append(draw("circle", { class: "pin-practice", r: size / 2 + 4 }));
        node.append(draw("use", { href: `#m${priority}`, ...at }));
        node.append(draw("title", {}, card.querySelector("h3").textContent.trim()));
        return node;
      }),
    );
  }
  hear("drawn", told => {
    cards = told.cards;
    pins();
    tell("placed", { list: { id: "board" } }); // the map fits itself to what stands there, until a hand moves it
  });
  map?.on("zoomend viewreset", pins);
});
