// The clock, by the server's time, and the tick that everything which ages follows.
import { once, server, tell } from "./page.js";

export let clock;

once(() => {
  const page = document.getElementById("console");
  const shown = document.querySelector("#clock span");
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: document.documentElement.dataset.zone,
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  clock = moment => format.format(moment);
  if (page?.dataset.now) server.skew = Math.min(Date.parse(page.dataset.now) - Date.now(), 0) || 0;
  (function tick() {
    if (shown) shown.textContent = clock(server.now());
    tell("tick");
    setTimeout(tick, 1000 - (server.now() % 1000) + 5);
  })();
});
