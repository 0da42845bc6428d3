// A letter has an end: beyond it the picture would not hold what must be read. A wall that hangs farther away than its
// screen can be read from says so in its foot, instead of looking as if all were well.
import { fill, once, write } from "./page.js";

once(() => {
  const says = document.getElementById("reach");
  const LARGEST = 64; // parts of a 1920th of the screen, as in static/css/wall/
  const measure = () => {
    const read = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--read"));
    const letter = LARGEST * Math.min(innerWidth / 1920, innerHeight / 1080);
    const metres = Number(says.dataset.metres);
    says.hidden = !(read > letter);
    write(
      says,
      fill(says.dataset.text, {
        n: (Math.floor(((metres * letter) / read) * 10) / 10).toLocaleString(document.documentElement.lang),
        of: metres.toLocaleString(document.documentElement.lang),
      }),
    );
  };
  addEventListener("resize", measure);
  addEventListener("load", measure);
  measure();
});
