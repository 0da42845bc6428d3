// One line of what a colleague just did, read from the difference a push made, and of every word that the reporter or a
// partner wrote on a case one holds: H opens it. No box to close: it leaves by itself.
import { acting } from "./act.js";
import { announce } from "./announce.js";
import { choice } from "./choice.js";
import { fill, hear, myself, once, server } from "./page.js";

once(() => {
  const line = document.getElementById("said");
  const words = line.querySelector("span");
  const ago = line.querySelector("time");
  const open = line.querySelector("button");
  let about = null; // the case that the line is about, while it can be opened
  const MINE = 5_000;
  const lately = new Map(); // incident → when I last acted on it, or was answered: my own doing is no news
  let at = 0;

  for (const news of ["acting", "answered"]) hear(news, ({ id }) => lately.set(`incident-${id}`, server.now()));

  // Words are news however lately one acted oneself.
  function wrote({ node, before }) {
    if (!node || node.dataset.officer !== myself()) return null;
    const { written, replied } = node.dataset;
    if (Number(written) > Number(before?.written ?? 0)) return "wrote";
    return replied && replied !== before?.replied ? "replied" : null;
  }
  function step({ id, node, before, gone }) {
    if (!before?.what || acting(id.slice(9)) || server.now() - (lately.get(id) ?? 0) < MINE) return null;
    if (gone) return "gone";
    const { status, officer, partnerGone } = node.dataset;
    if (partnerGone && partnerGone !== before.partnerGone) return "partner";
    // the receiver's own banner says it
    if (node.dataset.given && node.dataset.given !== before.given) return officer === myself() ? null : "gave";
    if (status !== before.status)
      return { claimed: "claimed", dispatched: "dispatched", on_scene: "onScene", new: "new" }[status];
    return officer !== before.officer ? "moved" : null;
  }
  // parts: text, and [text] for what stands out
  function say(parts) {
    words.replaceChildren(
      ...parts.map(part => {
        if (typeof part === "string") return part;
        const strong = document.createElement("b");
        strong.textContent = part[0];
        return strong;
      }),
    );
    at = server.now();
    ago.textContent = "";
    line.hidden = false;
    open.hidden = !about;
    announce(words.textContent); // told once, elsewhere: this line and its age tick in silence
  }
  hear("placed", change => {
    const what = change.list.id === "board" && (wrote(change) ?? step(change));
    const { node, before } = change;
    if (!what) return;
    const values = {
      who: [node?.querySelector(".card-holder b")?.textContent.trim() ?? ""],
      what: [before?.what ?? ""],
      where: [node?.querySelector(".card-where")?.textContent.trim() ?? ""],
      by: [node?.dataset.giver ?? ""],
      partner: [(what === "wrote" ? node?.dataset.writer : node?.dataset.partnerGone) ?? ""],
      n: node?.dataset.personnel,
    };
    about = node && change.id.slice(9) !== choice.id() ? change.id.slice(9) : null;
    say(line.dataset[what].split(/(\{\w+\})/).map(part => values[part.slice(1, -1)] ?? part));
  });
  // What changes no status (a note, a word to the reporter) is read from the newest line of the open diary.
  let newest = "";
  hear("opened", ({ id, fresh }) => {
    const entry = document.querySelector("#panel .diary li");
    const text = `${id} ${entry?.textContent}`;
    if (!fresh && text !== newest && entry?.matches("[data-colleague]")) {
      about = null;
      say([entry.querySelector("span").textContent]);
    }
    newest = text;
  });
  open.addEventListener("click", () => {
    if (about) choice.open(about);
    open.hidden = true;
  });
  hear("tick", () => {
    if (line.hidden) return;
    const seconds = Math.round((server.now() - at) / 1000);
    ago.textContent =
      seconds < 60 ? fill(line.dataset.ago, seconds) : fill(line.dataset.agoMin, Math.floor(seconds / 60));
    if (seconds > 120) line.hidden = true;
  });
});
