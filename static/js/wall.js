// The wall's line to the server: catches up from what the page shows, shows its pulse, says when it is blind, and helps
// itself, since nobody touches it: a new program is loaded, a screen that was let out asks for a new code, new sizes
// are taken up.
siaga.once("wall", () => {
  const QUIET = 12_000;
  const SPAN = 40_000;
  const AGAIN = 60_000;
  const WIDE = 1200;
  const page = document.getElementById("console");
  const board = document.getElementById("board");
  const root = document.documentElement;
  const blind = document.getElementById("blind");
  const lasted = document.getElementById("blind-for");
  const alive = document.getElementById("alive");
  const pulse = document.querySelector(".pulse");
  const trace = document.getElementById("trace");
  let heard = performance.now();
  let heardAt = siaga.now();
  let beats = [];
  let sizes = null;
  let asked = performance.now();

  function beat({ at, seq, epoch, version }) {
    siaga.skew = Date.parse(at) - Date.now();
    if (epoch === board.dataset.epoch) board.dataset.seq = Math.max(seq, board.dataset.seq);
    const now = performance.now();
    beats = [...beats, now].filter(then => now - then < SPAN);
    // Each beat at its age: what was missed leaves a gap.
    const x = then => WIDE - 34 - ((now - then) / SPAN) * (WIDE - 34);
    trace.setAttribute(
      "d",
      `M0 11${beats
        .map(x)
        .filter(x => x > 0)
        .map(x => `H${x.toFixed()}l5 -4 6 12 6 -16 5 8`)
        .join("")}H${WIDE}`,
    );
    document.getElementById("event").textContent = Number(seq).toLocaleString(root.lang);
    alive.textContent = siaga.fill(pulse.dataset.alive, siaga.clock(siaga.now()));
    if (version && version !== page.dataset.program) reload();
  }
  // At most once a minute: while one of several servers is still the old one, its beats ask again.
  function reload() {
    if (Date.now() - (sessionStorage.getItem("siaga-reloaded") ?? 0) < AGAIN) return;
    sessionStorage.setItem("siaga-reloaded", Date.now());
    siaga.go();
  }
  async function refetch() {
    const fresh = await siaga.page("/wall");
    if (!fresh?.getElementById("board")) return siaga.go();
    document.getElementById("more").dataset.more = fresh.getElementById("more").dataset.more;
    siaga.relist(fresh, "board", "stations");
  }
  // Asking also keeps the session in use: a socket alone would let it go idle.
  async function measure() {
    asked = performance.now();
    const answer = await fetch("/wall.css", { cache: "no-store" }).catch(() => null);
    if (!answer?.ok) return;
    const rules = await answer.text();
    if (sizes && rules !== sizes) reload();
    sizes ??= rules;
  }

  document.addEventListener("htmx:ws:before:message:incoming", event => {
    heard = performance.now();
    heardAt = siaga.now();
    see();
    const text = event.detail.message.data;
    if (!text.startsWith("{")) return;
    const said = JSON.parse(text);
    if (said.beat) beat(said.beat);
    if (said.refetch) event.detail.waitUntil(refetch());
  });
  document.addEventListener("htmx:ws:close", event => {
    if (event.detail.code === 4401) siaga.go();
  });

  function see() {
    const quiet = performance.now() - heard;
    const gone = quiet > QUIET;
    root.toggleAttribute("data-blind", gone);
    blind.hidden = !gone;
    document.getElementById("pulse-sign").setAttribute("href", gone ? "#i-x" : "#i-check");
    if (!gone) return;
    const seconds = Math.floor(quiet / 1000);
    document.getElementById("blind-since").textContent = siaga.clock(heardAt);
    lasted.textContent = siaga.fill(lasted.dataset.text, { m: Math.floor(seconds / 60), s: seconds % 60 });
    alive.textContent = siaga.fill(pulse.dataset.last, siaga.clock(heardAt));
  }
  siaga.hear("tick", () => {
    see();
    if (performance.now() - asked > AGAIN) measure();
  });
  measure();
});
