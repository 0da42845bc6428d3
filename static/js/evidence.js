// Evidence, whole, by a deliberate look: fetching the picture is what notes it, and the head says so. On the console it
// takes the map's place and the panel goes on working beside it (stage.js); on other pages it is a window. What one
// ticks while looking says in the panel which picture it was seen in. Only what is of the open incident is ever shown.
import { choice } from "./choice.js";
import { clock } from "./clock.js";
import { keyOf } from "./keys.js";
import { fill, frame, hear, once, server, write } from "./page.js";

once(() => {
  const viewer = document.getElementById("viewer");
  const staged = viewer && !viewer.matches("dialog");
  if (!viewer) return;
  const part = name => document.getElementById(`viewer-${name}`);
  const say = (name, words) => {
    if (part(name)) write(part(name), words);
  };
  const picture = part("stage");
  const none = part("none");
  const strip = part("film");
  const drawn = new Map(); // drawn: what was looked at, small
  let items = [];
  let at = 0;
  let look = { scale: 1, turn: 0, x: 0, y: 0 };
  const isOpen = () => (staged ? choice.staged() === "evidence" : viewer.open);
  const thing = () => picture.firstElementChild;
  const film = () => (thing()?.matches("video") ? thing() : null);
  const around = element => element.closest("#panel") ?? element.closest(".gallery");
  const named = item => item.id || item.href;
  const things = root => [...root.querySelectorAll(".gallery > .thumb")];

  function open(element) {
    const owner = element.closest("[data-incident]")?.dataset.incident;
    if (owner && !choice.is(owner)) return; // its panel is about to go
    items = things(around(element));
    if (!isOpen()) {
      if (staged) choice.stage("evidence");
      else viewer.showModal();
      ticks();
    }
    show(items.indexOf(element));
  }
  function close() {
    if (staged) choice.stage(null);
    else viewer.close();
  }
  function clear() {
    // a film must not go on behind the window, nor a picture stay in it
    picture.replaceChildren();
    strip.replaceChildren();
    drawn.clear();
    items = [];
  }

  function show(n) {
    at = (n + items.length) % items.length;
    const item = items[at];
    const { dataset, href } = item;
    const video = dataset.look === "video";
    const one = href && document.createElement(video ? "video" : "img");
    fit({ scale: 1, turn: 0, x: 0, y: 0 });
    words();
    say("noted", "");
    none.hidden = Boolean(href);
    picture.replaceChildren(...(one ? [one] : []));
    if (!one) {
      tell(dataset.none, true);
      strips();
      return;
    }
    // Plays when it is told to, never by itself.
    if (video) Object.assign(one, { controls: true, playsInline: true, preload: "metadata", poster: dataset.poster });
    else Object.assign(one, { alt: dataset.name, draggable: false });
    const mine = act => () => {
      if (one === thing()) act();
    };
    one.addEventListener(
      video ? "loadedmetadata" : "load",
      mine(() => {
        say("noted", fill(part("noted").dataset.text, hhmm()));
        if (!video) small(item, one);
        fit(look);
      }),
    );
    if (video) {
      const still = new Image(); // the first frame of a film that does not play yet may be black
      still.addEventListener("load", () => {
        if (isOpen()) small(item, still);
      });
      still.src = dataset.poster;
    }
    one.addEventListener(
      "error",
      mine(() => {
        one.remove();
        tell(video ? viewer.dataset.brokenFilm : viewer.dataset.broken);
      }),
    );
    one.src = href;
    strips();
  }
  const hhmm = () => clock(server.now()).slice(0, 5);
  // Words in the place of what cannot be shown, and the original, where there is one.
  function tell(text, final = false) {
    none.hidden = false;
    none.querySelector("p").textContent = text;
    none.querySelector("[data-retry]").hidden = final;
    const { original } = items[at].dataset;
    const link = part("download");
    if (link) {
      link.hidden = !original;
      if (original) link.href = original;
    }
  }
  function words() {
    const { dataset } = items[at];
    const video = Boolean(dataset.look === "video");
    say("name", dataset.name);
    say("of", items.length > 1 ? fill(viewer.dataset.of, { at: at + 1, n: items.length }) : "");
    say("whose", dataset.whose ?? "");
    say("said", dataset.said ?? "");
    viewer.toggleAttribute("data-one", items.length < 2);
    viewer.toggleAttribute("data-film", video || !dataset.look);
    const link = part("original");
    if (link) {
      link.hidden = !dataset.original;
      if (dataset.original) link.href = dataset.original;
    }
  }
  // The strip: veiled what was not looked at yet; what was is drawn small from what is here already.
  function strips() {
    const focused = strip.contains(document.activeElement);
    strip.replaceChildren(
      ...items.map((item, n) => {
        const button = document.createElement("button");
        const li = document.createElement("li");
        const label = item.querySelector(".thumb-name").cloneNode(true);
        Object.assign(button, { type: "button", className: `film${item.dataset.look ? "" : " film--none"}` });
        button.dataset.item = n;
        if (n === at) button.setAttribute("aria-current", "true");
        const veil = drawn.get(named(item)) ?? item.querySelector("img")?.cloneNode();
        if (veil && !drawn.has(named(item))) button.classList.add("film--veil");
        button.append(...(veil ? [veil] : []), label);
        li.append(button);
        return li;
      }),
    );
    const now = strip.querySelector('[aria-current="true"]');
    now?.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (focused) now?.focus();
  }
  function small(item, one) {
    const { naturalWidth: w, naturalHeight: h } = one;
    const canvas = document.createElement("canvas");
    if (!w) return;
    Object.assign(canvas, { width: 192, height: 120 });
    const by = Math.max(192 / w, 120 / h);
    canvas.getContext("2d").drawImage(one, (192 - w * by) / 2, (120 - h * by) / 2, w * by, h * by);
    drawn.set(named(item), canvas);
    strips();
  }

  // Zoom, turn and move: numbers of the page, given to the picture alone.
  function fit(next) {
    look = next;
    const one = thing();
    say("scale", `${Math.round(look.scale * 100)} %`);
    if (!one?.matches("img")) return;
    const { width: w, height: h } = picture.getBoundingClientRect();
    const { naturalWidth: nw, naturalHeight: nh } = one;
    const upright = Math.min(w / nw, h / nh);
    const lying = look.turn % 180 ? Math.min(w / nh, h / nw) / upright : 1;
    const [ow, oh] = look.turn % 180 ? [nh, nw] : [nw, nh];
    const by = upright * (lying || 1) * look.scale;
    const far = (size, room) => Math.max(0, (size * by - room) / 2) || 0;
    look.x = Math.max(-far(ow, w), Math.min(far(ow, w), look.x));
    look.y = Math.max(-far(oh, h), Math.min(far(oh, h), look.y));
    const scale = look.scale * (lying || 1);
    one.style.transform = `translate(${look.x}px, ${look.y}px) scale(${scale}) rotate(${look.turn}deg)`;
    picture.toggleAttribute("data-near", look.scale > 1);
  }
  // About a point of the place, from its middle: what lies beneath it stays beneath it.
  function zoom(by, x = 0, y = 0) {
    const scale = Math.max(1, Math.min(8, look.scale * by));
    const f = scale / look.scale;
    if (thing()?.matches("img")) fit({ ...look, scale, x: x - (x - look.x) * f, y: y - (y - look.y) * f });
  }
  const whole = () => fit({ ...look, scale: 1, x: 0, y: 0 });
  const turn = () => {
    if (thing()?.matches("img")) fit({ ...look, turn: (look.turn + 90) % 360, x: 0, y: 0 });
  };
  const move = (x, y) => fit({ ...look, x: look.x + x, y: look.y + y });
  const play = () => {
    const one = film();
    if (one) one.paused ? one.play().catch(() => {}) : one.pause();
  };

  picture.addEventListener(
    "wheel",
    event => {
      if (!thing()?.matches("img")) return;
      event.preventDefault();
      const box = picture.getBoundingClientRect();
      zoom(
        event.deltaY < 0 ? 1.2 : 1 / 1.2,
        event.clientX - box.x - box.width / 2,
        event.clientY - box.y - box.height / 2,
      );
    },
    { passive: false },
  );
  picture.addEventListener("pointerdown", event => {
    if (event.button || look.scale <= 1 || film()) return;
    picture.setPointerCapture(event.pointerId);
    const go = ({ movementX, movementY }) => move(movementX, movementY);
    picture.addEventListener("pointermove", go);
    for (const end of ["pointerup", "pointercancel"])
      picture.addEventListener(end, () => picture.removeEventListener("pointermove", go), { once: true });
  });
  picture.addEventListener("dblclick", event => {
    const box = picture.getBoundingClientRect();
    if (look.scale > 1) whole();
    else zoom(2.5, event.clientX - box.x - box.width / 2, event.clientY - box.y - box.height / 2);
  });
  new ResizeObserver(
    frame(() => {
      if (isOpen()) fit(look);
    }),
  ).observe(picture);

  const typing = target =>
    target.closest("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button])");
  // Held down, only moving and zooming go on.
  document.addEventListener(
    "keydown",
    event => {
      const { target } = event;
      const key = keyOf(event);
      const modal = document.querySelector("dialog:modal");
      if (!isOpen() || !items.length || event.defaultPrevented || typing(target) || (modal && modal !== viewer)) return;
      if (target.closest("[role=log], .diary, .menu, [type=radio], .from, video")) return;
      const step = event.shiftKey ? 60 : 0;
      const still = {
        ArrowRight: () => (step ? move(-step, 0) : null),
        ArrowLeft: () => (step ? move(step, 0) : null),
        ArrowDown: () => move(0, -60),
        ArrowUp: () => move(0, 60),
        "+": () => zoom(1.25),
        "=": () => zoom(1.25),
        "-": () => zoom(1 / 1.25),
      };
      const single = { ArrowRight: () => show(at + 1), ArrowLeft: () => show(at - 1), Home: whole, x: turn, v: close };
      if (key === " " && film() && !target.closest("button, a, input, summary")) single[" "] = play;
      const act = step && key.startsWith("Arrow") ? still[key] : (single[key] ?? still[key]);
      if (!act) return;
      event.preventDefault();
      if (!event.repeat || act === still[key]) act();
    },
    true,
  );

  document.addEventListener("click", event => {
    const { target } = event;
    const element = target.closest("[data-look]");
    if (element && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      open(element);
      return;
    }
    if (!viewer.contains(target)) return;
    const step = target.closest("[data-turn]");
    const item = target.closest("[data-item]");
    const scale = target.closest("[data-scale]");
    const tick = target.closest("[data-tick]");
    if (step) show(at + Number(step.dataset.turn));
    if (item) show(Number(item.dataset.item));
    if (scale) zoom(1.25 ** Number(scale.dataset.scale));
    if (target.closest("[data-whole]")) whole();
    if (target.closest("[data-rotate]")) turn();
    if (target.closest("[data-retry]")) show(at);
    if (target.closest("[data-viewer-close]")) close();
    if (tick)
      form()
        ?.querySelector(`.tick input[value="${CSS.escape(tick.dataset.tick)}"]`)
        ?.click();
  });
  viewer.addEventListener("close", clear);
  hear("staged", ({ name, was }) => {
    if (was === "evidence" && name !== "evidence") clear();
  });
  // The panel was read anew: what is looked at stays; what came since stands beside it; what is not of it any more
  // leaves.
  hear("opened", () => {
    if (!isOpen() || !items.length) return;
    const was = items[at];
    const root = document.getElementById("panel");
    const fresh = root ? things(root) : [];
    if (!fresh.length) return close();
    const found = fresh.findIndex(item => item.id === was.id);
    const same = found >= 0 && thing() && fresh[found].href === thing().src;
    items = fresh;
    if (same) {
      at = found;
      words();
      strips();
    } else show(found >= 0 ? found : Math.min(at, fresh.length - 1));
    ticks();
  });

  // What one sees, large and with its letter and weight: presses the panel's own ticks, which are the truth.
  const form = () => document.querySelector('#panel [id^="send-"]');
  function ticks() {
    const box = part("see");
    if (!box) return;
    const inputs = [...(form()?.querySelectorAll(".tick input") ?? [])];
    box.hidden = !inputs.length;
    viewer.toggleAttribute("data-sends", inputs.length > 0);
    box.querySelector(".bticks").replaceChildren(
      ...inputs.map(input => {
        const button = document.createElement("button");
        const key = document.createElement("span");
        const label = document.createElement("span");
        const weight = document.createElement("small");
        const words = input.closest(".tick").cloneNode(true);
        words.querySelectorAll("input, svg, .key").forEach(node => node.remove());
        Object.assign(button, { type: "button", className: "btick" });
        button.dataset.tick = input.value;
        button.setAttribute("aria-pressed", input.checked);
        key.className = "key";
        key.setAttribute("aria-hidden", "true");
        key.textContent = (input.dataset.key ?? "").toUpperCase();
        weight.textContent = `+${input.dataset.personnel}`;
        label.append(words.textContent.trim(), weight);
        button.append(...(input.dataset.key ? [key] : []), label);
        return button;
      }),
    );
  }
  document.addEventListener("input", ({ target }) => {
    const owner = target.closest?.(".send-form");
    if (!owner || !target.matches(".tick input")) return;
    const item = isOpen() && items[at];
    if (target.checked && item) {
      target.dataset.seen = [item.dataset.name, item.dataset.whose].filter(Boolean).join(" · ");
      target.dataset.seenIn = item.dataset.evidence ?? "";
    } else {
      delete target.dataset.seen;
      delete target.dataset.seenIn;
    }
    for (const button of viewer.querySelectorAll("[data-tick]"))
      if (button.dataset.tick === target.value) button.setAttribute("aria-pressed", target.checked);
    const list = owner.querySelector(".seen-in");
    list?.replaceChildren(
      ...[...owner.querySelectorAll(".tick input[data-seen]:checked")].map(input => {
        const li = document.createElement("li");
        const words = input.closest(".tick").cloneNode(true);
        const hidden = document.createElement("input");
        words.querySelectorAll("input, .key").forEach(node => node.remove());
        Object.assign(hidden, { type: "hidden", name: "seen_in", value: `${input.value}:${input.dataset.seenIn}` });
        li.append(
          words.querySelector("svg") ?? "",
          fill(list.dataset.text, { what: words.textContent.trim(), where: input.dataset.seen.toLowerCase() }),
          ...(input.dataset.seenIn ? [hidden] : []),
        );
        return li;
      }),
    );
  });
});
