// What was given to me, or taken from me, and I have not said that I know. The cards say that there is something
// (data-untold); who, and why, is fetched. It sounds in a way of its own and stays, also after a reload, until Enter or
// its button: then the case is opened and acknowledged. What was given can be handed back: Q, and a reason.
import { alarm } from "./alarm.js";
import { announce } from "./announce.js";
import { choice } from "./choice.js";
import { keyOf } from "./keys.js";
import { frame, hear, myself, onBoard, once } from "./page.js";

once(() => {
  const EVERY = 10;
  const list = document.getElementById("handed");
  const me = myself();
  const said = new Set();
  let shown = "";
  let unread = false;
  let asking = null;

  const mine = () => onBoard().filter(card => (card.dataset.untold ?? "").split(" ").includes(me));
  // What a row says is of this state of its card: given to me, it says who gave it; given on before I knew, who has it
  // now.
  const state = ({ id, dataset: { officer, given } }) => `${id} ${officer} ${given}`;
  async function fetchAnew() {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking; // an answer from before it was given on must not land
    const answer = await fetch("/handed", { headers: { "HX-Request": "true" }, signal }).catch(() => null);
    const html = answer?.ok ? await answer.text().catch(() => null) : null;
    if (signal.aborted) return;
    if (html === null)
      return void setTimeout(() => {
        unread = true;
      }, 5_000); // locked, or not answered: asked again
    await htmx.swap({ sourceElement: list, target: "#handed", swap: "innerMorph", text: html });
    list.hidden = !list.children.length;
    for (const row of list.children) {
      const words = row.querySelector(".hand-says").textContent.replace(/\s+/g, " ").trim();
      const key = `${row.id} ${words}`;
      if (!said.has(key)) announce(words);
      said.add(key);
    }
  }
  const look = frame(() => {
    const cards = mine();
    const now = cards.map(state).join("\n");
    const rows = new Set(cards.map(card => `hand-${card.id.slice(9)}`));
    if (now === shown && !unread) return;
    const was = new Set(shown.split("\n"));
    shown = now;
    unread = false;
    for (const row of [...list.children]) {
      // at once: what it says is no longer so
      const card = document.getElementById(`incident-${row.id.slice(5)}`);
      if (!rows.has(row.id) || !was.has(state(card))) row.remove();
    }
    list.hidden = !list.children.length;
    if (cards.length) fetchAnew();
    else asking?.abort();
  });
  alarm(() =>
    mine().map(card => ({
      key: `handed-${card.id.slice(9)}`,
      kind: "handed",
      tone: "handed",
      every: EVERY,
      urgency: 1.5,
    })),
  );
  for (const news of ["placed", "refetched", "tick"]) hear(news, look);
  hear("acted", ({ id, step }) => {
    if (!["acknowledge", "hand_back"].includes(step)) return;
    document.getElementById(`hand-${id}`)?.remove(); // at once; the card's own news follows
    list.hidden = !list.children.length;
  });
  // Opened by the press, and not by its answer: that may come when the eyes are elsewhere.
  list.addEventListener("submit", ({ target }) => {
    if (target.matches('[action$="/acknowledge"]')) choice.open(target.closest("[id]").id.slice(5));
  });
  const cannot = () => !list.hidden && list.querySelector(".hand-no");
  document.addEventListener(
    "keydown",
    event => {
      const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
      if (typing || event.repeat || keyOf(event) !== "q" || document.querySelector("dialog:modal") || !cannot()) return;
      event.preventDefault();
      event.stopPropagation();
      cannot().open = true;
      cannot().querySelector("input").focus();
    },
    true,
  );
  document.addEventListener("keydown", event => {
    const busy =
      event.target.closest?.("a, button, input, select, textarea, summary, [contenteditable], [role=button]") ||
      document.querySelector("dialog:modal, :popover-open");
    if (event.key !== "Enter" || event.repeat || event.ctrlKey || event.altKey || event.metaKey || busy || list.hidden)
      return;
    event.preventDefault();
    list.querySelector("form")?.requestSubmit();
  });
  look();
});
