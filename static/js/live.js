// The line to the server as a console, the supervisor's desk and a partner's show it: a lamp, and a band when the
// screen is blind.
import { clock } from "./clock.js";
import { fill, once, sheet, write } from "./page.js";
import { leave, leaveForTheDoor } from "./sealed.js";
import { follow } from "./socket.js";

once(() => {
  const page = document.getElementById("console");
  const lamp = document.getElementById("lamp");
  const blind = document.getElementById("blind");
  let shown = "weak";

  function show(state, heardAt) {
    const next = state === "cut" ? "weak" : state;
    if (next === shown) return;
    lamp.dataset.is = shown = next;
    lamp.querySelector("span").textContent = lamp.dataset[next];
    document.documentElement.toggleAttribute("data-blind", next === "gone");
    blind.hidden = next !== "gone";
    if (next === "gone") blind.querySelector("b").textContent = fill(blind.dataset.text, clock(heardAt));
  }
  const fit = () => sheet("blind", blind.hidden ? "" : `.panel,.hands{--blind:${blind.offsetHeight}px}`);
  new ResizeObserver(fit).observe(blind);

  follow({
    shows: show,
    path: () => location.pathname,
    lists: ["board", "stations", "duty"],
    rereads: fresh => document.getElementById("more")?.replaceWith(fresh.getElementById("more")),
    lost: () => leave(() => location.reload()), // not for this viewer any more: the server says what is
    out: leaveForTheDoor,
    beats({ wire, version }) {
      // a live region: written when it changes
      write(lamp.querySelector("span"), wire === false ? lamp.dataset.slow : lamp.dataset[shown]);
      document.getElementById("newer").hidden = !version || version === page.dataset.program;
    },
  });
  document.addEventListener("click", event => {
    if (event.target.closest("#newer, [data-reload]")) location.reload();
  });
});
