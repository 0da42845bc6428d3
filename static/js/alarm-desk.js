// What sounds at the supervisor's desk: what the consoles did not take. Unclaimed and late, or called here by the
// ladder since nobody looked, at once what only supervisors may see and everything while nobody else is at a console;
// a holder who fell silent (priority 1 and 2); what was given and is not known when the law says (data-known-by), at
// once where nobody sits to hear of it. An arrival that is late sounds once: whoever has it knows. What the supervisor
// noticed or shelved is quiet. Strikes and appeals wait for hours and are listed, not sounded.
import { ageOf } from "./ages.js";
import { alarm } from "./alarm.js";
import { calls, fresh } from "./alarm-new.js";
import { quiet } from "./duty-shelf.js";
import { myself, onBoard, once, server } from "./page.js";

export let unknown;
export let away;

once(() => {
  const AGAIN = 20;
  const late = card => ageOf(card.id)?.when === "late";
  const alone = () =>
    ![...document.querySelectorAll("#duty > li:not(.person--silent)")].some(li => li.id !== `officer-${myself()}`);
  const one = (card, why, urgency, every) => {
    const only = "exercise" in card.dataset;
    return { key: `${why}-${card.id}`, kind: only ? "exercise" : "call", tone: only ? "exercise" : 3, every, urgency };
  };
  away = id => !document.querySelector(`#officer-${id}:not(.person--silent)`);
  unknown = card => Boolean(card.dataset.given && !card.dataset.known);
  alarm(() => {
    const empty = alone();
    const loud = card => !quiet(card);
    const held = onBoard().filter(card => card.dataset.status !== "new" && loud(card));
    return [
      ...calls(
        fresh()
          .filter(loud)
          .filter(card => empty || late(card) || "alerted" in card.dataset || "restricted" in card.dataset),
      ),
      ...held
        .filter(card => card.classList.contains("card--silent") && card.dataset.priority < 3)
        .map(card => one(card, "silent", 5, AGAIN)),
      ...held
        .filter(unknown)
        .filter(card => away(card.dataset.officer) || server.now() >= Date.parse(card.dataset.knownBy))
        .map(card => one(card, "unknown", 5, AGAIN)),
      ...held.filter(late).map(card => one(card, "overdue", 6, Infinity)),
    ];
  });
});
