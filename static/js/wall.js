// The wall's line to the server: catches up from what the page shows, shows its pulse, says when it is blind, and helps
// itself, since nobody touches it: a new program is loaded, a screen that was let out asks for a new code, new sizes
// are taken up.
import { clock } from "./clock.js";
import { fill, hear, once, server } from "./page.js";
import { follow } from "./socket.js";
import { go } from "./wall-go.js";

once(() => {
  const SPAN = 40_000;
  const AGAIN = 60_000;
  const WIDE = 1200;
  const page = document.getElementById("console");
  const root = document.documentElement;
  const blind = document.getElementById("blind");
  const lasted = document.getElementById("blind-for");
  const alive = document.getElementById("alive");
  const pulse = document.querySelector(".pulse");
  const trace = document.getElementById("trace");
  let beats = [];
  let sizes = null;
  let asked = performance.now();

  function beat({ seq, version }) {
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
    alive.textContent = fill(pulse.dataset.alive, clock(server.now()));
    if (version && version !== page.dataset.program) reload();
  }
  // At most once a minute: while one of several servers is still the old one, its beats ask again.
  function reload() {
    if (Date.now() - (sessionStorage.getItem("siaga-reloaded") ?? 0) < AGAIN) return;
    sessionStorage.setItem("siaga-reloaded", Date.now());
    go();
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

  function see(state, heardAt, quiet) {
    const gone = state === "gone";
    root.toggleAttribute("data-blind", gone);
    blind.hidden = !gone;
    document.getElementById("pulse-sign").setAttribute("href", gone ? "#i-x" : "#i-check");
    if (!gone) return;
    const seconds = Math.floor(quiet / 1000);
    document.getElementById("blind-since").textContent = clock(heardAt);
    lasted.textContent = fill(lasted.dataset.text, { m: Math.floor(seconds / 60), s: seconds % 60 });
    alive.textContent = fill(pulse.dataset.last, clock(heardAt));
  }
  follow({
    shows: see,
    path: () => "/wall",
    lists: ["board", "stations"],
    rereads(fresh) {
      Object.assign(document.getElementById("more").dataset, fresh.getElementById("more").dataset);
    },
    lost: go,
    out: go,
    beats: beat,
  });
  hear("tick", () => {
    if (performance.now() - asked > AGAIN) measure();
  });
  measure();
});
