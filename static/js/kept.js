// What waits keeps a piece of the sight: however far the queue is scrolled, the first ones stay beneath their head, as
// many as fit into a third of the list, and one at least; the head says how many more went by, and leads back to them.
// Home, End, PageUp and PageDown move the queue and open nothing; Esc goes back to its top.
import { does } from "./keys.js";
import { fill, frame, hear, once, sheet, write } from "./page.js";
import { queue } from "./queue.js";

once(() => {
  const list = document.getElementById("queue-list");
  const head = document.getElementById("waiting");
  if (!list || !head) return;
  const more = document.getElementById("kept-more");
  let hidden = new Set();
  let rest = []; // what waits and is not kept
  let edge = 0; // where what is kept ends
  const UNDER = 30; // the sticking head of the part below

  const keep = frame(() => {
    const waiting = queue.heads().filter(card => card.dataset.status === "new" && !hidden.has(card.id));
    const most = list.clientHeight / 3;
    let top = head.offsetHeight - 1;
    const rules = [];
    for (const card of waiting) {
      const tall = card.offsetHeight;
      if (rules.length && top + tall > most) break;
      rules.push(`#${card.id}{position:sticky;top:${top}px;z-index:1;--card-base:var(--surface)}`);
      top += tall;
    }
    rest = waiting.slice(rules.length);
    edge = top;
    sheet(
      "kept",
      `#queue-list{scroll-padding-top:${top + UNDER}px}#board > .part ~ .part{top:${top}px}${rules.join("")}`,
    );
    count();
  });
  // They stand in order, so only a few are measured: until the first that has not gone by.
  const count = frame(() => {
    const line = list.getBoundingClientRect().top + edge;
    let [gone, end] = [0, list.scrollTop ? rest.length : 0];
    while (gone < end) {
      const at = (gone + end) >> 1;
      if (rest[at].getBoundingClientRect().bottom <= line + 1) gone = at + 1;
      else end = at;
    }
    more.hidden = !gone;
    if (gone) write(more, fill(more.dataset.words, gone));
  });
  list.addEventListener("scroll", count, { passive: true });
  more.addEventListener("mousedown", event => event.preventDefault()); // focus would scroll it away beneath the finger
  more.addEventListener("click", () => {
    list.scrollTop = 0;
  });
  hear("filtered", seen => {
    hidden = seen.hidden;
    keep();
  });
  for (const news of ["grouped", "chosen", "staged"]) hear(news, keep);
  new ResizeObserver(keep).observe(list);

  const go = to => () => {
    const held = document.activeElement?.closest("#panel");
    const at = held && held.scrollHeight > held.clientHeight ? held : list; // the panel is read by the same keys
    at.scrollTop = to(at);
  };
  const page = at => at.clientHeight * 0.8;
  does.Home = go(() => 0);
  does.End = go(at => at.scrollHeight);
  does.PageUp = go(at => at.scrollTop - page(at));
  does.PageDown = go(at => at.scrollTop + page(at));
  hear("left", () => {
    list.scrollTop = 0;
    list.focus({ preventScroll: true });
  });
});
