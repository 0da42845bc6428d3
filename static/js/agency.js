// A partner's counts, from the list: how many wait for an answer, were accepted, owe their last note; the title says it
// to a hidden tab. What was asked sounds until it is accepted or declined; what officers wrote, until somebody says
// that it is read; that the police have closed it, once. A press on it says that it was seen here, and it keeps still
// for five minutes. S (keys.js) hushes all for one.
import { alarm, hush } from "./alarm.js";
import { fill, frame, hear, once, word, write } from "./page.js";

once(() => {
  const EVERY = 8;
  const AGAIN = 20;
  const SEEN = 300;
  const SETTLES_MS = 700;
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
  // What was typed and not sent outlives its field: the police close a case, and the last note begins with it.
  const typed = new Map(); // card → what its fields hold, by the address they would go to
  document.addEventListener("input", ({ target }) => {
    const form = target.closest("#board > li form");
    if (!form || !target.matches("input:not([type=hidden]), textarea")) return;
    const card = form.closest("li[id^=incident-]").id;
    typed.set(card, new Map(typed.get(card)).set(form.getAttribute("action"), target.value));
  });
  document.addEventListener("reset", ({ target }) =>
    typed.get(target.closest("#board > li")?.id)?.delete(target.getAttribute("action")),
  );
  function keep({ id, gone }) {
    const card = document.getElementById(id);
    const left = [...(typed.get(id) ?? [])].filter(
      ([action, words]) => words.trim() && !card?.querySelector(`form[action="${CSS.escape(action)}"]`),
    );
    if (!left.length) return;
    const words = left.map(([, said]) => said.trim()).join("\n");
    for (const [action] of left) typed.get(id).delete(action);
    const note = card?.querySelector("form[action$='/finish']");
    const field = note?.querySelector("textarea, input:not([type=hidden])");
    if (gone || !field) {
      const errors = document.getElementById("errors");
      errors.textContent = fill(errors.dataset.kept, words);
      return;
    }
    field.value = [field.value.trim(), words].filter(Boolean).join("\n");
    note.closest("details").open = true;
    note.querySelector(".wrong").textContent = word("kept");
  }
  // A finger that taps twice means the button it saw: what took its place is not pressed by the second tap.
  const changed = new WeakMap();
  document.addEventListener(
    "click",
    event => {
      const card = event.target.closest("#board > li");
      const at = card && event.target.closest(".case-acts") && changed.get(card);
      if (!(performance.now() - at < SETTLES_MS)) return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );
  hear("placed", change => {
    const { node, before } = change;
    if (node && before?.state && before.state !== node.dataset.state) changed.set(node, performance.now());
    keep(change);
  });
  hear("placed", count);
  hear("refetched", count);
  count();
});
