// A report for somebody on the telephone: the form stands in the panel's place, so that what waits stays in view and
// the map can be pointed at. It is answered where it is: no page is loaded, the alarm stays armed, and the new incident
// is chosen. What is half written when the page must be read again (a power ended, a session did) is there again for
// the same person, and says so: in between it lies sealed (sealed.js).
import { does } from "./keys.js";
import { hear, once } from "./page.js";
import { seal, unseal } from "./sealed.js";

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
  hear("leaving", ({ waitUntil }) => {
    const form = half() && body.querySelector("form");
    if (form) waitUntil(seal("report", [...new FormData(form)]));
  });
  async function back(fields) {
    await does.n();
    const form = body.querySelector("form");
    if (!form) return;
    for (const [name, value] of fields) {
      const field = form.elements[name];
      if (!field || field.type === "hidden") continue;
      if (field.type === "checkbox") field.checked = true;
      else field.value = value;
    }
    const says = Object.assign(document.createElement("p"), {
      className: "dialog-says",
      textContent: sheet.dataset.kept,
    });
    says.setAttribute("role", "status");
    form.before(says);
  }
  unseal("report").then(fields => fields && back(fields));

  hear("filed", () => {
    body.replaceChildren();
    if (sheet.open) sheet.close();
    document.getElementById("panel").focus({ preventScroll: true });
  });
});
