// Evidence, whole, by a deliberate look: fetching the picture is what notes it, and the head says so. On the console it
// takes the map's place and the panel goes on working beside it (stage.js); on other pages it is a window. Only what
// is of the open incident is ever shown.
import { choice } from "./choice.js";
import { clock } from "./clock.js";
import { keyOf } from "./keys.js";
import { fill, hear, once, server } from "./page.js";
import { form, ticks } from "./seen.js";
import { clearStrip, small, strips } from "./strip.js";
import { film, isOpen, part, say, staged, thing, viewed, viewer } from "./viewer.js";
import { fitAgain, move, turn, unzoomed, whole, zoom } from "./zoom.js";

once(() => {
  const pane = viewer();
  if (!pane) return;
  const picture = part("stage");
  const none = part("none");
  const around = element => element.closest("#panel") ?? element.closest(".gallery");
  const things = root => [...root.querySelectorAll(".gallery > .thumb")];

  function open(element) {
    const owner = element.closest("[data-incident]")?.dataset.incident;
    if (owner && !choice.is(owner)) return; // its panel is about to go
    viewed.items = things(around(element));
    if (!isOpen()) {
      if (staged()) choice.stage("evidence");
      else pane.showModal();
      ticks();
    }
    show(viewed.items.indexOf(element));
  }
  function close() {
    if (staged()) choice.stage(null);
    else pane.close();
  }
  function clear() {
    // a film must not go on behind the window, nor a picture stay in it
    picture.replaceChildren();
    clearStrip();
    viewed.items = [];
  }

  function show(n) {
    viewed.at = (n + viewed.items.length) % viewed.items.length;
    const item = viewed.items[viewed.at];
    const { dataset, href } = item;
    const video = dataset.look === "video";
    const one = href && document.createElement(video ? "video" : "img");
    unzoomed();
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
        fitAgain();
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
        tell(video ? pane.dataset.brokenFilm : pane.dataset.broken);
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
    const { original } = viewed.items[viewed.at].dataset;
    const link = part("download");
    if (link) {
      link.hidden = !original;
      if (original) link.href = original;
    }
  }
  function words() {
    const { dataset } = viewed.items[viewed.at];
    const video = Boolean(dataset.look === "video");
    say("name", dataset.name);
    say("of", viewed.items.length > 1 ? fill(pane.dataset.of, { at: viewed.at + 1, n: viewed.items.length }) : "");
    say("whose", dataset.whose ?? "");
    say("said", dataset.said ?? "");
    pane.toggleAttribute("data-one", viewed.items.length < 2);
    pane.toggleAttribute("data-film", video || !dataset.look);
    const link = part("original");
    if (link) {
      link.hidden = !dataset.original;
      if (dataset.original) link.href = dataset.original;
    }
  }
  const play = () => {
    const one = film();
    if (one) one.paused ? one.play().catch(() => {}) : one.pause();
  };

  const typing = target =>
    target.closest("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button])");
  // Held down, only moving and zooming go on.
  document.addEventListener(
    "keydown",
    event => {
      const { target } = event;
      const key = keyOf(event);
      const modal = document.querySelector("dialog:modal");
      if (!isOpen() || !viewed.items.length || event.defaultPrevented || typing(target) || (modal && modal !== pane))
        return;
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
      const single = {
        ArrowRight: () => show(viewed.at + 1),
        ArrowLeft: () => show(viewed.at - 1),
        Home: whole,
        x: turn,
        v: close,
      };
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
    if (!pane.contains(target)) return;
    const step = target.closest("[data-turn]");
    const item = target.closest("[data-item]");
    const scale = target.closest("[data-scale]");
    const tick = target.closest("[data-tick]");
    if (step) show(viewed.at + Number(step.dataset.turn));
    if (item) show(Number(item.dataset.item));
    if (scale) zoom(1.25 ** Number(scale.dataset.scale));
    if (target.closest("[data-whole]")) whole();
    if (target.closest("[data-rotate]")) turn();
    if (target.closest("[data-retry]")) show(viewed.at);
    if (target.closest("[data-viewer-close]")) close();
    if (tick)
      form()
        ?.querySelector(`.tick input[value="${CSS.escape(tick.dataset.tick)}"]`)
        ?.click();
  });
  pane.addEventListener("close", clear);
  hear("staged", ({ name, was }) => {
    if (was === "evidence" && name !== "evidence") clear();
  });
  // The panel was read anew: what is looked at stays; what came since stands beside it; what is not of it any more
  // leaves.
  hear("opened", () => {
    if (!isOpen() || !viewed.items.length) return;
    const was = viewed.items[viewed.at];
    const root = document.getElementById("panel");
    const fresh = root ? things(root) : [];
    if (!fresh.length) return close();
    const found = fresh.findIndex(item => item.id === was.id);
    const same = found >= 0 && thing() && fresh[found].href === thing().src;
    viewed.items = fresh;
    if (same) {
      viewed.at = found;
      words();
      strips();
    } else show(found >= 0 ? found : Math.min(viewed.at, fresh.length - 1));
    ticks();
  });
});
