// One press sends where this phone is: what a complaint lacked, or where its reporter has gone since. The form goes as
// every other of the page does (citizen-say.js): without a connection it waits, and the newest of two takes its turn.
const PATIENCE_MS = 15_000;
const LONGEST_MS = 20_000; // with the question
const OLDEST_MS = 30_000;

function show() {
  if (navigator.geolocation) for (const form of document.querySelectorAll(".where-here")) form.hidden = false;
}
show();
document.addEventListener("htmx:after:swap", show);

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-where]");
  if (!button) return;
  const said = button.querySelector("span");
  const words = button.dataset.words ?? said.textContent;
  button.dataset.words = words;
  const again = button.form.id === "where-again"; // who has moved wants no position of before
  button.form.querySelector(".wrong").textContent = "";
  button.disabled = true;
  said.textContent = button.dataset.seek;
  // A question that nobody answers has no end of its own.
  const done = text => {
    clearTimeout(unanswered);
    button.disabled = false;
    said.textContent = text;
  };
  const none = () => {
    done(words); // it stays what it is: the next try may find one
    button.form.querySelector(".wrong").textContent = button.dataset.off;
  };
  const unanswered = setTimeout(none, LONGEST_MS);
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const { elements } = button.form;
      elements.lat.value = coords.latitude.toFixed(6);
      elements.lon.value = coords.longitude.toFixed(6);
      elements.accuracy.value = Math.round(coords.accuracy);
      button.form.requestSubmit();
      done(words);
    },
    none,
    { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: again ? 0 : OLDEST_MS },
  );
});
// Pressed before this phone knew where it is: asked for at once, and once.
if (navigator.geolocation && window.siagaPress?.follows()) document.querySelector("[data-where]")?.click();
