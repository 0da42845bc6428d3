// How single keys act for whoever sits here: kept with the person on the server, and in force at once.
import { once } from "./page.js";

once(() => {
  const form = document.querySelector(".keys-mine");
  const errors = document.getElementById("errors");
  form.addEventListener("change", async () => {
    errors.replaceChildren();
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } }).catch(
      () => null,
    );
    if (answer?.ok) document.documentElement.dataset.keys = body.get("keys");
    else {
      form.reset();
      errors.textContent =
        answer && answer.status < 500
          ? new DOMParser().parseFromString(await answer.text(), "text/html").body.textContent.trim()
          : errors.dataset.unsent;
    }
  });
});
