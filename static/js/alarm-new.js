// What sounds at the console: anything new that nobody has taken. In a flood (more than SIAGA_FLOOD_LINE filed in ten
// minutes) those of one kind within a kilometre are one thing to hear. Only what every browser has: a built-in that is
// missing here would be a silent night.
import { alarm } from "./alarm.js";
import { onBoard, once, server } from "./page.js";
import { queue } from "./queue.js";

export let calls;
export let fresh;
export let muted;

once(() => {
  const EVERY = { 1: 3, 2: 8, 3: 20, 4: 60 };
  const FLOOD = Number(document.getElementById("console")?.dataset.flood) || 10;
  const WINDOW = 600_000;
  // what has no place is near nothing
  const km = (a, b) => Math.hypot((a.lat - b.lat) * 111, (a.lon - b.lon) * 111);
  // What is only practised sounds in a way of its own, beside what is true and never in its place.
  const only = card => "exercise" in card.dataset;
  // What whoever sits here chose not to hear (/me): P3 and P4 that wait. What the ladder calls for is heard all the
  // same.
  const minor = document.documentElement.dataset.minor !== "off";
  muted = ({ dataset }) => !minor && dataset.priority > 2 && !("alerted" in dataset);
  calls = all => callsOf(all.filter(card => !muted(card)));
  const callsOf = cards => [
    ...heardOf(cards.filter(card => !only(card))),
    ...heardOf(cards.filter(only)).map(one => ({ ...one, kind: "exercise", tone: "exercise" })),
  ];
  function heardOf(cards) {
    const flood = cards.filter(card => server.now() - Date.parse(card.dataset.filed) < WINDOW).length > FLOOD;
    const heard = [];
    const kinds = new Map();
    for (const card of cards) {
      const own = `${card.id}@${card.dataset.rank}`;
      // In a flood what the law puts together is one thing to hear, whatever each of them is called.
      const {
        id,
        dataset: { category, lat, lon, rank },
      } = flood ? queue.leader(card) : card;
      const urgency = Number(card.dataset.priority);
      const kind = flood ? category : id;
      const those = kinds.get(kind) ?? kinds.set(kind, []).get(kind);
      const same = those.find(one => km(one, { lat, lon }) < 1);
      if (same) {
        same.cards.push(own);
        Object.assign(same, urgency < same.urgency ? { urgency, tone: urgency, every: EVERY[urgency] } : {});
      } else
        those.push(
          heard[
            heard.push({
              lat,
              lon,
              kind: "call",
              cards: [own],
              urgency,
              tone: urgency,
              every: EVERY[urgency],
              key: flood && lat ? `${kind}@${(+lat).toFixed(2)},${(+lon).toFixed(2)}` : `${id}@${rank}`,
            }) - 1
          ],
        );
    }
    return heard;
  }
  fresh = () => onBoard().filter(({ dataset }) => dataset.status === "new" && !("muted" in dataset));
  if (document.documentElement.dataset.screen === "console") alarm(() => calls(fresh()));
});
