// A question before the deed (templates/_error.html) stands in the form's own .wrong. The keyboard goes to it and to
// neither answer: the key that asked would else give one. "Tidak" takes it away and leads back to what was asked of.
import { once } from "./page.js";

once(() => {
  document.addEventListener("click", event => {
    const no = event.target.closest("[data-no]");
    if (!no) return;
    const { form } = no;
    no.closest(".wrong").replaceChildren();
    form.querySelector("button:not([type=button])").focus();
  });
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) =>
    ctx.sourceElement?.closest?.("form")?.querySelector(".wrong .asks")?.focus(),
  );
});
