// Pressed a moment too early. While the panel of the chosen incident is on its way, one act and one number wait for it, and a line says
// so; they are done when that very incident stands there and offers the step. If another is chosen, if the step is not offered, or
// after five seconds, it is refused aloud. What the panel does not offer is refused aloud, too: a key that does nothing looks like one that did.
siaga.once("early", () => {
  const PATIENCE = 5_000, errors = document.getElementById("errors"), line = document.getElementById("early");
  const KEYS = [...document.querySelectorAll('#keys [data-place="panel"]')].map(row => row.dataset.means);
  let waits = null;                                        // { id, key, number, until }

  const say = (why, key) => { errors.textContent = siaga.fill(errors.dataset[why], key.toUpperCase()); };
  function show() {
    line.hidden = !waits;
    if (waits) line.textContent = siaga.fill(line.dataset.text, `${waits.number ?? ""} ${waits.key?.toUpperCase() ?? ""}`.trim());
  }
  function end(why) {
    if (why && waits) say(why, waits.key ?? String(waits.number));
    waits = null;
    show();
  }
  // Was this a key for the panel?
  siaga.early = key => {
    const id = siaga.chosen(), digit = /^\d$/.test(key);
    if (!id || !(digit || KEYS.includes(key))) return false;
    if (!siaga.reading()) { if (!digit) say("unable", key); return !digit; }
    waits ??= { id, until: performance.now() + PATIENCE };
    if (digit) waits.number = Number(`${waits.number ?? ""}${key}`.slice(-2));
    else if (waits.key && waits.key !== key) say("unready", key);
    else waits.key = key;
    show();
    return true;
  };
  siaga.hear("opened", ({ id }) => {
    if (waits?.id !== id) return;
    const { key, number } = waits, set = !number || [...String(number)].every(digit => siaga.digit(Number(digit)));
    if (set && (!key || siaga.press(key))) end();
    else if (!siaga.reading()) end("unable");
  });
  siaga.hear("chosen", ({ id }) => { if (waits && waits.id !== id) end("unready"); });
  siaga.hear("tick", () => { if (waits && performance.now() > waits.until) end("unready"); });
  document.addEventListener("keydown", event => { if (event.key === "Escape" && waits) { event.preventDefault(); end(); } }, true);
});
