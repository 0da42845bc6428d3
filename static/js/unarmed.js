// Not armed is not calm: while the sound is off and something waits, or when it broke, a band as loud as the blind one
// says so. Any press starts the sound and does nothing else: C then claims nothing. A press that did not help is not
// taken twice, so that a mute screen still works.
import { keyOf, lost } from "./keys.js";
import { fill, hear, once, server, sheet, write } from "./page.js";
import { queue } from "./queue.js";
import { sound } from "./sound.js";

once(() => {
  const TAKEN_AGAIN_MS = 60_000;
  const SETTLES_MS = 1_500;
  const root = document.documentElement;
  const band = document.getElementById("unarmed");
  const words = band.dataset;
  const title = band.querySelector("b");
  const says = band.querySelector("span");
  let taken = -Infinity;
  let pressing = false;

  function oldest(cards) {
    const filed = cards
      .map(card => Date.parse(card.querySelector("time[data-filed]")?.dataset.filed))
      .filter(Number.isFinite);
    const seconds = Math.max(0, Math.floor((server.now() - Math.min(server.now(), ...filed)) / 1000));
    const left = seconds < 3600 ? [seconds / 60, seconds % 60] : [seconds / 3600, (seconds / 60) % 60, seconds % 60];
    return left.map((n, at) => String(Math.floor(n)).padStart(at ? 2 : 1, "0")).join(":");
  }
  function draw(waits) {
    const { state, why } = sound;
    const rows = [...(document.getElementById("board")?.children ?? [])]; // a partner's are no cards
    const cards = rows.filter(card => card.matches(words.of) && queue.leader(card) === card);
    // Where no console listens at all this one may be the mend.
    const needed = waits + cards.length > 0 || document.querySelector("#deaf > .deaf");
    const shown = state === "broken" || (state === "off" && Boolean(needed));
    if (shown) {
      // The number on top, where there is one: two that differ would both be doubted.
      const top = document.querySelector("#n-oldest b")?.textContent;
      const age = /\d/.test(top ?? "") ? top : oldest(cards); // it may not have been counted yet
      const real = cards.filter(({ dataset }) => !("exercise" in dataset)).length; // as the number on top says it
      const count = real ? fill(words.waits, { n: real, age }) : "";
      write(title, state === "broken" ? words.broken : words.off);
      write(
        says,
        [state === "broken" ? (words[why] ?? words.program) : "", count, words.silent].filter(Boolean).join(" "),
      );
    }
    if (band.hidden !== shown) return;
    band.hidden = !shown;
    root.toggleAttribute("data-unarmed", shown);
  }
  hear("looked", ({ waits }) => draw(waits));
  // A panel over the whole screen begins below it.
  const fit = () => sheet("unarmed", band.hidden ? "" : `.panel{--unarmed:${band.offsetHeight}px}`);
  new ResizeObserver(fit).observe(band);

  const writes = event =>
    event.type.startsWith("key") &&
    event.target.closest?.("input:not([type=checkbox], [type=radio], [type=button]), textarea, [contenteditable]") &&
    (event.key.length === 1 || event.key === "Backspace");
  // Keys that the browser keeps for itself, or does not count as a press, go their way.
  const others = event =>
    event.type.startsWith("key") &&
    (event.ctrlKey ||
      event.metaKey ||
      (event.altKey && root.dataset.keys !== "alt") ||
      /^(F\d+|Escape|Shift|Control|Alt|Meta|CapsLock|Dead)$/.test(event.key));
  // a click alone: a screen reader's press
  const begins = event => ["keydown", "pointerdown", "click"].includes(event.type);
  function press(event) {
    if (!event.isTrusted || others(event)) return;
    if (!pressing && !band.hidden && begins(event) && !event.repeat) {
      // Behind the lock no key acts; the password must be typed whole.
      pressing = performance.now() - taken > TAKEN_AGAIN_MS && !root.hasAttribute("data-locked") && !writes(event);
      if (pressing) taken = performance.now();
      if (pressing && event.type === "keydown") lost(keyOf(event)); // it led nowhere, and no letter after it is a key
      sound.start();
      // a finger counts when it leaves
    } else if (pressing && /^(pointerup|mouseup|touchend|keyup)$/.test(event.type) && !band.hidden) sound.start();
    if (!pressing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (/^(keyup|click|pointercancel)$/.test(event.type)) pressing = false;
    else if (event.type === "mouseup" || event.type === "touchend")
      setTimeout(() => {
        pressing = false;
      });
  }
  for (const kind of [
    "keydown",
    "keypress",
    "keyup",
    "pointerdown",
    "mousedown",
    "pointerup",
    "mouseup",
    "touchend",
    "pointercancel",
    "click",
    "dblclick",
    "auxclick",
    "contextmenu",
    "dragstart",
  ]) {
    addEventListener(kind, press, { capture: true, passive: false });
  }
  // One that lasted is over: the next silence takes a press again.
  hear("sounding", ({ state }) => {
    if (state === "on")
      setTimeout(() => {
        if (sound.state === "on") taken = -Infinity;
      }, SETTLES_MS);
  });
});
