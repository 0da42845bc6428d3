// The clock, by the server's time, and the tick that everything which ages follows.
siaga.once("clock", () => {
  const page = document.getElementById("console");
  const shown = document.querySelector("#clock span");
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: document.documentElement.dataset.zone,
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  siaga.clock = moment => format.format(moment);
  if (page?.dataset.now) siaga.skew = Math.min(Date.parse(page.dataset.now) - Date.now(), 0) || 0;
  (function tick() {
    if (shown) shown.textContent = siaga.clock(siaga.now());
    siaga.tell("tick");
    setTimeout(tick, 1000 - (siaga.now() % 1000) + 5);
  })();
});
