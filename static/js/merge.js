// The comparison, in the map's place: M opens it, Space ticks one, ⇧A all, V shows the pictures of the one at hand (a
// look that is noted), a number adds one more, Enter joins the ticked ones in one act. What comes meanwhile flows in,
// ticked; what was unticked stays so.
import { choice } from "./choice.js";
import { keyOf } from "./keys.js";
import { fill, hear, once, tell, word, write } from "./page.js";
import { queue } from "./queue.js";

export let merge;

once(() => {
  const part = document.querySelector('#stage-over > [data-part="merge"]');
  const errors = document.getElementById("errors");
  if (!part) return;
  const open = () => choice.staged() === "merge" && part.querySelector(".merge");
  const rows = () => [...part.querySelectorAll(".mrep")];
  const at = () => part.querySelector(".mrep[data-on]");
  const box = row => row?.querySelector("input[type=checkbox]:not(:disabled)");
  const boxes = () => rows().map(box).filter(Boolean);
  let asking = null;
  let again = null;
  let busy = false;
  let key = null;
  let on = null;
  let kept = new Map();

  async function load(id, also = "") {
    asking?.abort();
    errors.replaceChildren();
    const mine = new AbortController();
    asking = mine;
    const answer = await fetch(`/incidents/${id}/alike?also=${encodeURIComponent(also)}`, {
      headers: { "HX-Request": "true" },
      signal: mine.signal,
    }).catch(() => null);
    const text = await answer?.text().catch(() => null);
    if (mine.signal.aborted) return false;
    if (text == null) {
      errors.textContent = errors.dataset.unsent;
      return false;
    }
    if (answer.status >= 500) {
      errors.textContent = errors.dataset.busy;
      return false;
    }
    if (!answer.ok) {
      await htmx.swap({ sourceElement: errors, target: "#errors", swap: "innerHTML", text });
      return false;
    }
    await htmx.swap({ sourceElement: part, target: '#stage-over > [data-part="merge"]', swap: "innerHTML", text });
    for (const one of boxes()) one.checked = kept.get(one.value) ?? true;
    mark(rows().find(row => row.dataset.rep === on) ?? rows()[0], false);
    count();
    return true;
  }
  merge = async id => {
    id = String(id);
    if (choice.id() !== id) choice.open(id);
    kept = new Map();
    on = null;
    if (!(await load(id))) return;
    if (choice.id() !== id) return; // another was chosen while this one came
    choice.stage("merge");
    part.querySelector(".mlist")?.focus({ preventScroll: true });
  };
  function mark(row, scroll = true) {
    for (const one of rows()) one.toggleAttribute("data-on", one === row);
    on = row?.dataset.rep ?? null;
    if (scroll) row?.scrollIntoView({ block: "nearest" });
  }
  function count() {
    const button = part.querySelector("[data-joins]");
    const ticked = boxes().filter(one => one.checked).length;
    if (!button) return;
    button.disabled = !ticked || busy;
    write(button.querySelector("span"), fill(button.dataset.text, ticked + 1));
  }
  function tick(one, yes) {
    one.checked = yes;
    kept.set(one.value, yes);
    count();
  }
  // The one at hand only: each picture that is fetched whole is a look, noted under the officer's name.
  function look() {
    const row = at();
    for (const one of rows()) one.toggleAttribute("data-seen", one === row && !one.hasAttribute("data-seen"));
    if (row?.hasAttribute("data-seen"))
      for (const pic of row.querySelectorAll(".mpic[data-view]")) pic.querySelector("img").src = pic.dataset.view;
  }

  async function join(form) {
    if (busy || !boxes().some(one => one.checked)) return;
    busy = true;
    count();
    key ??= crypto.randomUUID();
    const id = form.dataset.merges;
    const body = new URLSearchParams(new FormData(form));
    const many = body.getAll("source").length + 1;
    body.set("idempotency_key", key);
    body.delete("also");
    errors.textContent = "";
    const those = [id, ...body.getAll("source")];
    for (const one of those) tell("acting", { id: one });
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
      if (answer.status >= 500) {
        errors.textContent = errors.dataset.busy;
        return;
      } // the key stays: Enter again is the same act
      key = null;
      const text = await answer.text();
      if (text) await htmx.swap({ sourceElement: errors, target: "#errors", swap: "innerHTML", text });
      if (!answer.ok) return void load(form.dataset.of);
      choice.stage(null);
      choice.open(id);
      tell("acted", { id, step: "merge", words: word("gathered", many) });
    } catch {
      errors.textContent = errors.dataset.unsent;
    } finally {
      busy = false;
      for (const one of those) tell("answered", { id: one });
      if (open()) count();
    }
  }

  const typing = target => target.closest("input:not([type=checkbox]), textarea, select");
  // Before the page's own keys, which would act on the panel.
  document.addEventListener(
    "keydown",
    event => {
      const form = open();
      if (
        !form ||
        document.documentElement.hasAttribute("data-locked") ||
        event.ctrlKey ||
        event.altKey ||
        event.metaKey ||
        event.isComposing ||
        document.querySelector("dialog:modal, :popover-open")
      )
        return;
      if (typing(event.target)) {
        if (event.key !== "Enter" || !event.target.matches("[data-also]") || event.repeat) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        const also = event.target.value;
        return void load(form.dataset.of, also).then(() => {
          mark(rows()[0]);
          part.querySelector(".mlist")?.focus();
        });
      }
      const key = event.key === " " ? " " : keyOf(event);
      const list = rows();
      const here = list.indexOf(at());
      const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[key];
      const act = step
        ? () => mark(list[Math.max(0, Math.min(list.length - 1, here + step))])
        : {
            " ": () => {
              const one = box(at());
              if (one) tick(one, !one.checked);
            },
            A: () => {
              const all = boxes();
              const yes = all.some(one => !one.checked);
              for (const one of all) tick(one, yes);
            },
            v: look,
            Enter: () => {
              if (!event.target.closest("a, button:not([data-joins])")) join(form);
              else return false;
            },
          }[key];
      if (!act || (!step && event.repeat)) return;
      if (act() === false) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );
  document.addEventListener("click", event => {
    const button = event.target.closest("[data-merge]");
    if (button) {
      event.preventDefault();
      return void merge(button.dataset.merge || button.closest(".card").id.slice(9));
    }
    const row = open() && event.target.closest(".mrep");
    if (row) mark(row, false);
  });
  // M that nothing on the panel answers to is the burst's: the first row that stands for several; else the chosen one,
  // by its number.
  addEventListener("keydown", event => {
    if (
      event.defaultPrevented ||
      event.repeat ||
      keyOf(event) !== "m" ||
      typing(event.target) ||
      open() ||
      document.querySelector("dialog:modal, :popover-open")
    )
      return;
    const row = queue.heads().find(card => queue.burst(card).length > 1);
    const id = row?.id.slice(9) ?? choice.id();
    if (!id) return;
    event.preventDefault();
    merge(id);
  });
  const board = document.getElementById("board");
  hear("opened", () => board.toggleAttribute("data-m", Boolean(document.querySelector('#panel [data-key="m"]'))));
  part.addEventListener("submit", event => {
    event.preventDefault();
    join(event.target);
  });
  part.addEventListener("change", event => {
    if (event.target.matches(".mrep input")) tick(event.target, event.target.checked);
  });
  // Late ones flow in while one looks; at most twice a second, and never over a number that is being typed.
  hear("placed", ({ id, node, before }) => {
    const form = open();
    if (!form || busy) return;
    const mine =
      rows().some(row => `incident-${row.dataset.rep}` === id) ||
      (node?.dataset.like && rows().some(row => row.dataset.rep === node.dataset.like)) ||
      before?.like;
    if (mine && again === null)
      again = setTimeout(() => {
        again = null;
        if (open() && !document.activeElement?.matches("[data-also]"))
          load(form.dataset.of, part.querySelector("[data-also]").value);
      }, 500);
  });
});
