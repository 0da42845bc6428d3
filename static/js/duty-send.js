// One act of the desk's own windows: what is wrong with it is said in the window, and a question is answered there.
import { once } from "./page.js";

export let send;

once(() => {
  const errors = document.getElementById("errors");
  // null: done. Else { says, asks }: what is wrong, or what is asked before it is done.
  send = async (id, step, values, key) => {
    const version = document.getElementById(`incident-${id}`)?.dataset.version ?? "";
    const body = new URLSearchParams({ version, idempotency_key: key, ...values });
    try {
      const headers = { "HX-Request": "true" };
      const answer = await fetch(`/incidents/${id}/${step}`, { method: "POST", body, headers });
      if (answer.ok) return null;
      if (answer.status >= 500) return { says: errors.dataset.busy, again: true };
      const said = new DOMParser().parseFromString(await answer.text(), "text/html");
      const asks = Boolean(said.querySelector("[name=sure]"));
      return { says: (asks ? said.querySelector(".fault") : said.body).textContent.trim(), asks };
    } catch {
      return { says: errors.dataset.unsent, again: true };
    }
  };
});
