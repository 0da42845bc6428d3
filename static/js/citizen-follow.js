// The follow page is never pushed: when its card changes, it is fetched again and morphed, at most four times a second,
// and only while somebody looks, since fetching it tells the officers that it was read.
const LEAST_MS = 250;
const FRESH_MS = 60_000;
const page = () => document.querySelector("#follow");
const board = document.querySelector("#board");
const fresh = new Map(); // id of a line nobody had read → when this page first showed it
let last = 0;
let timer;
let missed = false;

new MutationObserver(changes => {
  const mine = page().dataset.follows;
  if (changes.some(({ target, addedNodes }) => [target, ...addedNodes].some(node => node.id === mine))) refresh();
}).observe(board, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-seq"] });
// it changed before this script came
if (document.getElementById(page().dataset.follows)?.dataset.seq !== page().dataset.shows) refresh();
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && missed) refresh();
});
document.addEventListener("htmx:after:swap", mark);
mark();

document.addEventListener("siaga:said", refresh);

function refresh() {
  missed = document.hidden;
  if (timer || missed) return;
  timer = setTimeout(
    () => {
      timer = undefined;
      last = performance.now();
      htmx.ajax("GET", location.pathname, { source: page(), target: "#follow", select: "#follow", swap: "outerMorph" });
    },
    Math.max(0, last + LEAST_MS - performance.now()),
  );
}

// New stays new for a minute: the server counts a line as read once it was sent here.
function mark() {
  for (const line of document.querySelectorAll(".bubble[data-new]"))
    if (!fresh.has(line.id)) fresh.set(line.id, performance.now());
  for (const [id, at] of fresh)
    document.getElementById(id)?.toggleAttribute("data-new", performance.now() - at < FRESH_MS);
}
