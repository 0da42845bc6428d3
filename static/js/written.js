// What a partner wrote on a case of mine and nobody has read yet: one quiet fall for each message, never again for the
// same, and nothing to press away. The card says how many (data-written); read or answered, it is gone.
import { alarm } from "./alarm.js";
import { myself, onBoard, once } from "./page.js";

once(() => {
  const me = myself();
  const mine = () => onBoard().filter(({ dataset }) => dataset.written && dataset.officer === me);
  alarm(() =>
    mine().map(card => ({
      key: `written-${card.id}#${card.dataset.written}`,
      kind: "written",
      tone: "written",
      every: Infinity,
      urgency: 8,
    })),
  );
});
