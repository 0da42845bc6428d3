// Words that were typed into a case and not sent yet: another case opens in its place, and they stand in their fields
// again when this one is back. They are kept in the page alone, never on the machine: what is sent or given up is
// forgotten, and so is everything of a case that may not be seen any more, or of another record. A number of personnel
// and its reason belong to the strength of their moment: they begin anew.
import { hear, once } from "./page.js";

once(() => {
  const panel = document.getElementById("panel");
  const kept = new Map(); // case → its fields' names → words
  const TYPED = "textarea, input:not([type]), input[type=text]";
  const of = element => element.closest("[data-incident]")?.dataset.incident;
  // A field by what has an id around it, which form of that it stands in, and its name: a step may be asked for twice.
  function name(field) {
    const around = field.form.id ? field.form : field.form.parentElement.closest("[id]");
    return `${around.id} ${[...around.querySelectorAll("form")].indexOf(field.form)} ${field.name}`;
  }
  const typed = root =>
    [...root.querySelectorAll(TYPED)].filter(field => field.form?.matches("[hx-post]:not(.send-form)"));

  document.addEventListener("input", ({ target }) => {
    if (!panel.contains(target) || !typed(panel).includes(target)) return;
    const id = of(target);
    if (!kept.has(id)) kept.set(id, new Map());
    if (target.value === target.defaultValue) kept.get(id).delete(name(target));
    else kept.get(id).set(name(target), target.value);
  });
  function forget(form) {
    for (const field of typed(form)) kept.get(of(form))?.delete(name(field));
  }
  document.addEventListener("reset", ({ target }) => {
    if (panel.contains(target)) forget(target);
  });
  // Answered when its case had gone from the panel, and maybe come back with what was on its way.
  hear("acted", ({ id, form }) => {
    if (!form || form.isConnected || !of(form)) return;
    const sent = new Set(typed(form).map(name));
    forget(form);
    for (const field of typed(panel)) if (of(field) === id && sent.has(name(field))) field.value = field.defaultValue;
  });
  hear("opened", ({ id }) => {
    for (const field of typed(panel)) {
      const words = kept.get(id)?.get(name(field));
      if (words === undefined || field.value !== field.defaultValue) continue;
      field.value = words;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
  hear("chosen", ({ id, was }) => {
    if (id === null) kept.delete(was);
  });
  hear("refetched", ({ anew }) => {
    if (anew) kept.clear();
  });
});
