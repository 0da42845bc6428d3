// Pointing at the map for a form: its window steps aside, and so does what stands in the map's place; the next press on
// the map fills the point. What has no place yet is marked at once ([data-mark] opens the window aside), and the hand
// then is on what is still to be said.
import { choice } from "./choice.js";
import { draw, layer, map, point } from "./map.js";
import { once } from "./page.js";

export let picking;

once(() => {
  let fields = null;
  let mark = null;
  const done = () => {
    fields = null;
    picking = false;
    document.getElementById("map").removeAttribute("data-picking");
  };
  document.addEventListener("click", event => {
    const button = event.target.closest("[data-pick], [data-mark]");
    if (!button || !map) return;
    const dialog = button.closest("dialog") ?? document.getElementById(button.getAttribute("commandfor"));
    fields = dialog.querySelector("[data-picks]");
    if (button.matches("[data-mark]")) event.preventDefault(); // not over the map
    choice.stage(null);
    if (dialog.matches(":modal")) dialog.close();
    dialog.dataset.docked = "";
    if (!dialog.open) dialog.show();
    picking = true;
    document.getElementById("map").dataset.picking = "";
  });
  map?.on("click", ({ latlng: { lat, lng } }) => {
    if (!fields) return;
    fields.querySelector("[name=point]").value = `${lat.toFixed(6)}, ${lng.toFixed(6)}`;
    mark?.remove();
    mark = draw("circle", { class: "map-pick", r: 9 });
    layer("pins").append(mark);
    const { x, y } = point(lat, lng);
    mark.setAttribute("transform", `translate(${x} ${y})`);
    const form = fields.closest("form");
    done();
    (form.querySelector(":invalid") ?? form.querySelector(".btn--hand")).focus();
  });
  document.addEventListener(
    "close",
    event => {
      if (!event.target.matches?.("dialog:not([open])")) return; // open again: it stepped aside for the map
      delete event.target.dataset.docked;
      mark?.remove();
      done();
    },
    true,
  );
});
