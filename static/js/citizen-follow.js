// The follow page is never pushed: when its card changes, it is fetched again and morphed, at most four times a second,
// and only while somebody looks. What of it was read is another matter (citizen-read.js).
const LEAST_MS = 250;
const page = () => document.querySelector("#follow");
const board = document.querySelector("#board");
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
