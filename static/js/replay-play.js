// Plays the hour, and moves about in it: by buttons, by the line, by keys. The address follows, so that a link leads
// whoever gets it to the same event.
import { does, keyOf } from "./keys.js";
import { hear, once, write } from "./page.js";
import { hour, seqHere, toEvent, toMoment, toSeq } from "./replay-hour.js";

once(() => {
  const MINUTE = 60_000;
  const page = document.getElementById("replay");
  const bar = document.getElementById("controls");
  const scrub = document.getElementById("scrub");
  const play = document.getElementById("play");
  const speeds = [...bar.querySelectorAll("[data-speed]")];
  let speed = 10;
  let before = 0; // when the last step of a playing hour was drawn; 0: it stands

  function step(time) {
    if (!before) return;
    toMoment(hour.at + (time - before) * speed);
    before = time;
    if (hour.at >= hour.ends) return stop();
    requestAnimationFrame(step);
  }
  function stop() {
    before = 0;
    write(play.firstElementChild, bar.dataset.play);
    keep();
  }
  function start() {
    if (hour.at >= hour.ends) toMoment(hour.begins);
    before = performance.now();
    write(play.firstElementChild, bar.dataset.stop);
    requestAnimationFrame(step);
  }
  const toggle = () => (before ? stop() : start());

  // The address of where it stands.
  function keep() {
    const seq = seqHere();
    const to = seq > hour.seq ? `?at=${seq}` : `?from=${page.dataset.from}`;
    history.replaceState(null, "", `/duty/replay${to}`);
  }
  function go(act, ...given) {
    if (before) stop();
    act(...given);
    keep();
  }
  function quicken(button) {
    speed = Number(button.dataset.speed);
    for (const one of speeds) {
      one.setAttribute("aria-checked", one === button);
      one.tabIndex = one === button ? 0 : -1;
    }
  }

  const MOVES = {
    ArrowLeft: shift => (shift ? go(toMoment, hour.at - MINUTE) : go(toEvent, hour.n - 1)),
    ArrowRight: shift => (shift ? go(toMoment, hour.at + MINUTE) : go(toEvent, hour.n + 1)),
    Home: () => go(toMoment, hour.begins),
    End: () => go(toMoment, hour.ends),
  };
  const elsewhere = target => target.closest("input:not([type=range]), textarea, select, dialog, .map, .menu");
  document.addEventListener("keydown", event => {
    const { target, key, shiftKey, ctrlKey, metaKey, altKey } = event;
    if (page.dataset.ready === undefined || ctrlKey || metaKey || event.defaultPrevented || elsewhere(target)) return;
    if (document.querySelector("dialog[open], :popover-open")) return;
    if (MOVES[key] && !altKey) {
      MOVES[key](shiftKey);
      event.preventDefault();
    } else if (keyOf(event) === " " && !event.repeat && !target.closest("button, a, summary")) {
      toggle();
      event.preventDefault();
    }
  });
  does.digit = n => {
    if (speeds[n - 1]) quicken(speeds[n - 1]);
    return Boolean(speeds[n - 1]);
  };

  play.addEventListener("click", toggle);
  bar.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-go], [data-speed]");
    if (button?.dataset.speed) quicken(button);
    else if (button) go(toEvent, hour.n + Number(button.dataset.go));
  });
  scrub.addEventListener("input", () => go(toMoment, hour.begins + scrub.valueAsNumber * 1000));
  document.addEventListener("click", event => {
    const link = event.target.closest("#told a, #marks a");
    if (!link || page.dataset.ready === undefined || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(toSeq, Number(link.closest("[data-seq]").dataset.seq));
  });
  hear("drawn", () => {
    scrub.value = (hour.at - hour.begins) / 1000;
    scrub.setAttribute("aria-valuetext", document.getElementById("then").textContent);
  });
});
