// What every behaviour of a screen leans on: the server's time, sheets the page adopts, events between files, words.
// Sheets are where the page writes what it alone decides (mine, chosen, filtered): a pushed element is morphed, so
// anything written on it would be lost or fought over; a sheet outlives every morph. Ages, which change every second,
// are in ages.js.
window.siaga ??= (() => {
  const sheets = new Map();
  const started = new Set();
  const colours = new Map();
  const skipped = new WeakSet();
  document.addEventListener("siaga:theme", () => colours.clear());
  // The socket goes on from what the page shows. Heard from here on, not from DOMContentLoaded: htmx, which is read
  // first, connects then, and a connection that does not say where it left off is told to fetch the whole list anew.
  document.addEventListener("htmx:ws:before:connection", ({ detail: { connection } }) => {
    const board = document.getElementById("board");
    const url = new URL(connection.url);
    if (!board) return;
    url.searchParams.set("after", board.dataset.seq);
    url.searchParams.set("epoch", board.dataset.epoch);
    connection.url = url.href;
  });
  // What the browser skips, since it is out of sight (content-visibility). Heard from here on too: it judges while it
  // still reads.
  document.addEventListener("contentvisibilityautostatechange", event => {
    skipped[event.skipped ? "add" : "delete"](event.target);
    siaga.tell("seen", { element: event.target, skipped: event.skipped });
  });
  return {
    skipped,
    skew: 0,
    now: () => Date.now() + siaga.skew,
    // Runs start(first) when the page is read, and never twice, however often the script is loaded.
    once(name, start) {
      if (started.has(name)) return;
      started.add(name);
      if (document.readyState === "loading")
        document.addEventListener("DOMContentLoaded", () => start(), { once: true });
      else start();
    },
    sheet(name, rules) {
      if (!sheets.has(name)) {
        sheets.set(name, { sheet: new CSSStyleSheet(), rules: "" });
        document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheets.get(name).sheet];
      }
      const known = sheets.get(name);
      if (known.rules === rules) return;
      known.rules = rules;
      known.sheet.replaceSync(rules);
    },
    tell: (name, detail = {}) => document.dispatchEvent(new CustomEvent(`siaga:${name}`, { detail })),
    hear: (name, act) => document.addEventListener(`siaga:${name}`, event => act(event.detail)),
    // siaga.word("over", "2:41") is the data-over of #words with its {n} filled in; siaga.fill does so with any text.
    // What is no word and no number is left out: nobody should hear [object Object].
    word: (name, value) => siaga.fill(document.getElementById("words")?.dataset[name] ?? "", value),
    fill: (text, values) =>
      text.replace(/\{(\w+)\}/g, (_, key) => {
        const word = values !== null && typeof values === "object" ? values[key] : values;
        return ["string", "number"].includes(typeof word) ? word : "";
      }),
    // Words that are the same are not written again: each writing costs a layout.
    write: (element, words) => {
      if (element.textContent !== String(words)) element.textContent = words;
    },
    cards: () => [...document.querySelectorAll("#board > .card")],
    me: () => document.getElementById("console")?.dataset.me,
    // A token of tokens.css as a colour that a canvas understands, in the theme of now. Asked once: each asking
    // restyles the page.
    colour(token) {
      if (colours.has(token)) return colours.get(token);
      const probe = document.documentElement.appendChild(document.createElement("i"));
      probe.style.color = `var(${token})`;
      colours.set(token, getComputedStyle(probe).color);
      probe.remove();
      return colours.get(token);
    },
    // At most one call of act a frame; in a hidden tab, where frames stop, one a second is enough.
    frame(act) {
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
    },
    // The same, once that frame is painted: the list comes first, what is drawn or sounded from it a moment later.
    after: act => siaga.frame(() => setTimeout(act)),
  };
})();
