// The socket: catches up from what the page shows, beats, and is honest when it is blind.
siaga.once("live", () => {
  const QUIET = 12_000;
  const WEAK = 7_500;
  const page = document.getElementById("console");
  const lamp = document.getElementById("lamp");
  const board = document.getElementById("board");
  const blind = document.getElementById("blind");
  let heard = performance.now();
  let heardAt = siaga.now();
  let state = "weak";

  function show(next) {
    if (next === state) return;
    lamp.dataset.is = state = next;
    lamp.querySelector("span").textContent = lamp.dataset[next];
    document.documentElement.toggleAttribute("data-blind", next === "gone");
    blind.hidden = next !== "gone";
    if (next === "gone") blind.querySelector("b").textContent = siaga.fill(blind.dataset.text, siaga.clock(heardAt));
  }

  new ResizeObserver(() => siaga.sheet("blind", `:root{--blind:${blind.offsetHeight}px}`)).observe(blind);

  async function refetch() {
    const fresh = await siaga.page(location.pathname);
    // not for this viewer any more: the server says what is
    if (!fresh?.getElementById("board")) return location.reload();
    document.getElementById("more")?.replaceWith(fresh.getElementById("more"));
    siaga.relist(fresh, "board", "stations", "duty");
  }

  document.addEventListener("htmx:ws:before:message:incoming", event => {
    heard = performance.now();
    heardAt = siaga.now();
    show("well");
    const text = event.detail.message.data;
    if (!text.startsWith("{")) return;
    const { beat, refetch: again } = JSON.parse(text);
    if (again) event.detail.waitUntil(refetch());
    if (!beat) return;
    siaga.skew = Date.parse(beat.at) - Date.now();
    // The hub beats only to screens that have been sent everything up to this number, on this same socket.
    if (beat.epoch === board.dataset.epoch) board.dataset.seq = Math.max(beat.seq, board.dataset.seq);
    // a live region: written when it changes
    siaga.write(lamp.querySelector("span"), beat.wire === false ? lamp.dataset.slow : lamp.dataset[state]);
    document.getElementById("newer").hidden = !beat.version || beat.version === page.dataset.program;
  });
  document.addEventListener("htmx:ws:close", event => {
    if (event.detail.code === 4401)
      location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
    if (state === "well") show("weak");
  });
  siaga.hear("tick", () => {
    const quiet = performance.now() - heard;
    if (quiet > QUIET) show("gone");
    else if (quiet > WEAK) show("weak");
  });
  document.addEventListener("click", event => {
    if (event.target.closest("#newer, [data-reload]")) location.reload();
  });
});
