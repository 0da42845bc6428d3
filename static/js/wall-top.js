// Counts, clock and date in one row while they fit: with smaller numerals when they must; below each other only when
// even those do not.
import { frame, hear, once } from "./page.js";

once(() => {
  const top = document.querySelector(".wall-top");
  const first = top.querySelector(".big");
  const clock = top.querySelector(".wall-clock");
  const wraps = () => clock.offsetTop >= first.offsetTop + first.offsetHeight;
  const fit = frame(() => {
    top.removeAttribute("data-tight");
    if (!wraps()) return;
    top.setAttribute("data-tight", "");
    top.toggleAttribute("data-tight", !wraps());
  });
  for (const change of ["aged", "placed", "refetched"]) hear(change, fit);
  addEventListener("resize", fit);
  document.fonts.ready.then(fit);
  fit();
});
