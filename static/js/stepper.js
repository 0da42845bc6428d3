// How many go, and from where. The big number is spread over the nearest stations with people free, or over those that
// a hand has ticked; what sends stands first and is never folded away, one line says why the nearest is not it, and the
// button says it all. Ticks change the suggestion at once, and the number follows it until a hand has set it. Over the
// free strength a reason is asked for at once, and what else there is stands beside it.
import { choice } from "./choice.js";
import { does } from "./keys.js";
import { fill, frame, hear, once, tell, write } from "./page.js";

export let digit;

once(() => {
  const SHOWN = 3;
  const MOST = 2;
  const JOINED = 600;
  const SEEN_MS = 1_000;
  const touched = new WeakSet();
  const news = new WeakMap(); // form → when what it sends changed by news
  const hand = new WeakMap(); // hand: station → true, ticked; false, unticked
  const all = (form, selector) => [...form.querySelectorAll(selector)];
  const number = form => form.querySelector(".stepper-n");
  const near = form => all(form, ".post").sort((a, b) => a.dataset.metres - b.dataset.metres);
  // nobody stated it: nothing says that they cannot
  const room = post => (post.dataset.free === "" ? Infinity : Number(post.dataset.free));
  const nowhere = form => !form.querySelector(".post[data-metres]");
  const go = post => Number(post.querySelector(".post-go").value) || 0;
  const sum = posts => posts.reduce((n, post) => n + go(post), 0);

  function spread(form) {
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

  // "Sunggal"; "Polrestabes 5, Area 1" when there are several.
  const names = posts =>
    posts.map(post => (posts.length > 1 ? `${post.dataset.short} ${go(post)}` : post.dataset.short)).join(", ");
  const missing = posts => posts.reduce((n, post) => n + Math.max(0, go(post) - room(post)), 0);

  function show(form) {
    const posts = near(form);
    const sends = posts.filter(go);
    const over = missing(posts);
    const send = form.querySelector("[data-sends]");
    const key = send.querySelector(".key");
    const ask = form.querySelector(".over");
    for (const post of posts) post.querySelector(".post-in").checked = go(post) > 0;
    const says = sends.length || !nowhere(form) ? send.dataset.text : send.dataset.choose;
    send.replaceChildren(fill(says, { n: sum(posts), from: names(sends) }), ...(key ? [key] : []));
    send.disabled = !sends.length;
    why(form, posts, sends);
    ask.toggleAttribute("data-needed", over > 0);
    ask.querySelector("input").required = over > 0;
    ask.querySelector("span").textContent = fill(ask.querySelector("span").dataset.text, over);
    const reach = ask.querySelector("[data-reach]");
    const others = over > 0 ? beyond(posts) : [];
    reach.hidden = !others.length;
    reach.textContent = fill(reach.dataset.text, others.map(post => post.dataset.short).join(", "));
    arrange(form, posts, sends);
    tell("sending", { form });
  }
  // Those beyond who could bring what is missing.
  function beyond(posts) {
    let left = missing(posts);
    return posts.filter(post => {
      const n = Math.max(0, room(post) - go(post));
      if (left <= 0 || !n) return false;
      left -= n;
      return true;
    });
  }
  // What is over goes to them: who is free there goes, and nobody is sent from where nobody is.
  function further(form) {
    for (const post of all(form, ".post")) {
      if (go(post) && room(post)) hand.set(post, true);
      else hand.delete(post);
    }
    spread(form);
  }
  function why(form, posts, sends) {
    const line = form.querySelector(".from-why");
    const [first] = posts;
    const { dataset } = line;
    if (!first) return;
    const free = room(first);
    const others = sends.filter(post => post !== first);
    const said = others
      .slice(0, MOST)
      .map(post => post.dataset.short)
      .join(", ");
    const known = {
      near: first.dataset.short,
      n: free,
      from: others.length > MOST ? `${said}, +${others.length - MOST}` : said,
    };
    const which = nowhere(form)
      ? "nowhere"
      : !posts.some(room)
        ? "none"
        : posts.every(post => go(post) >= room(post))
          ? "all"
          : !go(first)
            ? free === Infinity
              ? "unstated"
              : free
                ? "other"
                : "empty"
            : free && go(first) >= free && others.length
              ? "few"
              : "";
    write(line.querySelector("span"), which ? fill(dataset[which], known) : "");
    line.toggleAttribute("data-says", Boolean(which));
    line.toggleAttribute("data-calm", which === "other" || which === "nowhere");
  }
  // What sends comes first, then by distance; not while the hand is in the list: nothing moves beneath it.
  function arrange(form, posts, sends) {
    const list = form.querySelector(".posts");
    const more = form.querySelector(".posts-more");
    const open = more.getAttribute("aria-expanded") === "true";
    const order = list.contains(document.activeElement)
      ? all(form, ".post")
      : [...sends, ...posts.filter(post => !go(post))];
    if (order.some((post, n) => post !== list.children[n])) list.append(...order);
    const shown = Math.max(SHOWN, sends.length);
    const rest = order.filter((post, n) => n >= shown && !go(post));
    for (const post of order) post.toggleAttribute("data-far", !open && rest.includes(post));
    more.hidden = !rest.length;
    const { more: some, less } = more.dataset;
    const free = rest.reduce((n, post) => n + (post.dataset.free === "" ? 0 : room(post)), 0);
    write(more.querySelector("span"), open ? less : fill(some, { n: rest.length, free }));
  }

  function suggest(form) {
    const total = form.querySelector("[data-sum-total]");
    const ticks = all(form, ".tick input");
    for (const tick of ticks) form.querySelector(`[data-part="${tick.value}"]`).hidden = !tick.checked;
    const suggested =
      Number(total.dataset.base) +
      ticks.reduce((n, tick) => n + (tick.checked ? Number(tick.dataset.personnel) : 0), 0);
    total.textContent = suggested;
    if (touched.has(form) || !form.matches('[id^="send-"]')) return;
    number(form).value = Math.max(1, suggested);
    spread(form);
  }

  const set = (form, n) => {
    touched.add(form);
    number(form).value = Math.max(1, Math.min(200, n || 1));
    spread(form);
  };
  // One station's own number; the whole is their sum.
  function own(post, n) {
    const form = post.closest("form");
    touched.add(form);
    hand.set(post, n > 0);
    post.querySelector(".post-go").value = Math.max(0, Math.min(200, n));
    number(form).value = sum(all(form, ".post"));
    show(form);
  }
  // A tick: from here as well, one at least. What stood ticked stays so.
  function pick(post, ticked) {
    const form = post.closest("form");
    touched.add(form);
    if (ticked) for (const other of all(form, ".post").filter(go)) hand.set(other, true);
    hand.set(post, ticked);
    number(form).value = Math.max(
      Number(number(form).value) || 1,
      all(form, ".post").filter(other => hand.get(other)).length,
    );
    spread(form);
  }

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
    if (post) own(post, go(post) + by);
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
  const plan = form => `${names(near(form).filter(go))} ${missing(near(form))}`;
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
  // What was sent, so that an undo brings back the number and the ticks as they were before the press, not as they were
  // suggested.
  const sent = new Map();
  const undone = new Set(); // incident and step → the form's state
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
      if (go(post)) hand.set(post, true);
    }
    form.elements.reason.value = reason;
    number(form).value = sum(all(form, ".post"));
    show(form);
  }
  hear("acted", ({ id, step, form, sent: given }) => {
    if (form?.matches(".send-form")) sent.set(`${id} ${step}`, keep(form, given));
    if (step === "undo" && sent.has(`${id} ${given.get("step")}`)) undone.add(`${id} ${given.get("step")}`);
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
    for (const act of undone) {
      const [id, step] = act.split(" ");
      const form = document.querySelector(`#panel .send-form[action="/incidents/${id}/${step}"]`);
      if (!form || choice.settling()) continue;
      undone.delete(act);
      restore(form, sent.get(act));
      sent.delete(act);
    }
    renew();
  });
  for (const form of document.querySelectorAll(".send-form")) spread(form);
});
