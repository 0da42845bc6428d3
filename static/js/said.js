// One line of what a colleague just did, read from the difference a push made. No box to close: it leaves by itself.
siaga.once("said", () => {
  const line = document.getElementById("said");
  const words = line.querySelector("span");
  const ago = line.querySelector("time");
  const MINE = 5_000;
  const acting = new Map(); // incident → when I last acted on it, or was answered: my own doing is no news
  let at = 0;

  for (const news of ["acting", "answered"]) siaga.hear(news, ({ id }) => acting.set(`incident-${id}`, siaga.now()));

  function step({ id, node, before, gone }) {
    if (!before?.what || siaga.acting(id.slice(9)) || siaga.now() - (acting.get(id) ?? 0) < MINE) return null;
    if (gone) return "gone";
    const { status, officer, partnerGone } = node.dataset;
    if (partnerGone && partnerGone !== before.partnerGone) return "partner";
    // the receiver's own banner says it
    if (node.dataset.given && node.dataset.given !== before.given) return officer === siaga.me() ? null : "gave";
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
    at = siaga.now();
    ago.textContent = "";
    line.hidden = false;
    siaga.announce?.(words.textContent); // told once, elsewhere: this line and its age tick in silence
  }
  siaga.hear("placed", change => {
    const what = change.list.id === "board" && step(change);
    const { node, before } = change;
    if (!what) return;
    const values = {
      who: [node?.querySelector(".card-holder b")?.textContent.trim() ?? ""],
      what: [before.what],
      by: [node?.dataset.giver ?? ""],
      partner: [node?.dataset.partnerGone ?? ""],
      n: node?.dataset.personnel,
    };
    say(line.dataset[what].split(/(\{\w+\})/).map(part => values[part.slice(1, -1)] ?? part));
  });
  // What changes no status (a note, a word to the reporter) is read from the newest line of the open diary.
  let newest = "";
  siaga.hear("opened", ({ id, fresh }) => {
    const entry = document.querySelector("#panel .diary li");
    const text = `${id} ${entry?.textContent}`;
    if (!fresh && text !== newest && entry?.matches("[data-colleague]")) say([entry.querySelector("span").textContent]);
    newest = text;
  });
  siaga.hear("tick", () => {
    if (line.hidden) return;
    const seconds = Math.round((siaga.now() - at) / 1000);
    ago.textContent =
      seconds < 60 ? siaga.fill(line.dataset.ago, seconds) : siaga.fill(line.dataset.agoMin, Math.floor(seconds / 60));
    if (seconds > 120) line.hidden = true;
  });
});
