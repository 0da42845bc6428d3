// Keys. A thing names its key by data-key (console/pages/keyboard.py is the list of all); the open window comes
// first, then what stands over the map, the panel if it shows what is chosen, the page. Never while typing, and
// nothing repeats while a key is held, but walking. Whoever wants no single keys has them with Alt, or not at all:
// what is dictated, scanned or trodden upon then does nothing.
siaga.once("keys", () => {
  const root = document.documentElement;
  const WALKS = ["j", "k", "ArrowDown", "ArrowUp"];
  const BREATH = 1_500;
  const typing = target =>
    target.closest("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button])");
  let dumb = 0; // until when keys mean nothing
  const means = key => document.querySelector(`#keys [data-means="${CSS.escape(key)}"]`);
  siaga.printed = key =>
    means(key)?.dataset.place === undefined || /^\d/.test(key) ? key.toUpperCase() : means(key).textContent.trim();
  const named = key => `[data-key="${CSS.escape(key)}"]`;
  const panel = () => (siaga.settled ? siaga.settled() : document.getElementById("panel"));
  // What is seen, else what its menu holds.
  const within = (place, key) =>
    place &&
    ([...place.querySelectorAll(named(key))].find(one => one.checkVisibility()) ??
      place.querySelector(`.menu ${named(key)}`));

  // The letter, sign or name that this press means to this person; "" when it means nothing. A letter with Shift is a
  // capital.
  siaga.key = ({ key, code, altKey, shiftKey, ctrlKey, metaKey, isComposing }) => {
    if (ctrlKey || metaKey || isComposing) return "";
    if (key.length > 1) return altKey ? "" : key;
    if (root.dataset.keys === "off" || altKey !== (root.dataset.keys === "alt")) return "";
    const sign = altKey && !/[ -~]/.test(key) ? code.at(-1) : key;
    return shiftKey ? sign.toUpperCase() : sign.toLowerCase();
  };

  // What one was typing into has gone, or was not to be had: the rest of the words must not become keys. They are again
  // after a breath, or Esc, or a press.
  siaga.dumb = () => {
    dumb = performance.now() + BREATH;
  };
  addEventListener(
    "pointerdown",
    () => {
      dumb = 0;
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
      within(panel(), key) ??
      elsewhere ??
      document.querySelector(`#me ${named(key)}, #lock-now${named(key)}`)
    );
  }
  // What is there and cannot be pressed says why.
  function refuse(key, element) {
    const errors = document.getElementById("errors");
    const why = document.getElementById(element.getAttribute("aria-describedby"));
    errors.textContent = why?.textContent.trim() || siaga.fill(errors.dataset.unable, siaga.printed(key));
  }
  siaga.press = key => {
    const element = find(key);
    if (element) siaga.pressed = key;
    if (element?.disabled) refuse(key, element);
    else if (element?.matches("[data-walk]")) siaga.walk(element);
    else if (element?.matches("textarea, select, input:not([type=checkbox], [type=radio])")) {
      element.focus();
      element.select?.();
    } else element?.click();
    return Boolean(element);
  };

  // The chosen one, if it waits or its holder has fallen silent; else the first that waits, which then is chosen. Not
  // while an act on the chosen one is not shown yet: a second press would take the next that waits. What the panel
  // offers is of the chosen one, and may be newer than its card.
  function claim() {
    if (siaga.settling()) return siaga.still();
    if (!siaga.reading() && within(siaga.settled(), "c")) return siaga.press("c");
    const chosen = document.getElementById(`incident-${siaga.chosen?.()}`);
    const silent = chosen?.matches(".card--silent");
    if (!chosen && siaga.press("c")) return; // open, but not on the board
    const card = silent ? chosen : siaga.next?.();
    const id = card?.id.slice(9);
    if (!id) return;
    siaga.open(id);
    siaga.act(id, silent ? "reclaim" : "claim");
  }
  // What this page has of it: elsewhere arrows scroll, and letters are nobody's.
  const PAGE = {
    j: ["move", 1],
    k: ["move", -1],
    ArrowDown: ["move", 1],
    ArrowUp: ["move", -1],
    n: ["file"],
    s: ["hush"],
    z: ["undo"],
  };
  function does(key) {
    const [name, by] = PAGE[key] ?? [];
    if (key === "c" && siaga.open) claim();
    else if (siaga[name]) siaga[name](by);
    else return siaga.press(key);
    return true;
  }

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
    } else root.removeAttribute("data-panel");
  }

  document.addEventListener("keydown", event => {
    const { target } = event;
    if (event.repeat && event.key === "Enter" && !target.closest("textarea")) event.preventDefault();
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && !event.repeat)
      return target.closest("form")?.requestSubmit();
    if (event.timeStamp < dumb && event.key !== "Escape") {
      dumb = event.timeStamp + BREATH;
      return;
    } // pressed then, however late we hear of it
    dumb = 0;
    const key = siaga.key(event);
    const walks = WALKS.includes(key);
    if (!key || event.defaultPrevented) return;
    if (key === "Escape") return leave(target);
    if (typing(target) || (event.repeat && !walks)) return;
    if (
      key.startsWith("Arrow") &&
      target.closest(".map, dialog, [role=log], .diary, .menu, .panel-open *, [type=radio]")
    )
      return;
    const modal = document.querySelector("dialog:modal, dialog[data-docked][open]");
    const done = /^\d$/.test(key) ? siaga.digit?.(Number(key)) : modal ? siaga.press(key) : does(key);
    if (done || (!modal && siaga.early?.(key))) event.preventDefault();
    if (means(key)?.matches("[data-writes]") && !typing(document.activeElement)) siaga.dumb();
  });
});
