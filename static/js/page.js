// What every behaviour of a screen leans on: the server's time, sheets the page adopts, events between files, words.
// Sheets are where the page writes what it alone decides (mine, chosen, filtered): a pushed element is morphed, so
// anything written on it would be lost or fought over; a sheet outlives every morph. Ages, which change every second,
// are in ages.js.
const sheets = new Map();
const colours = new Map();
export const skipped = new WeakSet(); // what the browser skips, since it is out of sight (content-visibility)

// Runs start(), and whatever falls in it takes no other part along.
export function atOnce(start) {
  try {
    start();
  } catch (error) {
    reportError(error);
  }
}
// A part of a page starts when the page is read. What it gives to others it fills in then: `export let`.
export function once(start) {
  if (document.readyState !== "loading") atOnce(start);
  else document.addEventListener("DOMContentLoaded", () => start(), { once: true });
}

export const tell = (name, detail = {}) => document.dispatchEvent(new CustomEvent(`siaga:${name}`, { detail }));
export const hear = (name, act) => document.addEventListener(`siaga:${name}`, event => act(event.detail));

// The time, as the server has it.
export const server = { skew: 0, now: () => Date.now() + server.skew };

export function sheet(name, rules) {
  if (!sheets.has(name)) {
    sheets.set(name, { sheet: new CSSStyleSheet(), rules: "" });
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheets.get(name).sheet];
  }
  const known = sheets.get(name);
  if (known.rules === rules) return;
  known.rules = rules;
  known.sheet.replaceSync(rules);
}

// word("over", "2:41") is the data-over of #words with its {n} filled in; fill does so with any text. What is no word
// and no number is left out: nobody should hear [object Object].
export const word = (name, value) => fill(document.getElementById("words")?.dataset[name] ?? "", value);
export const fill = (text, values) =>
  text.replace(/\{(\w+)\}/g, (_, key) => {
    const one = values !== null && typeof values === "object" ? values[key] : values;
    return ["string", "number"].includes(typeof one) ? one : "";
  });
// Words that are the same are not written again: each writing costs a layout.
export function write(element, words) {
  if (element.textContent !== String(words)) element.textContent = words;
}

// The cards in the order in which they stand, by their parents: for a selector the browser goes through the page. They
// are gone through again once one came, went or moved: of 500 some fifteen parts ask at each event.
let lists = [];
let cards = null;
const moves = new MutationObserver(() => {
  cards = null;
});
export function onBoard() {
  const now = [document.getElementById("board"), ...document.getElementsByClassName("thens")].filter(Boolean);
  const same = now.length === lists.length && now.every((list, at) => list === lists[at]);
  if (cards && same && !moves.takeRecords().length) return cards; // what moved in this very task is known to it as well
  if (!same) {
    moves.disconnect();
    for (const list of now) moves.observe(list, { childList: true });
  }
  lists = now;
  cards = Object.freeze(
    now.flatMap(({ children }) =>
      [...children].filter(({ classList }) => classList.contains("card") || classList.contains("then")),
    ),
  );
  return cards;
}
export const myself = () => document.getElementById("console")?.dataset.me;

// A token of tokens.css as a colour that a canvas understands, in the theme of now. Asked once: each asking restyles
// the page.
export function colour(token) {
  if (colours.has(token)) return colours.get(token);
  const probe = document.documentElement.appendChild(document.createElement("i"));
  probe.style.color = `var(${token})`;
  colours.set(token, getComputedStyle(probe).color);
  probe.remove();
  return colours.get(token);
}

// At most one call of act a frame; in a hidden tab, where frames stop, one a second is enough.
export function frame(act) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    const run = () => {
      if (asked) {
        asked = false;
        act();
      }
    };
    if (document.hidden) setTimeout(run, 50);
    else requestAnimationFrame(run);
  };
}
// The same, once that frame is painted: the list comes first, what is drawn or sounded from it a moment later.
export const after = act => frame(() => setTimeout(act));

atOnce(() => {
  hear("theme", () => colours.clear());
  // Heard from here on: the browser judges while it still reads.
  document.addEventListener("contentvisibilityautostatechange", event => {
    skipped[event.skipped ? "add" : "delete"](event.target);
    tell("seen", { element: event.target, skipped: event.skipped });
  });
});
