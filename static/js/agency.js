// A partner's counts, from the list: how many wait for an answer, were accepted, owe their last note; the title says it
// to a hidden tab. What was asked sounds until it is accepted or declined; a press on it says that it was seen here,
// and it keeps still for five minutes. S (keys.js) hushes all for one.
import { alarm, hush } from "./alarm.js";
import { frame, hear, once, word, write } from "./page.js";

once(() => {
  const EVERY = 8;
  const SEEN = 300;
  const board = document.getElementById("board");
  const calm = document.getElementById("calm");
  const asked = () => [...board.querySelectorAll(':scope > [data-state="asked"]')];
  const key = card => `${card.id}@${card.dataset.asked}`;
  const count = frame(() => {
    const waiting = asked().length;
    write(document.getElementById("n-asked"), waiting);
    for (const state of ["accepted", "closed"])
      write(document.getElementById(`n-${state}`), board.querySelectorAll(`:scope > [data-state="${state}"]`).length);
    calm.hidden = board.children.length > 0;
    document.title = (waiting ? `(${waiting}) ` : "") + word("title");
  });
  alarm(() => asked().map(card => ({ key: key(card), kind: "call", tone: 2, every: EVERY, urgency: 2 })));
  document.addEventListener("click", event => {
    const card = event.target.closest('#board > [data-state="asked"]');
    if (card) hush(SEEN, key(card));
  });
  hear("placed", count);
  hear("refetched", count);
  count();
});
