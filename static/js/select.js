// One incident is open: the chosen one. Choosing empties the panel at once, down to what the card says; the rest comes
// by GET. When its card changes the panel is fetched again, at most four times a second, and morphed, so that
// half-typed words stay. The choice lives in a sheet and in the address. Whoever acts asks choice.panel(): it is there
// only when it shows the chosen incident.
import { acting } from "./act.js";
import { announce } from "./announce.js";
import { choice } from "./choice.js";
import { does, dumb } from "./keys.js";
import { hear, myself, onBoard, once, sheet, tell } from "./page.js";
import { queue } from "./queue.js";

once(() => {
  const panel = document.getElementById("panel");
  const errors = document.getElementById("errors");
  let chosen = null;
  let asking = null;
  let again = null;
  let missed = false;
  let spoken = 0;
  let loading = null;
  let settling = false;
  let deeds = 0;
  let entering = null;
  const text = (root, name) => root?.querySelector(name)?.textContent.trim() ?? "";
  choice.id = () => chosen;
  choice.is = id => id === chosen;
  choice.shows = element => choice.panel() === element;
  choice.panel = () => {
    const open = panel.querySelector("[data-incident]");
    return !panel.inert && open?.dataset.incident === chosen ? open : null;
  };
  choice.settling = () => settling; // an act of one's own is not shown yet: keys wait for what it makes
  choice.settled = () => (settling ? null : choice.panel());
  choice.reading = () => Boolean(asking || again || acting(chosen)); // what the panel shows is about to change
  const isTyping = () =>
    panel.contains(document.activeElement) &&
    document.activeElement.matches("input:not([type=checkbox], [type=radio]), textarea");
  // Words that were being typed into what has gone: said, and what follows of them is no key.
  function lost() {
    dumb();
    errors.textContent = errors.dataset.lost;
  }

  function empty(template, from) {
    const part = document.getElementById(template).content.cloneNode(true);
    const sign = from?.querySelector(".mark");
    if (sign) part.querySelector(".inc-kicker").prepend(sign.cloneNode(true));
    if (from) {
      part.querySelector("h1").textContent = text(from, ".card-what");
      part.querySelector(".inc-place span").textContent = text(from, ".card-where");
    }
    panel.replaceChildren(part);
    panel.toggleAttribute("inert", template === "opening");
    panel.setAttribute("aria-busy", template === "opening");
    named(from);
  }
  // As its card says it, which is newer than what was opened: priority, kind and place change under the eyes.
  function named(card) {
    const says = card && [
      card.querySelector(".mark")?.getAttribute("aria-label"),
      text(card, ".card-what"),
      text(card, ".card-where"),
    ];
    panel.setAttribute("aria-label", says?.filter(Boolean).join(", ") || panel.dataset.wordsName);
  }
  // Opened by key, the work goes on in it: there the focus stands, and a reader speaks its name. Not away from what is
  // being written.
  function enter() {
    const at = document.activeElement;
    if (!at || at === document.body || at.closest("#board")) panel.focus({ preventScroll: true });
  }
  // Withdrawn from this viewer, or never there: nothing of it stays on the screen, and no key reaches it. Whoever had
  // it open is told so calmly, in its place: it is no error. What its holder may not see any more is with the
  // supervisors (models/incidents/letting_go.py).
  function close() {
    const id = chosen;
    const typing = isTyping();
    const open = choice.panel();
    const mine = open?.dataset.officer === myself();
    chosen = null;
    sheet("chosen", "");
    history.replaceState(null, "", location.pathname);
    empty("nothing");
    if (open) {
      const left = document.getElementById("left").content.firstElementChild.cloneNode();
      left.textContent = mine ? left.dataset.wordsMine : left.dataset.wordsOther;
      panel.firstElementChild.prepend(left);
      announce(left.textContent);
    }
    if (typing) lost();
    tell("chosen", { id: null, was: id });
  }

  async function load() {
    asking?.abort();
    const mine = new AbortController();
    const id = chosen;
    const fresh = !choice.panel();
    const swap = fresh ? "innerHTML" : "innerMorph";
    const before = deeds;
    asking = mine;
    missed = false;
    try {
      const answer = await fetch(`/incidents/${id}`, { headers: { "HX-Request": "true" }, signal: mine.signal });
      const html = await answer.text();
      if (mine.signal.aborted) return; // another is chosen by now
      if (answer.ok) return await show(id, html, swap, fresh, before);
      if (answer.status >= 500) {
        missed = true;
        return;
      }
      const away = answer.status === 403 || answer.status === 404;
      if (away) close();
      if (away && !fresh) return;
      if (!errors.textContent)
        await htmx.swap({ sourceElement: panel, target: "#errors", swap: "innerHTML", text: html });
    } catch (error) {
      if (error.name === "AbortError") return;
      missed = true;
      tell("unread", { id }); // the lamp and the blind band say why
    } finally {
      if (asking === mine) asking = null;
    }
  }
  async function show(id, html, swap, fresh, before) {
    const { name } = document.activeElement;
    const modal = panel.querySelector("dialog:modal")?.id;
    const held = panel.contains(document.activeElement);
    const typing = isTyping();
    // What is typed and ticked for sending outlives a morph, but not another place or kind than it was meant for.
    const sends = panel.querySelector(".send-form[data-basis]");
    if (sends && !html.includes(`data-basis="${sends.dataset.basis}"`)) sends.remove();
    await htmx.swap({ sourceElement: panel, target: "#panel", swap, text: html });
    if (id !== chosen) return;
    panel.inert = false;
    panel.setAttribute("aria-busy", "false");
    if (fresh) panel.scrollTop = 0;
    const dialog = modal && document.getElementById(modal);
    const field = dialog?.open && name ? dialog.querySelector(`[name="${CSS.escape(name)}"]`) : null;
    if (dialog?.open && !dialog.matches(":modal")) {
      dialog.close();
      dialog.showModal();
    } // a morph that moves it takes that away
    if (held && document.activeElement === document.body) {
      // the work goes on here
      (field ?? panel).focus({ preventScroll: true });
      if (typing && !field) lost();
    }
    if (entering === id) {
      enter();
      entering = null;
    }
    const thread = panel.querySelector(".thread");
    const lines = thread?.childElementCount;
    if (thread && (fresh || lines !== spoken)) thread.scrollTop = thread.scrollHeight; // the newest words
    spoken = lines;
    asking = null;
    settling = acting(id) || before !== deeds; // asked for before the act was answered: it may not know of it
    tell("opened", { id, fresh });
  }
  // One at a time: aborting a slow answer for the next change could leave a busy incident without any.
  const refresh = (after = 250) => {
    again ??= setTimeout(async () => {
      await loading;
      again = null;
      if (chosen) loading = load();
    }, after);
  };

  choice.open = (id, { quiet = false, clicked = false } = {}) => {
    id = String(id);
    const card = document.getElementById(`incident-${id}`);
    if (id !== chosen) {
      const was = chosen;
      chosen = id;
      sheet(
        "chosen",
        `#incident-${id}{--card-ground:var(--raised);outline-offset:-1px;
        outline:1px solid color-mix(in oklch,var(--hand) 60%,transparent)}`,
      );
      history.replaceState(null, "", `${location.pathname}?incident=${id}`);
      settling = false;
      errors.replaceChildren();
      empty("opening", card ?? document.getElementById(`hit-${id}`));
      loading = load();
      tell("chosen", { id, was });
    }
    if (!quiet && card) queue.leader(card).scrollIntoView({ block: "nearest" });
    if (!quiet || clicked) document.documentElement.setAttribute("data-panel", "");
    if (!quiet) {
      entering = id;
      if (choice.panel()) enter();
    }
  };
  const move = by => {
    const seen = onBoard().filter(card => card.offsetParent);
    const at = seen.findIndex(card => card.id === `incident-${chosen}`);
    const next = seen[Math.max(0, Math.min(seen.length - 1, at < 0 ? 0 : at + by))];
    if (next) choice.open(next.id.slice(9));
  };

  does.j = does.ArrowDown = () => move(1);
  does.k = does.ArrowUp = () => move(-1);

  document.addEventListener("click", event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("[data-back]")) document.documentElement.removeAttribute("data-panel");
    const link = event.target.closest("[data-open]");
    const card = event.target.closest("#board > .card");
    if (!link && !card) return;
    const quiet = { quiet: true, clicked: true };
    // its button acts, and it is chosen
    if (!link && event.target.closest("button, form")) return choice.open(card.id.slice(9), quiet);
    event.preventDefault();
    link?.closest("dialog")?.close();
    choice.open(link?.dataset.open ?? card.id.slice(9), quiet);
  });
  hear("placed", ({ id, node }) => {
    if (id !== `incident-${chosen}`) return;
    if (node) named(node);
    refresh();
  });
  // What is closed has no card to be placed, and goes on all the same: a partner's last note, a rating, an appeal.
  hear("heard", ({ id }) => {
    if (id === `incident-${chosen}`) refresh();
  });
  hear("acted", ({ id, step, sent }) => {
    if (step === "undo") choice.open(id); // what was taken back is looked at again
    if (id !== chosen) return;
    deeds++;
    if (step === "merge" && sent?.get("into")) choice.open(sent.get("into"));
    else refresh(0);
  });
  hear("acting", ({ id }) => {
    if (id === chosen) settling = true;
  });
  hear("answered", ({ id }) => {
    if (id === chosen && !again && !asking) settling = acting(id);
  });
  hear("filed", ({ incident }) => choice.open(incident));
  hear("refetched", ({ anew }) => {
    if (!chosen || !anew) return void (chosen && refresh());
    const id = chosen;
    const typing = isTyping(); // another epoch: the number may be another case, and no word goes to that
    chosen = null;
    choice.open(id, { quiet: true });
    if (typing) lost();
  });
  hear("tick", () => {
    if (missed) refresh();
  }); // nothing rings twice: what a dying server did not answer is asked again

  const asked =
    new URLSearchParams(location.search).get("incident") ??
    location.hash.match(/^#incident-(\d+)$/)?.[1] ??
    panel.querySelector("[data-incident]")?.dataset.incident;
  if (asked) choice.open(asked);
  else if (matchMedia("(min-width: 1000px)").matches) {
    const first = onBoard().find(card => card.dataset.officer === myself()) ?? onBoard()[0];
    if (first) choice.open(first.id.slice(9), { quiet: true });
  }
});
