// Pressed a moment too early. While the panel of the chosen incident is on its way, one act and one number wait for it,
// and a line says so; they are done when that very incident stands there and offers the step. If another is chosen, if
// the step is not offered, or after five seconds, it is refused aloud. What the panel does not offer is refused aloud,
// too: a key that does nothing looks like one that did. Two things wait for no panel: the same key again while its act
// is on its way does nothing, and what sends people sends no number that was neither typed nor seen: it then stands
// there, and wants the key once more.
siaga.once("early", () => {
  const PATIENCE = 5_000;
  const errors = document.getElementById("errors");
  const line = document.getElementById("early");
  const KEYS = [...document.querySelectorAll('#keys [data-place="panel"]')].map(row => row.dataset.means);
  let waits = null;
  let says = false; // { id, key, number, until }; whether the line speaks of something else

  const say = (why, key) => {
    errors.textContent = siaga.fill(errors.dataset[why], siaga.printed(key));
  };
  function tell(words) {
    waits = null;
    says = true;
    line.hidden = false;
    line.textContent = words;
  }
  siaga.still = () => {
    if (!waits) tell(line.dataset.still);
  };
  function show() {
    says = false;
    line.hidden = !waits;
    if (waits)
      line.textContent = siaga.fill(
        line.dataset.text,
        `${waits.number ?? ""} ${waits.key ? siaga.printed(waits.key) : ""}`.trim(),
      );
  }
  function end(why) {
    if (why && waits) say(why, waits.key ?? String(waits.number));
    waits = null;
    show();
  }
  // Was this a key for the panel?
  siaga.early = key => {
    const id = siaga.chosen();
    const digit = /^\d$/.test(key);
    if (!id || !(digit || KEYS.includes(key))) return false;
    if (siaga.settling() && siaga.pressed === key) {
      siaga.still();
      return true;
    }
    if (!siaga.reading()) {
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
  siaga.hear("opened", ({ id }) => {
    if (!siaga.settling()) siaga.pressed = null;
    if (says && !siaga.settling()) show();
    if (waits?.id !== id) return;
    const { key, number } = waits;
    const set = !number || [...String(number)].every(digit => siaga.digit(Number(digit)));
    if (key && !number && siaga.settled() && sends(key)) tell(siaga.fill(line.dataset.unseen, siaga.printed(key)));
    else if (set && (!key || siaga.press(key))) end();
    else if (!siaga.reading()) end("unable");
  });
  siaga.hear("chosen", ({ id }) => {
    if (waits && waits.id !== id) end("unready");
    else if (says) show();
  });
  siaga.hear("acting", () => {
    if (says) show();
  });
  siaga.hear("answered", () => {
    if (says && !siaga.settling()) show();
  });
  siaga.hear("tick", () => {
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
