// How many go. The big number is spread over the nearest chosen stations by what they have free; ticks change the suggestion at
// once, and the number follows it until a hand has set it. Over the free strength it asks for a reason.
siaga.once("stepper", () => {
  const touched = new WeakSet();
  const all = (form, selector) => [...form.querySelectorAll(selector)];
  const number = form => form.querySelector(".stepper-n");
  const room = post => post.dataset.free === "" ? Infinity : Number(post.dataset.free);       // nobody stated it: nothing says that they cannot

  function spread(form) {
    let left = Number(number(form).value) || 0;
    const posts = all(form, ".post"), chosen = posts.filter(post => post.querySelector(".post-in").checked);
    for (const post of posts) {
      const go = chosen.includes(post) ? Math.min(left, room(post)) : 0;
      post.querySelector(".post-go").value = go;
      left -= go;
    }
    for (const post of left > 0 && !chosen.length ? posts : []) {       // nobody chosen: the nearest with people free
      const go = Math.min(left, room(post));
      if (!go) continue;
      post.querySelector(".post-in").checked = true;
      post.querySelector(".post-go").value = go;
      if (!(left -= go)) break;
    }
    const first = chosen[0] ?? posts[0];
    if (left > 0 && chosen.length) {                                    // reach further before going over
      for (const post of posts) {
        if (left <= 0 || chosen.includes(post)) continue;
        const go = Math.min(left, room(post));
        if (!go) continue;
        post.querySelector(".post-in").checked = true;
        post.querySelector(".post-go").value = go;
        left -= go;
      }
    }
    if (left > 0 && first) {                                            // over: on the first, and a reason is asked for
      const go = first.querySelector(".post-go");
      go.value = Number(go.value) + left;
      first.querySelector(".post-in").checked = true;
    }
    show(form);
  }

  function show(form) {
    const posts = all(form, ".post"), goes = posts.map(post => Number(post.querySelector(".post-go").value) || 0);
    const total = goes.reduce((a, b) => a + b, 0), over = posts.reduce((sum, post, n) => sum + Math.max(0, goes[n] - room(post)), 0);
    const send = form.querySelector("[data-sends]"), key = send.querySelector(".key"), ask = form.querySelector(".over");
    send.replaceChildren(siaga.fill(send.dataset.text, total), ...(key ? [key] : []));
    ask.toggleAttribute("data-needed", over > 0);
    ask.querySelector("input").required = over > 0;
    ask.querySelector("span").textContent = siaga.fill(ask.querySelector("span").dataset.text, over);
    siaga.tell("sending", { form });
  }

  function sum(form) {
    const total = form.querySelector("[data-sum-total]"), ticks = all(form, ".tick input");
    for (const tick of ticks) form.querySelector(`[data-part="${tick.value}"]`).hidden = !tick.checked;
    const suggested = Number(total.dataset.base) + ticks.reduce((n, tick) => n + (tick.checked ? Number(tick.dataset.personnel) : 0), 0);
    total.textContent = suggested;
    if (touched.has(form) || !form.matches('[id^="send-"]')) return;
    number(form).value = Math.max(1, suggested);
    spread(form);
  }

  const set = (form, n) => { touched.add(form); number(form).value = Math.max(1, Math.min(200, n || 1)); spread(form); };
  // Two digits within 600 ms are one number: 1, then 2, is 12.
  const JOINED = 600;
  let typed = { form: null, n: 0, at: 0 };
  siaga.digit = n => {
    const modal = document.querySelector("dialog:modal"), panel = siaga.settled ? siaga.settled() : document.getElementById("panel");
    const form = (modal ?? panel)?.querySelector(modal ? ".send-form" : ".group.send-form"), at = performance.now();
    if (!form) return false;
    const joined = typed.form === form && at - typed.at < JOINED && typed.n < 10 ? typed.n * 10 + n : n;
    typed = { form, n: joined, at };
    if (joined) set(form, joined);
    return true;
  };
  document.addEventListener("click", event => {
    const step = event.target.closest("[data-step]"), form = step?.closest(".send-form");
    if (form && step.matches("button")) set(form, Number(number(form).value) + Number(step.dataset.step));
  });
  document.addEventListener("keydown", event => {
    const by = event.target.matches(".stepper-n") && { ArrowUp: 1, ArrowDown: -1 }[event.key], form = by && event.target.closest(".send-form");
    if (!form) return;
    event.preventDefault();
    set(form, Number(number(form).value) + by);
  });
  document.addEventListener("input", ({ target }) => {
    const form = target.closest(".send-form");
    if (!form) return;
    if (target.matches(".stepper-n") && target.value) set(form, Number(target.value));
    if (target.matches(".tick input")) sum(form);
    if (target.matches(".post-in")) { touched.add(form); spread(form); }
    if (target.matches(".post-go")) {
      touched.add(form);
      const post = target.closest(".post");
      post.querySelector(".post-in").checked = Number(target.value) > 0;
      number(form).value = all(form, ".post-go").reduce((n, go) => n + (Number(go.value) || 0), 0) || 1;
      show(form);
    }
  });
  // The form is not morphed (its words and ticks are the officer's), so free strength comes from the list of stations.
  const strokes = (shown, free) => Array.from({ length: shown }, (_, n) => {
    const stroke = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const shape = n < free ? { class: "on", height: 7 } : { y: 2, height: 3 };
    for (const [name, value] of Object.entries({ x: 66 - 5.5 * (shown - n), width: 4, rx: 0.8, ...shape })) stroke.setAttribute(name, value);
    return stroke;
  });
  const renew = siaga.frame(() => {
    for (const post of document.querySelectorAll(".send-form .post")) {
      const { free, strength, out, says } = document.getElementById(`station-${post.dataset.station}`)?.dataset ?? {};
      if (free === undefined || says === post.querySelector(".post-free span").textContent) continue;
      post.dataset.free = free;
      post.querySelector(".post-free span").textContent = says;
      post.querySelector(".post-free svg").toggleAttribute("hidden", free === "" || Number(out) > Number(strength));
      post.querySelector(".post-free svg").replaceChildren(...strokes(Math.min(Number(strength), 12), Number(free)));
      show(post.closest("form"));
    }
  });
  const stations = document.getElementById("stations");
  if (stations) new MutationObserver(renew).observe(stations, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-free", "data-says"] });
  siaga.hear("opened", ({ fresh }) => { for (const form of document.querySelectorAll("#panel .send-form")) if (fresh || !touched.has(form)) show(form); renew(); });
  for (const form of document.querySelectorAll(".send-form")) show(form);
});
