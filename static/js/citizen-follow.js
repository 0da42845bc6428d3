// The follow page is never pushed: when its card changes, it is fetched again and morphed, at most four times a second.
const LEAST_MS = 250;
const page = () => document.querySelector("#follow"), board = document.querySelector("#board");
let last = 0, timer;

new MutationObserver((changes) => {
  const mine = page().dataset.follows;
  if (changes.some(({ target, addedNodes }) => [target, ...addedNodes].some((node) => node.id === mine))) refresh();
}).observe(board, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-seq"] });

document.addEventListener("htmx:after:request", ({ target, detail }) => {
  if (target.id !== "say" || !detail.ctx.response?.raw.ok) return;
  target.reset();
  target.querySelector(".wrong").replaceChildren();
  refresh();
});

function refresh() {
  if (timer) return;
  timer = setTimeout(() => {
    timer = undefined;
    last = Date.now();
    htmx.ajax("GET", location.pathname, { source: page(), target: "#follow", select: "#follow", swap: "outerMorph" });
  }, Math.max(0, last + LEAST_MS - Date.now()));
}
