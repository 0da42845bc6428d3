// Places while an officer types what a caller says: a list beneath the field, walked by arrows, taken by Enter or a
// press, closed by Esc, which closes nothing else then. What is taken is written out in full, so that the server knows
// it again. Without an answer the words go as they are, and what they leave open is asked beneath the form.
import { once } from "./page.js";

once(() => {
  const WAIT_MS = 120;
  const LEAST = 2;
  let timer;
  let asked = 0;
  const of = field => field?.matches?.("[data-suggest]") && document.getElementById(field.dataset.suggest);

  function show(field, found) {
    const list = of(field);
    list.replaceChildren(...found.map((place, n) => row(`${list.id}-${n}`, place)));
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", String(found.length > 0));
    field.removeAttribute("aria-activedescendant");
  }
  function row(id, { name, where, label }) {
    const made = Object.assign(document.createElement("li"), { id });
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", "false");
    made.dataset.label = label;
    made.append(
      Object.assign(document.createElement("b"), { textContent: name }),
      Object.assign(document.createElement("small"), { textContent: where }),
    );
    return made;
  }
  async function ask(field) {
    const mine = ++asked;
    const answer = await fetch(`/places?q=${encodeURIComponent(field.value.trim())}`).catch(() => null);
    const found = answer?.ok ? await answer.json() : [];
    if (mine === asked && document.activeElement === field) show(field, found);
  }
  function close(field) {
    clearTimeout(timer);
    asked++;
    show(field, []);
  }
  function walk(field, rows, by) {
    const from = rows.findIndex(one => one.getAttribute("aria-selected") === "true");
    const to = from < 0 && by < 0 ? rows.length - 1 : (from + by + rows.length) % rows.length;
    for (const [n, one] of rows.entries()) one.setAttribute("aria-selected", String(n === to));
    field.setAttribute("aria-activedescendant", rows[to].id);
    rows[to].scrollIntoView({ block: "nearest" });
  }
  function take(field, one) {
    field.value = one.dataset.label;
    close(field);
  }

  document.addEventListener("input", ({ target }) => {
    if (!of(target)) return;
    clearTimeout(timer);
    if (target.value.trim().length < LEAST) close(target);
    else timer = setTimeout(ask, WAIT_MS, target);
  });
  // Before any other hears it: a key that this list answers to means nothing else.
  document.addEventListener(
    "keydown",
    event => {
      const list = of(event.target);
      if (!list || list.hidden) return;
      const chosen = list.querySelector('[aria-selected="true"]');
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (by) walk(event.target, [...list.children], by);
      else if (event.key === "Enter" && chosen && !(event.ctrlKey || event.metaKey)) take(event.target, chosen);
      else if (event.key === "Escape") close(event.target);
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );
  document.addEventListener("focusout", ({ target }) => of(target) && close(target));
  document.addEventListener("pointerdown", event => event.target.closest("[role=option]") && event.preventDefault());
  document.addEventListener("click", ({ target }) => {
    const one = target.closest("[role=option][data-label]");
    const field = one && document.querySelector(`[data-suggest="${one.parentElement.id}"]`);
    if (field) take(field, one);
  });
  // What is asked before it goes: the first answer has the focus.
  document.addEventListener("htmx:after:swap", () => document.querySelector(".wrong .which button")?.focus());
});
