// The line to the server, the same for console, desk, partner, wall and phone: it goes on from what the page shows,
// keeps the server's time, and knows when nothing is heard any more. A page only says what it shows of that.
import { atOnce, hear, server, tell } from "./page.js";
import { freshPage, relist } from "./place.js";

const WEAK_MS = 7_500;
const QUIET_MS = 12_000;
const LET_OUT = 4401; // the close code of a session that has ended
let line = null;

// The one thing that a screen says: what it did with its alarms (receipts.js). Was there a line to say it on?
export function answer(text) {
  if (line?.socket?.readyState !== WebSocket.OPEN) return false;
  line.socket.send(text);
  return true;
}

// Heard from here on, not from DOMContentLoaded: htmx, which is read first, connects then, and a connection that does
// not say where it left off is told to fetch the whole list anew.
atOnce(() => {
  document.addEventListener("htmx:ws:after:connection", ({ detail: { connection } }) => {
    line = connection;
    tell("joined");
  });
  document.addEventListener("htmx:ws:before:connection", ({ detail: { connection } }) => {
    const board = document.getElementById("board");
    const url = new URL(connection.url);
    if (!board) return;
    url.searchParams.set("after", board.dataset.seq);
    url.searchParams.set("epoch", board.dataset.epoch);
    connection.url = url.href;
  });
});

// shows(state, heardAt, quiet) is told at every word, at every change and, while blind, every second: "well", "cut"
// (the socket closed), "weak" (a beat is missing) or "gone" (blind), since when, and for how long. What came too fast
// to be told is read anew: `lists` of the page at `path`, and `rereads` for more of it; `lost` when that page is not
// for this viewer any more, `out` when the session has ended. `beats` hears each beat.
export function follow({ shows, path, lists, rereads = () => {}, lost, out, beats = () => {} }) {
  let heard = performance.now();
  let heardAt = server.now();
  let state = "cut";
  const quiet = () => performance.now() - heard;
  const become = next => {
    state = next;
    shows(state, heardAt, quiet());
  };

  async function again() {
    const fresh = await freshPage(path());
    if (!fresh?.getElementById("board")) return lost();
    rereads(fresh);
    relist(fresh, ...lists);
  }
  document.addEventListener("htmx:ws:before:message:incoming", event => {
    heard = performance.now();
    heardAt = server.now();
    become("well");
    const text = event.detail.message.data;
    if (!text.startsWith("{")) return;
    const { beat, refetch } = JSON.parse(text);
    if (refetch) event.detail.waitUntil(again());
    if (!beat) return;
    server.skew = Date.parse(beat.at) - Date.now();
    // The hub beats only to screens that have been sent everything up to this number, on this same socket.
    const { dataset } = document.getElementById("board");
    if (beat.epoch === dataset.epoch) dataset.seq = Math.max(beat.seq, dataset.seq);
    beats(beat);
  });
  document.addEventListener("htmx:ws:close", ({ detail: { code } }) => {
    if (code === LET_OUT) out();
    if (state !== "gone") become("cut");
  });
  hear("tick", () => {
    if (quiet() > QUIET_MS) become("gone");
    else if (quiet() > WEAK_MS && state === "well") become("weak");
  });
  return { lose: () => become("gone") };
}
