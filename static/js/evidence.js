// Evidence opens in one window by a deliberate click: fetching the picture is what notes the look. Arrows turn, Esc closes.
siaga.once("evidence", () => {
  const viewer = document.getElementById("viewer"), stage = document.getElementById("viewer-stage");
  let items = [], at = 0;

  function show(n) {
    at = (n + items.length) % items.length;
    const { dataset, href } = items[at];
    const thing = document.createElement(dataset.look === "video" ? "video" : "img");
    // Plays when it is told to, never by itself.
    if (dataset.look === "video") Object.assign(thing, { controls: true, playsInline: true, preload: "metadata", poster: dataset.poster });
    else thing.alt = dataset.name;
    thing.src = href;
    stage.replaceChildren(thing);
    document.getElementById("viewer-name").textContent = dataset.name;
    document.getElementById("viewer-said").textContent = dataset.said;
    document.getElementById("viewer-original").href = dataset.original;
    document.getElementById("viewer-of").textContent = `${at + 1} / ${items.length}`;
    viewer.toggleAttribute("data-one", items.length < 2);
  }
  document.addEventListener("click", event => {
    const look = event.target.closest("[data-look]"), turn = event.target.closest("[data-turn]");
    if (turn) show(at + Number(turn.dataset.turn));
    if (!look || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    items = [...look.closest(".gallery").querySelectorAll("[data-look]")];
    show(items.indexOf(look));
    viewer.showModal();
  });
  viewer.addEventListener("keydown", event => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by && !event.target.matches("video")) { event.preventDefault(); show(at + by); }
  });
  viewer.addEventListener("close", () => stage.replaceChildren());        // a film must not go on behind the window
});
