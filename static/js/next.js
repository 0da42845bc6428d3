// Which card C takes: the chosen one if it waits, else the first that waits and is shown, else the first that waits. It
// alone is filled and says so; a sheet of the page, since it is the page that knows what is chosen.
import { choice } from "./choice.js";
import { hear, once, sheet } from "./page.js";
import { queue } from "./queue.js";

export let nextUp;
export let unseen; // what a filter hides, and is not open either

once(() => {
  let hidden = new Set();
  let marked = "";
  nextUp = () => {
    const waits = card => card?.dataset.status === "new";
    const chosen = document.getElementById(`incident-${choice.id()}`);
    if (waits(chosen)) return chosen;
    const waiting = queue.heads().filter(waits);
    return waiting.find(card => !hidden.has(card.id)) ?? waiting[0] ?? null;
  };
  unseen = card => hidden.has(card.id) && card.id !== `incident-${choice.id()}`;
  const mark = () => {
    const id = nextUp()?.id ?? "";
    if (id === marked) return;
    marked = id;
    sheet("next", id && `#${id}{--take:flex;--aside:none;--fill:var(--next)}`);
  };
  hear("filtered", seen => {
    hidden = seen.hidden;
    mark();
  });
  hear("chosen", mark);
  mark();
});
