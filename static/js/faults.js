// A refusal stands beside the field it is about, or where its form says what is wrong when nothing there can hold it,
// and the first such field has the focus. What was typed stays as it was.
import { once } from "./page.js";

once(() => {
  const gone = form => {
    for (const fault of form.querySelectorAll(".fault--beside")) fault.remove();
    for (const wrong of form.querySelectorAll(".wrong")) wrong.replaceChildren();
    for (const field of form.querySelectorAll("[aria-invalid]")) {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    }
  };
  document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
    const form = ctx.sourceElement.closest("form");
    if (form) gone(form);
  });
  document.addEventListener("reset", ({ target }) => gone(target));
  document.addEventListener(
    "close",
    ({ target }) => {
      if (target.matches?.("dialog:not([open])")) for (const form of target.querySelectorAll("form")) gone(form);
    },
    true,
  );
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    const form = ctx.sourceElement?.closest?.("form");
    let first = null;
    for (const fault of form?.querySelectorAll(".wrong .fault[data-field]") ?? []) {
      const named = form.elements[fault.dataset.field];
      const field = named instanceof RadioNodeList ? named[0] : named;
      if (!field || field.type === "hidden") continue;
      fault.id = `fault-${fault.dataset.field}`;
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", fault.id);
      const beside = field.closest("fieldset, label");
      if (beside) {
        fault.classList.add("fault--beside");
        beside.append(fault);
      }
      // how many are free is news, and what is typed next was meant for something else
      if (!field.matches(".post-go")) first ??= field;
    }
    first?.focus();
  });
});
