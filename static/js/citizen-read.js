// Read is what was read: a message counts once it stood before somebody's eyes for a second, on a page that is in
// front; that the page was loaded says nothing. What is above an unread one and was never seen is not counted as read.
const LOOK_MS = 1000;
const MARKED_MS = 60_000; // what was new stays marked so long after it was read
const COVERED = "-136px 0px 0px 0px"; // 110, and beneath it the band of what is new
const MOST_OF_IT = 0.75;
const looks = new Map(); // line → its second that runs
const seen = new Set(); // ids of lines
const read = new Map(); // id of a line → when the server knew
let told = 0;
let going = false;

const numberOf = line => Number(line.id.slice("line-".length));
const unread = () => [...document.querySelectorAll(".bubble[data-new]")].filter(line => !read.has(line.id));
const watch = new IntersectionObserver(
  entries => {
    for (const { target, intersectionRatio, intersectionRect, rootBounds } of entries) {
      const tall = rootBounds && intersectionRect.height > rootBounds.height / 2;
      intersectionRatio > MOST_OF_IT || tall ? begin(target) : end(target);
    }
  },
  { rootMargin: COVERED, threshold: [0, 0.2, 0.4, 0.6, 0.8, 1] },
);

function begin(line) {
  if (document.hidden || looks.has(line)) return;
  const over = () => {
    seen.add(line.id);
    send();
  };
  looks.set(line, setTimeout(over, LOOK_MS));
}
function end(line) {
  clearTimeout(looks.get(line));
  looks.delete(line);
}

// Up to the first that nobody saw.
async function send() {
  const lines = unread();
  const missed = lines.findIndex(line => !seen.has(line.id));
  const done = missed < 0 ? lines : lines.slice(0, missed);
  if (going || !done.length || numberOf(done.at(-1)) <= told) return;
  going = true;
  const seq = numberOf(done.at(-1));
  const ids = done.map(line => line.id);
  const answer = await fetch(`${location.pathname}/read`, {
    method: "POST",
    body: new URLSearchParams({ seq }),
    headers: { "HX-Request": "true" },
  }).catch(() => null);
  going = false;
  if (!answer?.ok) return; // it is said with the next look, or once there is a line again
  told = seq;
  for (const id of ids) read.set(id, performance.now());
  send();
}

function look() {
  for (const line of looks.keys()) end(line);
  watch.disconnect();
  for (const line of unread()) watch.observe(line); // it says at once what is in sight
}

// The server draws what was read without its mark: it goes a minute later.
function mark() {
  for (const [id, at] of read)
    document.getElementById(id)?.toggleAttribute("data-new", performance.now() - at < MARKED_MS);
}

for (const news of ["visibilitychange", "htmx:ws:after:connection"]) document.addEventListener(news, look);
document.addEventListener("htmx:after:swap", () => {
  mark();
  for (const line of unread()) watch.observe(line);
});
// The way there opens what is folded, in Mode senyap the talk itself.
document.addEventListener("click", event => {
  const way = event.target.closest("#heard a");
  const line = way && document.querySelector(way.hash);
  if (!line) return;
  event.preventDefault();
  for (let fold = line.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  line.tabIndex = -1;
  line.focus({ preventScroll: true });
  line.scrollIntoView({ block: "center" });
});
look();
