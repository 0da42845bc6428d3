// Sent: what was sent comes back with an undo, the number and the ticks as they were before the press, not as they were
// suggested.
import { choice } from "./choice.js";
import { show } from "./going.js";
import { hear, once } from "./page.js";
import { all, goFrom, number, sum } from "./posts.js";
import { hand, suggest, touched } from "./spread.js";

once(() => {
  const sent = new Map(); // incident and step → the form's state
  const undone = new Set(); // those whose form is to come back

  function keep(form, given) {
    const go = new Map(given.getAll("station").map((station, n) => [station, given.getAll("personnel")[n]]));
    const seen = form.querySelector(".seen-in");
    return {
      go,
      ticks: given.getAll("modifier"),
      reason: given.get("reason"),
      seen: [...(seen?.children ?? [])],
      where: new Map(
        all(form, ".tick input").map(input => [
          input.value,
          { seen: input.dataset.seen, seenIn: input.dataset.seenIn },
        ]),
      ),
    };
  }
  function restore(form, { go: gone, ticks, reason, seen, where }) {
    touched.add(form);
    for (const input of all(form, ".tick input")) {
      input.checked = ticks.includes(input.value);
      for (const [name, value] of Object.entries(where.get(input.value) ?? {}))
        if (value !== undefined) input.dataset[name] = value;
    }
    suggest(form);
    form.querySelector(".seen-in")?.replaceChildren(...seen);
    for (const post of all(form, ".post")) {
      post.querySelector(".post-go").value = gone.get(post.dataset.station) ?? 0;
      if (goFrom(post)) hand.set(post, true);
    }
    form.elements.reason.value = reason;
    number(form).value = sum(all(form, ".post"));
    show(form);
  }
  hear("acted", ({ id, step, form, sent: given }) => {
    if (form?.matches(".send-form")) sent.set(`${id} ${step}`, keep(form, given));
    if (step === "undo" && sent.has(`${id} ${given.get("step")}`)) undone.add(`${id} ${given.get("step")}`);
  });
  hear("opened", () => {
    for (const act of undone) {
      const [id, step] = act.split(" ");
      const form = document.querySelector(`#panel .send-form[action="/incidents/${id}/${step}"]`);
      if (!form || choice.settling()) continue;
      undone.delete(act);
      restore(form, sent.get(act));
      sent.delete(act);
    }
  });
});
