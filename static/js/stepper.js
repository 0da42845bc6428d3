// The stepper: how many go, by digit, arrow, press or tick. What sends stands first and is never folded away. Who goes
// from where: spread.js; what the form says of it: going.js.
import { choice } from "./choice.js";
import { show } from "./going.js";
import { does } from "./keys.js";
import { hear, once } from "./page.js";
import { all, goFrom, number } from "./posts.js";
import { further, hand, own, pick, set, spread, suggest, touched } from "./spread.js";

export let digit;

once(() => {
  const JOINED = 600;

  // Two digits within 600 ms are one number: 1, then 2, is 12.
  let typed = { where: null, n: 0, at: 0 };
  function join(where, n) {
    const at = performance.now();
    const joined = typed.where === where && at - typed.at < JOINED && typed.n < 10 ? typed.n * 10 + n : n;
    typed = { where, n: joined, at };
    return joined;
  }
  does.digit = digit = n => {
    const modal = document.querySelector("dialog:modal, dialog[data-docked][open]");
    const panel = choice.settled();
    const form = (modal ?? panel)?.querySelector(modal ? ".send-form" : ".group.send-form");
    if (!form) return false;
    const whole = join(form, n);
    if (whole) set(form, whole);
    return true;
  };
  // In the list of stations a digit is that station's.
  document.addEventListener(
    "keydown",
    event => {
      const post = event.target.matches?.(".post-in") && event.target.closest(".post");
      if (!post || !/^\d$/.test(event.key) || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      own(post, join(post, Number(event.key)));
    },
    true,
  );
  document.addEventListener("click", event => {
    const step = event.target.closest("[data-step]");
    const reach = event.target.closest("[data-reach]");
    const more = event.target.closest(".posts-more");
    const form = (step ?? reach ?? more)?.closest(".send-form");
    if (!form) return;
    if (step?.matches("button")) set(form, Number(number(form).value) + Number(step.dataset.step));
    if (reach) further(form);
    if (more) {
      more.setAttribute("aria-expanded", more.getAttribute("aria-expanded") !== "true");
      show(form);
    }
  });
  document.addEventListener("keydown", event => {
    const by = event.target.matches?.(".stepper-n, .post-go") && { ArrowUp: 1, ArrowDown: -1 }[event.key];
    const form = by && event.target.closest(".send-form");
    if (!form) return;
    event.preventDefault();
    const post = event.target.closest(".post");
    if (post) own(post, goFrom(post) + by);
    else set(form, Number(number(form).value) + by);
  });
  document.addEventListener("input", ({ target }) => {
    const form = target.closest(".send-form");
    if (!form) return;
    if (target.matches(".stepper-n") && target.value) set(form, Number(target.value));
    if (target.matches(".tick input")) suggest(form);
    if (target.matches(".post-in")) pick(target.closest(".post"), target.checked);
    if (target.matches(".post-go")) own(target.closest(".post"), Number(target.value) || 0);
  });
  document.addEventListener("focusout", ({ target, relatedTarget }) => {
    const list = target.closest?.(".posts");
    const form = list?.closest(".send-form");
    if (form && !list.contains(relatedTarget))
      queueMicrotask(() => {
        if (form.isConnected) show(form);
      });
  });
  // A form that is emptied is as it came: nobody's hand was in it.
  document.addEventListener("reset", ({ target: form }) => {
    if (!form.matches(".send-form")) return;
    touched.delete(form);
    for (const post of all(form, ".post")) hand.delete(post);
    queueMicrotask(() => {
      suggest(form);
      spread(form);
    });
  });
  hear("opened", ({ fresh }) => {
    for (const form of document.querySelectorAll("#panel .send-form")) if (fresh || !touched.has(form)) spread(form);
  });
  for (const form of document.querySelectorAll(".send-form")) spread(form);
});
