// Places while one types: a list beneath the field, walked by arrows, taken by Enter or a finger, closed by Esc. What
// is taken is written out in full, so that the server knows it again; what was typed besides stays as the landmark.
// Without this, or without an answer, the words go as they are, and the next page asks.
const WAIT_MS = 120;
const PATIENCE_MS = 3000;
const LEAST = 2;

for (const field of document.querySelectorAll("input[data-suggest]")) combobox(field);

function combobox(field) {
  const list = document.getElementById(field.dataset.suggest);
  const landmark = field.form.elements.landmark;
  let at = -1;
  let timer;
  let asked = 0;
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  close();

  field.addEventListener("input", () => {
    clearTimeout(timer);
    if (field.value.trim().length < LEAST) return close();
    timer = setTimeout(ask, WAIT_MS);
  });
  field.addEventListener("keydown", event => {
    const rows = list.children;
    if (list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) walk((at + step + rows.length) % rows.length);
    else if (event.key === "Enter" && at >= 0) take(rows[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", () => {
    clearTimeout(timer);
    asked++;
    close();
  });
  list.addEventListener("pointerdown", event => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", ({ target }) => {
    const row = target.closest("[role=option]");
    if (row) take(row);
  });

  async function ask() {
    const mine = ++asked;
    let found = [];
    try {
      const answer = await fetch(`/places?q=${encodeURIComponent(field.value.trim())}`, {
        signal: AbortSignal.timeout?.(PATIENCE_MS),
      });
      if (answer.ok) found = await answer.json();
    } catch {} // no signal: the words do
    if (mine === asked) show(found);
  }
  function show(found) {
    at = -1;
    list.replaceChildren(...found.map(row));
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", String(found.length > 0));
    field.removeAttribute("aria-activedescendant");
  }
  function row({ name, where, label, lat, lon }, n) {
    const made = Object.assign(document.createElement("li"), { className: "sug", id: `${list.id}-${n}` });
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", "false");
    Object.assign(made.dataset, { label, lat, lon });
    made.append(
      Object.assign(document.createElement("b"), { textContent: name }),
      Object.assign(document.createElement("small"), { textContent: where }),
    );
    return made;
  }
  function walk(to) {
    at = to;
    for (const [n, one] of [...list.children].entries()) one.setAttribute("aria-selected", String(n === to));
    field.setAttribute("aria-activedescendant", list.children[to].id);
    list.children[to].scrollIntoView({ block: "nearest" });
  }
  function take(one) {
    const name = one.querySelector("b").textContent.toLowerCase();
    const typed = field.value.trim();
    if (landmark && !landmark.value && !name.startsWith(typed.toLowerCase())) landmark.value = typed;
    field.value = one.dataset.label;
    field.dispatchEvent(new Event("change", { bubbles: true })); // the draft keeps it
    const { lat, lon } = one.dataset;
    document.dispatchEvent(new CustomEvent("siaga:place", { detail: [Number(lat), Number(lon)] }));
    close();
  }
  function close() {
    at = -1;
    list.hidden = true;
    list.replaceChildren();
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }
}
