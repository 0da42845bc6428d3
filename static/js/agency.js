// A partner's counts, from the list: how many wait for an answer, were accepted, owe their last note; the title says it
// to a hidden tab. What was asked sounds until it is accepted or declined; what officers wrote, until somebody says
// that it is read; that the police have closed it, once. A press on it says that it was seen here, and it keeps still
// for five minutes. S (keys.js) hushes all for one.
import { alarm, hush } from "./alarm.js";
import { frame, hear, once, word, write } from "./page.js";

once(() => {
  const EVERY = 8;
  const AGAIN = 20;
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
  const unread = () => [...board.querySelectorAll(":scope > [data-unread]")];
  const written = card => `${card.id}#${card.dataset.unread}`;
  const over = () => [...board.querySelectorAll(':scope > [data-state="closed"]')];
  // What is practised has a voice of its own, and is no call.
  const voice = (card, tone) =>
    card.matches(".case--exercise") ? { kind: "exercise", tone: "exercise" } : { kind: "call", tone };
  alarm(() => [
    ...asked().map(card => ({ key: key(card), every: EVERY, urgency: 2, ...voice(card, 2) })),
    ...unread().map(card => ({ key: written(card), every: AGAIN, urgency: 3, ...voice(card, 3) })),
    ...over().map(card => ({ key: `${card.id}.`, every: Infinity, urgency: 4, ...voice(card, 4) })),
  ]);
  document.addEventListener("click", event => {
    const card = event.target.closest("#board > li");
    if (card?.matches('[data-state="asked"]')) hush(SEEN, key(card));
    if (card?.matches("[data-unread]")) hush(SEEN, written(card));
  });
  hear("placed", count);
  hear("refetched", count);
  count();
});
