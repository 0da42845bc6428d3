// A screen that waits: htmx asks for its code; this says how large the screen is, when the server is silent, and goes
// in when let in.
import { fill, once } from "./page.js";
import { go } from "./wall-go.js";

once(() => {
  const size = document.getElementById("size");
  const errors = document.getElementById("errors");
  const measure = () => {
    size.textContent = fill(size.dataset.text, { w: innerWidth, h: innerHeight });
  };
  let answered = performance.now();
  document.addEventListener("let-in", () => go());
  addEventListener("resize", measure);
  document.addEventListener("htmx:after:swap", () => {
    answered = performance.now();
  });
  setInterval(() => {
    errors.hidden = performance.now() - answered < 12_000;
    errors.textContent = errors.hidden ? "" : errors.dataset.text;
  }, 1000);
  measure();
});
