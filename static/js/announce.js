// What a screen reader is told: one polite sentence for each arrival (priority, kind, place), for a claim won, for what
// changed hands, for what a colleague did. At most one telling in three seconds: what came meanwhile is told together,
// "7 baru" in a flood. Nothing here ticks.
import { fill, hear, once } from "./page.js";

export let announce = () => {};

once(() => {
  const APART_MS = 3_000;
  const ONE_BY_ONE = 2;
  const region = document.getElementById("heard");
  const words = region.dataset;
  let arrived = [];
  let others = [];
  let last = -Infinity;
  let waits = null;

  const text = (card, part) => card.querySelector(part)?.textContent.replace(/\s+/g, " ").trim() ?? "";
  const told = card => ({
    priority: card.querySelector(".mark")?.getAttribute("aria-label") ?? "",
    what: text(card, ".card-what"),
    where: text(card, ".card-where, .case-where"),
    number: card.dataset.number ?? "",
  });
  function flush() {
    waits = null;
    last = performance.now();
    const urgent = arrived.filter(one => one.priority.startsWith("P1")).length;
    const came =
      arrived.length > ONE_BY_ONE
        ? [fill(urgent ? words.floodUrgent : words.flood, { n: arrived.length, urgent })]
        : arrived.map(one =>
            fill(one.again ? words.again : words.came, { ...one, priority: one.priority && `${one.priority}: ` }),
          );
    const line = document.createElement("span");
    line.textContent = [...came, ...others.slice(-2)].join(". ");
    arrived = [];
    others = [];
    region.replaceChildren(line);
  }
  const soon = () => {
    if (waits === null) waits = setTimeout(flush, Math.max(0, last + APART_MS - performance.now()));
  };
  announce = sentence => {
    if (document.documentElement.hasAttribute("data-locked")) return;
    others = [...others, sentence];
    soon();
  };

  const waiting = ({ status, state }) => status === "new" || state === "asked";
  hear("placed", ({ list, node, before }) => {
    if (list.id !== "board" || !node || "muted" in node.dataset) return;
    const is = node.dataset.state ? { state: node.dataset.state } : node.dataset;
    const was = before && (before.state ? { state: before.state } : before);
    if (!waiting(is) || (was && waiting(was))) return;
    arrived.push({ ...told(node), again: Boolean(before) });
    soon();
  });
  hear("acted", ({ id, step }) => {
    const card = step === "claim" && document.getElementById(`incident-${id}`);
    if (card) announce(fill(words.wordsMine, told(card)));
  });
});
