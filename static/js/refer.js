// The button that refers names who will read it; with nobody chosen there is nothing to press.
import { fill, once } from "./page.js";

once(() => {
  function name(form) {
    const button = form?.querySelector("[data-refers]");
    if (!button) return;
    const to = form.elements.agency.selectedOptions[0]?.dataset.short;
    button.disabled = !to;
    button.textContent = to ? fill(button.dataset.text, { to }) : button.dataset.choose;
  }
  document.addEventListener("change", ({ target }) => {
    if (target.name === "agency") name(target.form);
  });
  document.addEventListener("reset", ({ target }) => queueMicrotask(() => name(target)));
});
