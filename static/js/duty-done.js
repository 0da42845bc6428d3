// What was just given, and to whom: its row has gone, and another of the same kind may stand in its place.
import { announce } from "./announce.js";
import { fill, hear, once, write } from "./page.js";

export let done;

once(() => {
  const SHOWN_MS = 8_000;
  const line = document.getElementById("done");
  let at = 0;
  done = (step, values) => {
    write(line.querySelector("span"), fill(line.dataset[step], values));
    line.hidden = false;
    at = performance.now();
    announce(line.textContent.trim());
  };
  hear("tick", () => {
    if (performance.now() - at > SHOWN_MS) line.hidden = true;
  });
});
