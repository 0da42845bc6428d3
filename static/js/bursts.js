// A burst is one row. The law says on each card which open incident it seems to tell of too (data-like); of those that
// still wait the first by rank stands for all, the others step behind it. Nothing that waits steps behind what somebody
// already holds. What it decides is written as variables on the row's own style, as ages.js does: no morph takes them
// away, and with 500 cards a changed sheet costs 50 ms. queue.leader(card) is the card that stands for it;
// queue.burst(card) all that stand behind one.
import { frame, hear, onBoard, once, tell, word } from "./page.js";
import { queue } from "./queue.js";

once(() => {
  const root = document.documentElement;
  const BARS = 13;
  const KM = 111.195;
  let groups = new Map();
  let hidden = new Set();
  let dirty = true;
  const dressed = new Map();
  const id = card => card.id.slice(9);
  const key = card => card.dataset.like || id(card);
  const waits = card => card.dataset.status === "new";

  function sort() {
    if (!dirty) return groups;
    dirty = false;
    groups = new Map();
    for (const card of onBoard()) {
      if (!waits(card)) continue;
      const group = groups.get(key(card));
      if (!group) groups.set(key(card), { head: card, cards: [card] });
      else {
        group.cards.push(card);
        // what a filter hides stands for nothing
        if (hidden.has(group.head.id) && !hidden.has(card.id)) group.head = card;
      }
    }
    return groups;
  }
  queue.leader = card => (waits(card) && sort().get(key(card))?.head) || card;
  queue.burst = card => (waits(card) && sort().get(key(card))?.cards) || [card];
  queue.heads = () => onBoard().filter(card => queue.leader(card) === card);
  // Which of a burst stands on the map: its row, or, while that has no place, the first of them that has one.
  queue.spot = card => {
    const head = queue.leader(card);
    return head.dataset.lat ? head : queue.burst(head).find(one => one.dataset.lat);
  };
  // Of what is already held: those that wait and seem to tell of it.
  queue.late = card => (waits(card) ? [] : (sort().get(id(card))?.cards ?? []));

  const metres = (a, b) => Math.hypot(a.lat - b.lat, (a.lon - b.lon) * Math.cos((a.lat * Math.PI) / 180)) * KM * 1000;
  function extent(head, cards) {
    const placed = cards.filter(({ dataset }) => +dataset.lat);
    const far = Math.max(0, ...placed.map(({ dataset }) => metres(head.dataset, dataset)));
    return +head.dataset.lat && placed.length > 1 ? Math.max(10, Math.ceil(far / 10) * 10) : null;
  }
  // Arrivals as small bars, from the first until the last: still growing, or not. The last three are brighter.
  function bars(cards) {
    const times = cards.map(card => Date.parse(card.dataset.filed));
    const first = Math.min(...times);
    const span = Math.max(1, Math.max(...times) - first);
    const counts = Array(BARS).fill(0);
    for (const time of times) counts[Math.min(BARS - 1, Math.floor(((time - first) / span) * BARS))]++;
    const most = Math.max(...counts);
    return counts
      .map((count, n) => {
        const ink = n > BARS - 4 ? "var(--ink)" : "var(--ink-3)";
        const height = count ? Math.max(2, Math.round((count / most) * 14)) : 1;
        return `linear-gradient(${ink},${ink}) ${n * 4}px 100%/3px ${height}px no-repeat`;
      })
      .join(",");
  }
  function look({ head, cards }) {
    const reports = cards.reduce((sum, card) => sum + Number(card.dataset.reports), 0);
    const far = extent(head, cards);
    return {
      "--stands": "grid",
      "--burst": `"${word("reports", reports)}"`,
      "--burst-n": `"${reports}"`,
      "--burst-shown": "inline-flex",
      "--burst-line": "flex",
      "--burst-bars": bars(cards),
      "--burst-far": far ? `"${word("within", far)}"` : `""`,
      "--burst-do": `"${word("gather", cards.length)}"`,
    };
  }
  function dress(card, is) {
    const was = dressed.get(card) ?? {};
    for (const name in { ...was, ...is }) if (was[name] !== is?.[name]) card.style.setProperty(name, is?.[name] ?? "");
    if (is) dressed.set(card, is);
    else dressed.delete(card);
  }

  // A fault in here must hide nothing that waits: then every card stands for itself.
  function draw() {
    try {
      const wanted = new Map();
      for (const group of sort().values()) {
        const { head, cards } = group;
        if (cards.length > 1)
          for (const card of cards) wanted.set(card, card === head ? look(group) : { "--stands": "none" });
        else if (head.dataset.like) wanted.set(head, { "--stands": "grid" });
      }
      for (const card of [...dressed.keys()]) if (!wanted.has(card)) dress(card, null);
      for (const [card, is] of wanted) dress(card, is);
      // written again it would restyle the page
      if (!root.hasAttribute("data-bursts")) root.setAttribute("data-bursts", "");
    } catch (error) {
      root.removeAttribute("data-bursts");
      throw error;
    }
    tell("grouped");
  }
  const again = frame(draw);
  const stale = () => {
    dirty = true;
    again();
  };
  hear("placed", stale);
  hear("refetched", stale);
  hear("filtered", seen => {
    if (seen.hidden.size === hidden.size && [...seen.hidden].every(one => hidden.has(one))) return;
    hidden = seen.hidden;
    stale();
  });
  draw();
});
