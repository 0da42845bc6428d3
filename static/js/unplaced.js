// What has no place stands at the map's edge, counted, with the shape of each: a map with fewer pins than the list has
// rows says so. Pressed, it opens the one that has been without a place for longest.
import { choice } from "./choice.js";
import { fill, frame, hear, onBoard, once, write } from "./page.js";

once(() => {
  const MOST = 6;
  const tray = document.getElementById("unplaced");
  let hidden = new Set();
  const lost = () =>
    onBoard()
      .filter(card => !card.dataset.lat && !hidden.has(card.id))
      .sort((a, b) => Date.parse(a.dataset.filed) - Date.parse(b.dataset.filed));
  const draw = frame(() => {
    const cards = lost();
    tray.hidden = !cards.length;
    if (!cards.length) return;
    write(tray.querySelector("span"), fill(tray.dataset.words, cards.length));
    tray.querySelector(".unplaced-marks").replaceChildren(
      ...cards.slice(0, MOST).map(card => {
        const mark = card.querySelector(".mark").cloneNode(true);
        mark.toggleAttribute("data-chosen", choice.id() === card.id.slice(9));
        mark.setAttribute("aria-hidden", "true");
        return mark;
      }),
    );
  });
  tray.addEventListener("click", () => {
    const [oldest] = lost();
    if (oldest) choice.open(oldest.id.slice(9));
  });
  hear("filtered", seen => {
    hidden = seen.hidden;
    draw();
  });
  for (const news of ["grouped", "chosen"]) hear(news, draw);
  draw();
});
