// Free: who is free at each station changes while a form that sends stands open. What that makes of it is shown, and a
// press that was meant for what stood before sends nothing.
import { show } from "./going.js";
import { fill, frame, hear, once } from "./page.js";
import { missing, names, near, goFrom } from "./posts.js";
import { further, spread, touched } from "./spread.js";

once(() => {
  const SEEN_MS = 1_000;
  const news = new WeakMap(); // form → when what it sends changed by news

  // The form is not morphed (its words and ticks are the officer's), so free strength comes from the list of stations.
  // Whoever has not touched anything gets it spread anew.
  const strokes = (shown, free) =>
    Array.from({ length: shown }, (_, n) => {
      const stroke = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      const shape = n < free ? { class: "on", height: 7 } : { y: 2, height: 3 };
      for (const [name, value] of Object.entries({ x: 66 - 5.5 * (shown - n), width: 4, rx: 0.8, ...shape }))
        stroke.setAttribute(name, value);
      return stroke;
    });
  const plan = form => `${names(near(form).filter(goFrom))} ${missing(near(form))}`;
  const again = (was, form) => {
    if (touched.has(form)) show(form);
    else spread(form);
    if (plan(form) !== was) news.set(form, performance.now());
  };
  // Others took who was free while the hand was on its way: what that makes of it is worked out and shown, and no press
  // that was meant for what stood before sends it, or becomes its reason.
  addEventListener(
    "click",
    event => {
      const form = event.target.closest?.("[data-sends]")?.closest(".send-form");
      if (!form || performance.now() - (news.get(form) ?? -Infinity) > SEEN_MS) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (missing(near(form))) further(form);
      const errors = document.getElementById("errors");
      const send = form.querySelector("[data-sends]").firstChild.textContent;
      errors.textContent = fill(errors.dataset.changed, send.trim());
    },
    true,
  );
  const renew = frame(() => {
    const changed = new Map(); // form → what it would have sent
    for (const post of document.querySelectorAll(".send-form .post")) {
      const { free, strength, out, says } = document.getElementById(`station-${post.dataset.station}`)?.dataset ?? {};
      if (free === undefined || says === post.querySelector(".post-free span").textContent) continue;
      const form = post.closest("form");
      if (!changed.has(form)) changed.set(form, plan(form));
      post.dataset.free = free;
      post.querySelector(".post-free span").textContent = says;
      post.querySelector(".post-free svg").toggleAttribute("hidden", free === "" || Number(out) > Number(strength));
      post.querySelector(".post-free svg").replaceChildren(...strokes(Math.min(Number(strength), 12), Number(free)));
    }
    changed.forEach(again);
  });
  const stations = document.getElementById("stations");
  if (stations)
    new MutationObserver(renew).observe(stations, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ["data-free", "data-says"],
    });
  hear("opened", renew);
});
