// Keys. A thing names its key by data-key (console/pages/keyboard.py is the list of all); the open window comes
// first, then what stands over the map, the panel if it shows what is chosen, the page. Never while typing, and
// nothing repeats while a key is held, but walking. Whoever wants no single keys has them with Alt, or not at all:
// what is dictated, scanned or trodden upon then does nothing.
import { choice } from "./choice.js";
import { fill, once, tell } from "./page.js";

export let printed;
export let keyOf;
export let dumb;
export let lost;
export let press;
// What a key does on this page, before anything that names it: each part adds its own. `digit` takes the digits, and
// `early` what nothing answers to.
export const does = {};

const named = key => `[data-key="${CSS.escape(key)}"]`;
// What is seen, else what its menu holds.
export const within = (place, key) =>
  place &&
  ([...place.querySelectorAll(named(key))].find(one => one.checkVisibility()) ??
    place.querySelector(`.menu ${named(key)}`));

once(() => {
  const root = document.documentElement;
  const WALKS = ["j", "k", "ArrowDown", "ArrowUp"];
  const BREATH = 1_500;
  const typing = target =>
    target.closest("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button])");
  let until = 0; // when keys mean something again
  // What a key led to, whose letters and digits come next; where it led nowhere, they are no keys of the page.
  const led = () =>
    document.querySelector(".menu:popover-open") ||
    document.activeElement?.closest("[data-walk]") ||
    typing(document.activeElement);
  lost = key => {
    if (means(key)?.matches("[data-writes], [data-leads]") && !led()) dumb();
  };
  const means = key => document.querySelector(`#keys [data-means="${CSS.escape(key)}"]`);
  printed = key =>
    means(key)?.dataset.place === undefined || /^\d/.test(key) ? key.toUpperCase() : means(key).textContent.trim();

  // The letter, sign or name that this press means to this person; "" when it means nothing. A letter with Shift is a
  // capital.
  keyOf = ({ key, code, altKey, shiftKey, ctrlKey, metaKey, isComposing }) => {
    if (ctrlKey || metaKey || isComposing) return "";
    if (key.length > 1) return altKey ? "" : key;
    if (root.dataset.keys === "off" || altKey !== (root.dataset.keys === "alt")) return "";
    const sign = altKey && !/[ -~]/.test(key) ? code.at(-1) : key;
    return shiftKey ? sign.toUpperCase() : sign.toLowerCase();
  };

  // What one was typing into has gone, or was not to be had: the rest of the words must not become keys. They are again
  // after a breath, or Esc, or a press.
  dumb = () => {
    until = performance.now() + BREATH;
  };
  addEventListener(
    "pointerdown",
    () => {
      until = 0;
    },
    true,
  );

  function find(key) {
    const modal = document.querySelector("dialog:modal, dialog[data-docked][open]");
    if (modal) return within(modal, key);
    const elsewhere = [...document.querySelectorAll(named(key))].find(
      one => one.checkVisibility() && !one.closest("#panel, #board"),
    );
    return (
      within(document.getElementById("stage-over"), key) ??
      within(choice.settled(), key) ??
      elsewhere ??
      document.querySelector(`#me ${named(key)}, #lock-now${named(key)}`)
    );
  }
  // What is there and cannot be pressed says why.
  function refuse(key, element) {
    const errors = document.getElementById("errors");
    const why = document.getElementById(element.getAttribute("aria-describedby"));
    errors.textContent = why?.textContent.trim() || fill(errors.dataset.unable, printed(key));
  }
  press = key => {
    const element = find(key);
    if (element) tell("pressed", { key });
    if (element?.disabled) refuse(key, element);
    else if (element?.matches("[data-walk]")) tell("walk", { list: element });
    else if (element?.matches("textarea, select, input:not([type=checkbox], [type=radio])")) {
      element.focus();
      element.select?.();
    } else element?.click();
    return Boolean(element);
  };

  const answer = key => {
    if (!does[key]) return press(key);
    does[key]();
    return true;
  };

  // Esc leaves what stands nearest: a window beside the map, a field, the panel on a narrow screen. Modal ones the
  // browser closes.
  function leave(target) {
    const beside = document.querySelector("dialog[open]:not(:modal, .lock)");
    if (document.querySelector("dialog:modal, :popover-open")) return;
    if (beside) {
      beside.close();
      if (beside.contains(document.activeElement)) document.activeElement.blur();
    } else if (target.closest("input, select, textarea, [data-walk]")) {
      target.blur();
      document.getElementById("panel")?.focus({ preventScroll: true });
    } else {
      root.removeAttribute("data-panel");
      tell("left");
    }
  }

  document.addEventListener("keydown", event => {
    const { target } = event;
    if (event.repeat && event.key === "Enter" && !target.closest("textarea")) event.preventDefault();
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && !event.repeat)
      return target.closest("form")?.requestSubmit();
    if (event.timeStamp < until && event.key !== "Escape") {
      until = event.timeStamp + BREATH;
      return;
    } // pressed then, however late we hear of it
    until = 0;
    const key = keyOf(event);
    const walks = WALKS.includes(key);
    if (document.querySelector(".menu:popover-open")) return; // walk.js has taken what is for it
    if (!key || event.defaultPrevented) return;
    if (key === "Escape") return leave(target);
    if (typing(target) || (event.repeat && !walks)) return;
    if (
      key.startsWith("Arrow") &&
      target.closest(".map, dialog, [role=log], .diary, .menu, .panel-open *, [type=radio]")
    )
      return;
    const modal = document.querySelector("dialog:modal, dialog[data-docked][open]");
    const done = /^\d$/.test(key) ? does.digit?.(Number(key)) : modal ? press(key) : answer(key);
    if (done || (!modal && does.early?.(key))) event.preventDefault();
    lost(key);
  });
});
