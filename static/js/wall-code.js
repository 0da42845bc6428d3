// A screen that waits: htmx asks for its code; this says how large the screen is, when the server is silent, and goes
// in when let in.
siaga.once("wall-code", () => {
  const size = document.getElementById("size");
  const errors = document.getElementById("errors");
  const measure = () => {
    size.textContent = siaga.fill(size.dataset.text, { w: innerWidth, h: innerHeight });
  };
  let answered = performance.now();
  document.addEventListener("let-in", () => siaga.go());
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
