// Pointing at the map for a form: its window steps aside, the next press on the map fills the coordinates.
siaga.once("pick", () => {
  let fields = null;
  let mark = null;
  const done = () => {
    fields = null;
    siaga.picking = false;
    document.getElementById("map").removeAttribute("data-picking");
  };
  document.addEventListener("click", event => {
    const button = event.target.closest("[data-pick]");
    if (!button || !siaga.map) return;
    const dialog = button.closest("dialog");
    fields = button.closest("[data-picks]");
    if (dialog.matches(":modal")) {
      dialog.close();
      dialog.dataset.docked = "";
      dialog.show();
    }
    siaga.picking = true;
    document.getElementById("map").dataset.picking = "";
  });
  siaga.map?.on("click", ({ latlng: { lat, lng } }) => {
    if (!fields) return;
    fields.querySelector("[name=lat]").value = lat.toFixed(6);
    fields.querySelector("[name=lon]").value = lng.toFixed(6);
    mark?.remove();
    mark = siaga.draw("circle", { class: "map-pick", r: 9 });
    siaga.layer("pins").append(mark);
    const { x, y } = siaga.point(lat, lng);
    mark.setAttribute("transform", `translate(${x} ${y})`);
    done();
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
