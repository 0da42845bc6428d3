// Pressed a moment too early. While the panel of the chosen incident is on its way, one act and one number wait for it,
// and a line says so; they are done when that very incident stands there and offers the step. If another is chosen, if
// the step is not offered, or after five seconds, it is refused aloud. What the panel does not offer is refused aloud,
// too: a key that does nothing looks like one that did. Two things wait for no panel: the same key again while its act
// is on its way does nothing, and what sends people sends no number that was neither typed nor seen: it then stands
// there, and wants the key once more.
import { choice } from "./choice.js";
import { does, press, printed } from "./keys.js";
import { fill, hear, once } from "./page.js";
import { digit } from "./stepper.js";

once(() => {
  const PATIENCE = 5_000;
  const errors = document.getElementById("errors");
  const line = document.getElementById("early");
  const KEYS = [...document.querySelectorAll('#keys [data-place="panel"]')].map(row => row.dataset.means);
  let waits = null;
  let pressed = null; // the key that was last for something
  let says = false; // { id, key, number, until }; whether the line speaks of something else

  const say = (why, key) => {
    errors.textContent = fill(errors.dataset[why], printed(key));
  };
  function speak(words) {
    waits = null;
    says = true;
    line.hidden = false;
    line.textContent = words;
  }
  const still = () => {
    if (!waits) speak(line.dataset.still);
  };
  hear("still", still);
  hear("pressed", ({ key }) => {
    pressed = key;
  });
  function show() {
    says = false;
    line.hidden = !waits;
    if (waits)
      line.textContent = fill(line.dataset.text, `${waits.number ?? ""} ${waits.key ? printed(waits.key) : ""}`.trim());
  }
  function end(why) {
    if (why && waits) say(why, waits.key ?? String(waits.number));
    waits = null;
    show();
  }
  // Was this a key for the panel?
  does.early = key => {
    const id = choice.id();
    const digit = /^\d$/.test(key);
    if (!id || !(digit || KEYS.includes(key))) return false;
    if (choice.settling() && pressed === key) {
      still();
      return true;
    }
    if (!choice.reading()) {
      if (!digit) say("unable", key);
      return !digit;
    }
    waits ??= { id, until: performance.now() + PATIENCE };
    if (digit) waits.number = Number(`${waits.number ?? ""}${key}`.slice(-2));
    else if (waits.key && waits.key !== key) say("unready", key);
    else waits.key = key;
    show();
    return true;
  };
  const sends = key => document.querySelector(`#panel [data-sends][data-key="${CSS.escape(key)}"]`);
  hear("opened", ({ id }) => {
    if (!choice.settling()) pressed = null;
    if (says && !choice.settling()) show();
    if (waits?.id !== id) return;
    const { key, number } = waits;
    const set = !number || [...String(number)].every(one => digit(Number(one)));
    if (key && !number && choice.settled() && sends(key)) speak(fill(line.dataset.unseen, printed(key)));
    else if (set && (!key || press(key))) end();
    else if (!choice.reading()) end("unable");
  });
  hear("chosen", ({ id }) => {
    if (waits && waits.id !== id) end("unready");
    else if (says) show();
  });
  hear("acting", () => {
    if (says) show();
  });
  hear("answered", () => {
    if (says && !choice.settling()) show();
  });
  hear("tick", () => {
    if (waits && performance.now() > waits.until) end("unready");
  });
  document.addEventListener(
    "keydown",
    event => {
      if (event.key === "Escape" && (waits || says)) {
        event.preventDefault();
        end();
      }
    },
    true,
  );
});
