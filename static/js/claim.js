// C takes the chosen one, if it waits or its holder has fallen silent; else the first that waits, which then is chosen.
// Not while an act on the chosen one is not shown yet: a second press would take the next that waits. What the panel
// offers is of the chosen one, and may be newer than its card.
import { act } from "./act.js";
import { choice } from "./choice.js";
import { does, press, within } from "./keys.js";
import { nextUp, unseen } from "./next.js";
import { once, tell } from "./page.js";

once(() => {
  does.c = () => {
    if (choice.settling()) return tell("still");
    if (!choice.reading() && within(choice.settled(), "c")) return press("c");
    const chosen = document.getElementById(`incident-${choice.id()}`);
    const silent = chosen?.matches(".card--silent");
    if (!chosen && press("c")) return; // open, but not on the board
    const card = silent ? chosen : nextUp();
    const id = card?.id.slice(9);
    if (!id) return;
    if (unseen(card)) {
      // C takes nothing that is not on the screen: it shows it, and wants to be pressed again
      document.getElementById("missed").click();
      const errors = document.getElementById("errors");
      errors.textContent = errors.dataset.unseen;
      return;
    }
    choice.open(id);
    act(id, silent ? "reclaim" : "claim");
  };
});
