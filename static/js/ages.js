// Ages tick once a second from <time data-filed data-since data-due>: age from filing, the target from data-since (a
// reopened one counts anew). The owner (the nearest element with an id) gets variables, and the sheets draw with them:
// --age "4:12", --left "5:48", --over "lewat target +2:41", --burnt 0.42, and from 80 % of the target the amber, from
// 100 % the vermilion, the sign, the words. They are set on the owner and not in a sheet of the page: with 500 cards a
// changed sheet costs 50 ms, a variable one. No morph takes them away (place.js), and what the browser skips
// (content-visibility) gets them when it comes into view.
import { after, hear, once, server, skipped, tell, word } from "./page.js";

export let ageOf = () => undefined;
export let span;

once(() => {
  const LOOK = {
    "": {},
    soon: { "--now-ink": "var(--p2-text)", "--now-fuse": "var(--p2-edge)" },
    late: {
      "--now-ink": "var(--p1-text)",
      "--now-fuse": "var(--p1)",
      "--now-weight": "var(--w-name)",
      "--now-sign": "block",
      "--now-words": "block",
      "--now-flex": "flex",
      "--now-block": "block",
      "--early-words": "none",
      "--late-edge": "var(--p2-edge)",
    },
  };
  const drawn = new WeakMap(); // owner → the variables it has
  let ages = new Map(); // owner's id → { age, seconds, when, over }
  ageOf = id => ages.get(id);
  span = seconds => {
    const s = Math.max(0, Math.floor(seconds));
    const two = n => String(n).padStart(2, "0");
    return s < 6000
      ? `${Math.floor(s / 60)}:${two(s % 60)}`
      : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  };

  function age(root, of = ages) {
    const now = server.now();
    const done = new Set();
    for (const time of root.querySelectorAll("time[data-since]")) {
      const owner = time.closest("[id]");
      const { filed = time.dataset.since, since, due } = time.dataset;
      if (!owner || done.has(owner)) continue;
      done.add(owner);
      const start = Date.parse(since);
      const end = Date.parse(due);
      const seconds = (now - Date.parse(filed)) / 1000;
      const burnt = due ? Math.max(0, (now - start) / (end - start)) : 0;
      const late = due && now >= end;
      const when = late ? "late" : burnt >= 0.8 ? "soon" : "";
      const past = late ? (now - end) / 1000 : 0;
      const one = { age: span(seconds), seconds, when, past, over: late ? span(past) : "" };
      of.set(owner.id, one);
      if (!skipped.has(owner)) dress(owner, one, burnt, late ? `+${one.over}` : span((end - now) / 1000 || 0));
    }
    return of;
  }
  function dress(owner, { age, when, over }, burnt, left) {
    const words = name => over && `"${word(name, over)}"`;
    const was = drawn.get(owner) ?? {};
    const is = {
      "--age": `"${age}"`,
      "--left": `"${left}"`,
      "--over": words("over"),
      "--over-brief": words("overBrief"),
      "--burnt": Math.min(1, burnt).toFixed(3),
      ...LOOK[when],
    };
    for (const name in { ...was, ...is }) if (was[name] !== is[name]) owner.style.setProperty(name, is[name] ?? "");
    drawn.set(owner, is);
  }

  // What is skipped flashes for nobody, and would still wake the page sixty times a second.
  const rest = after(() => {
    const all = document.getAnimations().map(flash => [flash, flash.playState, skipped.has(flash.effect.target)]);
    for (const [flash, state, skipped] of all) {
      if (skipped && state === "running") flash.pause();
      else if (!skipped && state === "paused") flash.play();
    }
  });
  hear("seen", ({ element, skipped }) => {
    if (!skipped) age(element);
    rest();
  });
  hear("tick", () => {
    ages = age(document, new Map());
    tell("aged");
  });
  hear("placed", ({ id, node }) => {
    if (node) age(node);
    else ages.delete(id);
  });
  hear("opened", () => age(document.getElementById("panel")));
  age(document);
  rest();
  tell("aged");
});
