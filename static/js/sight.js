// What the hand is on stays in sight: when the chosen card moves by what this officer did, the list follows it calmly,
// once; what others do moves nothing. The head of what waits leads to the card that C takes, and when it is out of
// sight says which it is: C takes nothing that is not on the screen. A list that is being scrolled, or a field that is
// being written in, keeps its place.
import { choice } from "./choice.js";
import { nextUp } from "./next.js";
import { frame, hear, once } from "./page.js";
import { queue } from "./queue.js";

once(() => {
  const HAND_MS = 1_500;
  const list = document.getElementById("queue-list");
  const head = document.getElementById("to-next");
  const what = document.getElementById("next-away");
  const mine = new Set();
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let hand = -Infinity;
  let goal = null;
  const stands = card => queue.leader(card);
  const busy = () =>
    performance.now() - hand < HAND_MS ||
    document.activeElement?.matches("textarea, select, input:not([type=checkbox], [type=radio])");

  function seek(card) {
    goal = card;
    stands(card).scrollIntoView({ block: "nearest", behavior: still.matches ? "instant" : "smooth" });
  }
  // Cards that were out of sight are measured on the way: what came to rest beside it is set right.
  list.addEventListener("scrollend", () => {
    if (goal?.isConnected) stands(goal).scrollIntoView({ block: "nearest" });
    goal = null;
  });
  for (const kind of ["wheel", "touchmove", "pointerdown"])
    list.addEventListener(
      kind,
      () => {
        hand = performance.now();
        goal = null;
      },
      { passive: true },
    );
  head.addEventListener("click", () => {
    const next = nextUp();
    if (next) seek(next);
  });

  hear("acting", ({ id }) => mine.add(`incident-${id}`));
  hear("placed", ({ id, node, before }) => {
    if (
      !mine.has(id) ||
      !node ||
      !before ||
      (before.rank === node.dataset.rank && before.status === node.dataset.status)
    )
      return;
    mine.delete(id);
    // After the rows have been put together anew: which of them stands for it is known then.
    requestAnimationFrame(() => {
      if (id === `incident-${choice.id()}` && node.isConnected && !busy()) seek(node);
    });
  });

  const tell = frame(() => {
    const next = nextUp();
    const card = next && stands(next).getBoundingClientRect();
    const box = list.getBoundingClientRect();
    const top = head.getBoundingClientRect().bottom;
    const away = !card?.height
      ? ""
      : card.top < Math.max(box.top, top) - 1
        ? "up"
        : card.bottom > box.bottom + 1
          ? "down"
          : "";
    if (head.dataset.away !== away) head.dataset.away = away;
    const text = away && `C · ${next.querySelector(".card-what").textContent.trim()}`;
    if (what.textContent !== text) what.textContent = text;
    what.hidden = !text;
  });
  list.addEventListener("scroll", tell, { passive: true });
  for (const news of ["grouped", "filtered", "chosen"]) hear(news, tell);
});
