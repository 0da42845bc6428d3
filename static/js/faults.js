// A refusal stands beside the field it is about, and the first such field has the focus. What was typed stays as it was.
siaga.once("faults", () => {
  const gone = form => {
    for (const fault of form.querySelectorAll(".fault--beside")) fault.remove();
    for (const field of form.querySelectorAll("[aria-invalid]")) { field.removeAttribute("aria-invalid"); field.removeAttribute("aria-describedby"); }
  };
  document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => { const form = ctx.sourceElement.closest("form"); if (form) gone(form); });
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    const form = ctx.sourceElement?.closest?.("form");
    let first = null;
    for (const fault of form?.querySelectorAll(".wrong .fault[data-field]") ?? []) {
      const named = form.elements[fault.dataset.field], field = named instanceof RadioNodeList ? named[0] : named;
      if (!field || field.type === "hidden") continue;
      fault.id = `fault-${fault.dataset.field}`;
      fault.classList.add("fault--beside");
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", fault.id);
      (field.closest("fieldset, label") ?? field).append(fault);
      first ??= field;
    }
    first?.focus();
  });
});
