// A report for somebody on the telephone: the form stands in the panel's place, so that what waits stays in view and
// the map can be pointed at. It is answered where it is: no page is loaded, the alarm stays armed, and the new incident
// is chosen.
import { does } from "./keys.js";
import { hear, once } from "./page.js";

once(() => {
  const sheet = document.getElementById("sheet");
  const body = document.getElementById("sheet-body");
  const errors = document.getElementById("errors");
  const half = () =>
    [...body.querySelectorAll("textarea, input:not([type=radio], [type=hidden])")].some(
      field => field.value !== field.defaultValue,
    );

  does.n = async () => {
    if (sheet.open) return;
    errors.replaceChildren();
    if (!half()) {
      // what Esc left half written is there again
      const answer = await fetch("/incidents/new", { headers: { "HX-Request": "true" } }).catch(() => null);
      if (!answer) {
        errors.textContent = errors.dataset.unsent;
        return;
      }
      if (answer.status >= 500) {
        errors.textContent = errors.dataset.busy;
        return;
      }
      await htmx.swap({
        sourceElement: sheet,
        target: answer.ok ? "#sheet-body" : "#errors",
        swap: "innerHTML",
        text: await answer.text(),
      });
      if (!answer.ok) return;
    }
    sheet.dataset.docked = "";
    sheet.show();
    sheet.querySelector("select")?.focus();
  };
  hear("filed", () => {
    body.replaceChildren();
    if (sheet.open) sheet.close();
    document.getElementById("panel").focus({ preventScroll: true });
  });
});
