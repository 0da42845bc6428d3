// Acts by form: one idempotency key per try until it is answered, the version that was seen, what was typed is cleared
// once it is done, its dialog closes, and a refusal or a broken line is said in #errors, never over a card, and in the
// window that covers it. A form in the panel acts only while the panel shows what is chosen, and what is on its way is
// not sent again. What is done is not done again before the panel shows it, but for what the law takes whatever has
// happened meanwhile (data-anyhow): two notes are two notes.
import { choice } from "./choice.js";
import { hear, once, tell } from "./page.js";

export let acting;
export let act;

once(() => {
  const keys = new WeakMap();
  const sending = new Set();
  const spent = new Set();
  const errors = document.getElementById("errors");
  const going = new Map(); // incident → how many acts are on their way
  let unsent = null; // what a broken line kept: { id, was, form }
  const beside = form => form?.closest("dialog[open]") && form.querySelector(".wrong");
  // Where the hand is: at the button that was pressed, as well as where the page says such things.
  function say(words, form) {
    if (unsent?.form) unsent.form.querySelector(".wrong")?.replaceChildren();
    unsent = null;
    errors.textContent = words;
    const there = words && form?.querySelector(".wrong");
    if (there) there.textContent = words;
  }
  const told = (target, text) => htmx.swap({ sourceElement: errors, target, swap: "innerHTML", text });
  const isAct = ctx => ctx.request.method === "POST";
  const step = ctx => ctx.request.action.match(/\/incidents\/(?<id>\d+)\/(?<step>\w+)/)?.groups ?? {};

  acting = id => going.has(id);
  const begin = id => {
    going.set(id, (going.get(id) ?? 0) + 1);
    tell("acting", { id });
  };
  const end = id => {
    const left = (going.get(id) ?? 1) - 1;
    if (left) going.set(id, left);
    else going.delete(id);
    tell("answered", { id });
  };

  // A broken line swallowed the act or its answer. The words stand until it is done after all, by this or another way,
  // or given up.
  const SHOWS = ["status", "officer", "category", "priority", "lat", "lon", "personnel", "arrived"];
  const counts = id => {
    const card = document.getElementById(`incident-${id}`)?.dataset;
    return card ? SHOWS.map(name => card[name]).join(" ") : "";
  };
  function broken(id, form) {
    say(errors.dataset.unsent, form);
    unsent = { id, was: counts(id), form };
  }
  // The line is back and what it swallowed is still not seen: what stands then is asked of whoever reads it.
  const BACK_MS = 20_000;
  const CUT_MS = 12_000; // a line that only one request lost
  let back = 0; // since when
  let cutAt = 0; // 0: nothing is cut
  hear("tick", () => {
    const { unsent: cut, wordsBack: again } = errors.dataset;
    const well = document.getElementById("lamp")?.dataset.is === "well";
    const now = performance.now();
    if (errors.textContent !== cut) cutAt = 0;
    else if (!well) cutAt = -Infinity;
    else cutAt ||= now;
    if (cutAt && well && now - cutAt > CUT_MS) {
      back = now;
      cutAt = 0;
      errors.textContent = again;
      if (beside(unsent?.form)) beside(unsent.form).textContent = again;
    } else if (errors.textContent === again && now - back > BACK_MS) say("");
  });
  function over() {
    if (unsent && (unsent.form?.isConnected === false || counts(unsent.id) !== unsent.was)) say("");
  }
  hear("placed", over);
  hear("opened", () => {
    spent.clear();
    over();
  });
  document.addEventListener(
    "close",
    event => {
      if (unsent?.form && event.target.contains(unsent.form)) say("");
    },
    true,
  );

  document.addEventListener("htmx:config:request", event => {
    const { ctx } = event.detail;
    if (!isAct(ctx)) return;
    const source = ctx.sourceElement.closest("form") ?? ctx.sourceElement;
    const shown = source.closest("#panel [data-incident], #board > .card");
    // On its way: htmx would send it once more when this one is answered. Done, and the panel does not show it yet: it
    // is no new act.
    if (sending.has(source) || spent.has(source)) {
      tell("still");
      return event.preventDefault();
    }
    say("");
    if (shown?.dataset.incident && !choice.shows(shown)) {
      event.preventDefault();
      return say(errors.dataset.unready);
    }
    if (!keys.has(source)) keys.set(source, crypto.randomUUID());
    ctx.request.body.set("idempotency_key", keys.get(source));
    if (shown) ctx.request.body.set("version", shown.dataset.version ?? "");
    for (const wrong of (source.closest("dialog, #panel") ?? source).querySelectorAll(".wrong"))
      wrong.replaceChildren();
    ctx.sent = source;
    sending.add(source);
    begin(step(ctx).id);
  });
  document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
    if (!isAct(ctx)) return;
    const form = ctx.sourceElement.closest("form");
    const status = ctx.response.status;
    const sent = ctx.request.body;
    if (status >= 500) return say(errors.dataset.busy, form); // the key stays: pressing again is the same act
    keys.delete(form ?? ctx.sourceElement);
    // Its panel has gone, or it has no place of its own for what is wrong with it: nobody else would say it.
    if (
      status >= 400 &&
      (!ctx.sourceElement.isConnected ||
        (status === 422 && !ctx.sourceElement.querySelector(".wrong")?.parentElement.checkVisibility()))
    )
      told("#errors", ctx.text);
    if (status >= 400 && status !== 422 && beside(form))
      htmx.swap({ sourceElement: form, target: beside(form), swap: "innerHTML", text: ctx.text });
    if (status >= 400 || !form) return;
    form.closest("dialog")?.close();
    form.reset();
    if (step(ctx).id === choice.id() && !("anyhow" in form.dataset)) spent.add(form);
    // keys are keys again
    if (form.contains(document.activeElement)) document.getElementById("panel")?.focus({ preventScroll: true });
    tell("acted", { ...step(ctx), form, sent });
  });
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    if (!sending.delete(ctx.sent)) return;
    end(step(ctx).id);
  });
  document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
    if (ctx && isAct(ctx)) broken(step(ctx).id, ctx.sourceElement.closest("form"));
  });

  // The same without a form: C on a card, Z within 20 seconds.
  act = async (id, step, values = {}) => {
    const on = `${id} ${step}`;
    if (sending.has(on)) return false;
    sending.add(on);
    const card = document.getElementById(`incident-${id}`);
    say("");
    begin(String(id));
    try {
      const body = new URLSearchParams({
        idempotency_key: crypto.randomUUID(),
        version: card?.dataset.version ?? "",
        ...values,
      });
      const answer = await fetch(`/incidents/${id}/${step}`, {
        method: "POST",
        body,
        headers: { "HX-Request": "true" },
      });
      if (answer.ok) tell("acted", { id: String(id), step, sent: body });
      else if (answer.status >= 500) say(errors.dataset.busy);
      else await told("#errors", await answer.text());
      return answer.ok;
    } catch {
      broken(String(id));
      return false;
    } finally {
      sending.delete(on);
      end(String(id));
    }
  };
});
