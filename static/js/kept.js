// What waits keeps a piece of the sight: however far the queue is scrolled, the first ones stay beneath their head, as
// many as fit into a third of the list, and one at least. Home, End, PageUp and PageDown move the queue and open
// nothing; Esc goes back to its top.
import { does } from "./keys.js";
import { frame, hear, once, sheet } from "./page.js";
import { queue } from "./queue.js";

once(() => {
  const list = document.getElementById("queue-list");
  const head = document.getElementById("waiting");
  if (!list || !head) return;
  let hidden = new Set();
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
    sheet(
      "kept",
      `#queue-list{scroll-padding-top:${top + UNDER}px}#board > .part ~ .part{top:${top}px}${rules.join("")}`,
    );
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
