// Spread: the big number over the nearest stations with people free, or over those that a hand has ticked. Ticks change
// the suggestion at once, and the number follows it until a hand has set it.
import { show } from "./going.js";
import { all, goFrom, near, nowhere, number, room, sum } from "./posts.js";

export const touched = new WeakSet(); // forms that a hand has set
export const hand = new WeakMap(); // station → true, ticked; false, unticked

export function spread(form) {
  let left = Number(number(form).value) || 0;
  const posts = near(form);
  const picked = posts.filter(post => hand.get(post));
  const goes = new Map(posts.map(post => [post, 0]));
  const give = (post, n) => {
    goes.set(post, goes.get(post) + n);
    left -= n;
  };
  picked.forEach((post, n) => {
    if (left > 0) give(post, Math.max(1, Math.min(room(post), left - (picked.length - 1 - n))));
  });
  // where nobody knows the place, nothing is near: only a hand chooses
  const open = nowhere(form) ? [] : posts.filter(post => !picked.includes(post) && hand.get(post) !== false);
  for (const post of open) give(post, Math.min(left, room(post))); // reach further before going over
  const first = picked[0] ?? open[0] ?? (nowhere(form) ? null : posts[0]);
  if (left > 0 && first) give(first, left);
  for (const [post, n] of goes) post.querySelector(".post-go").value = n;
  show(form);
}

// What is over goes to them: who is free there goes, and nobody is sent from where nobody is.
export function further(form) {
  for (const post of all(form, ".post")) {
    if (goFrom(post) && room(post)) hand.set(post, true);
    else hand.delete(post);
  }
  spread(form);
}

export function suggest(form) {
  const total = form.querySelector("[data-sum-total]");
  const ticks = all(form, ".tick input");
  for (const tick of ticks) form.querySelector(`[data-part="${tick.value}"]`).hidden = !tick.checked;
  const suggested =
    Number(total.dataset.base) + ticks.reduce((n, tick) => n + (tick.checked ? Number(tick.dataset.personnel) : 0), 0);
  total.textContent = suggested;
  if (touched.has(form) || !form.matches('[id^="send-"]')) return;
  number(form).value = Math.max(1, suggested);
  spread(form);
}

export function set(form, n) {
  touched.add(form);
  number(form).value = Math.max(1, Math.min(200, n || 1));
  spread(form);
}
// One station's own number; the whole is their sum.
export function own(post, n) {
  const form = post.closest("form");
  touched.add(form);
  hand.set(post, n > 0);
  post.querySelector(".post-go").value = Math.max(0, Math.min(200, n));
  number(form).value = sum(all(form, ".post"));
  show(form);
}
// A tick: from here as well, one at least. What stood ticked stays so.
export function pick(post, ticked) {
  const form = post.closest("form");
  touched.add(form);
  if (ticked) for (const other of all(form, ".post").filter(goFrom)) hand.set(other, true);
  hand.set(post, ticked);
  number(form).value = Math.max(
    Number(number(form).value) || 1,
    all(form, ".post").filter(other => hand.get(other)).length,
  );
  spread(form);
}
