// Acts by form: one idempotency key per try until it is answered, what was typed is cleared once it is done, its dialog closes,
// and a refusal or a broken line is said in #errors, never over a card.
siaga.once("act", () => {
  const keys = new WeakMap(), errors = document.getElementById("errors");
  const say = words => { errors.textContent = words; };
  const isAct = ctx => ctx.request.method === "POST";
  const step = ctx => ctx.request.action.match(/\/incidents\/(?<id>\d+)\/(?<step>\w+)/)?.groups ?? {};

  document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
    if (!isAct(ctx)) return;
    const source = ctx.sourceElement.closest("form") ?? ctx.sourceElement;
    if (!keys.has(source)) keys.set(source, crypto.randomUUID());
    ctx.request.body.set("idempotency_key", keys.get(source));
    source.querySelector?.(".wrong")?.replaceChildren();
    say("");
    siaga.tell("acting", { id: step(ctx).id });
  });
  document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
    if (!isAct(ctx)) return;
    const form = ctx.sourceElement.closest("form"), status = ctx.response.status;
    if (status >= 500) return say(errors.dataset.busy);            // the key stays: pressing again is the same act
    keys.delete(form ?? ctx.sourceElement);
    if (status >= 400 || !form) return;
    form.closest("dialog")?.close();
    form.reset();
    if (form.contains(document.activeElement)) document.activeElement.blur();      // keys are keys again; R goes on writing
    siaga.tell("acted", { ...step(ctx), form });
  });
  document.addEventListener("htmx:error", ({ detail: { ctx } }) => { if (ctx && isAct(ctx)) say(errors.dataset.unsent); });

  // The same without a form: C on a card that is not open, U within 20 seconds.
  siaga.act = async (id, step, values = {}) => {
    say("");
    siaga.tell("acting", { id: String(id) });
    try {
      const body = new URLSearchParams({ idempotency_key: crypto.randomUUID(), ...values });
      const answer = await fetch(`/incidents/${id}/${step}`, { method: "POST", body, headers: { "HX-Request": "true" } });
      if (answer.ok) siaga.tell("acted", { id: String(id), step });
      else if (answer.status >= 500) say(errors.dataset.busy);
      else await htmx.swap({ sourceElement: errors, target: "#errors", swap: "innerHTML", text: await answer.text() });
      return answer.ok;
    } catch {
      say(errors.dataset.unsent);
      return false;
    }
  };
});
