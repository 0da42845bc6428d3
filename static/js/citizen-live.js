// The citizen's socket: goes on from what the page shows, and owns up when it hears nothing.
siaga.once("citizen-live", () => {
  const QUIET_MS = 12_000;
  const LOOK_MS = 1_000;
  const board = () => document.getElementById("board");
  let heard = performance.now();
  let state = "gone";

  document.addEventListener("htmx:ws:before:message:incoming", event => {
    heard = performance.now();
    show("well");
    const text = event.detail.message.data;
    if (!text.startsWith("{")) return;
    const { beat, refetch } = JSON.parse(text);
    if (refetch) event.detail.waitUntil(again());
    if (beat?.epoch === board().dataset.epoch) board().dataset.seq = Math.max(beat.seq, board().dataset.seq);
  });
  document.addEventListener("htmx:ws:after:connection", () => {
    heard = performance.now();
    show("well");
  });
  document.addEventListener("htmx:ws:close", event => {
    show("gone");
    if (document.documentElement.hidden) return; // left quickly: where to is decided already
    if (event.detail.code === 4401) location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`);
  });
  addEventListener("offline", () => show("gone"));
  siaga.hear("unreached", () => show("gone"));
  document.addEventListener("htmx:after:swap", () => show(state)); // a morph brings the lamp back as the server drew it
  setInterval(() => {
    if (performance.now() - heard > QUIET_MS) show("gone");
  }, LOOK_MS);

  async function again() {
    const fresh = await siaga.page(location.href);
    if (fresh?.getElementById("board")) siaga.relist(fresh, "board");
    else if (!document.documentElement.hidden) location.reload(); // it is not there any more: the server says so
  }

  function show(next) {
    if (!navigator.onLine) next = "gone";
    state = document.documentElement.dataset.live = next;
    const lamp = document.getElementById("lamp");
    if (!lamp) return;
    lamp.hidden = false;
    lamp.dataset.is = next;
    const words = lamp.querySelector("span");
    const said = lamp.dataset[next];
    if (words.textContent !== said) words.textContent = said;
  }
});
