// For 20 seconds after an act done here (one less, for the way there) one press takes it back. The newest act is the one that Z undoes,
// on its own incident, whatever is chosen by then: siaga.undoable({ id, step, words }).
siaga.once("undo", () => {
  const SECONDS = 19, line = document.getElementById("undo"), says = line.querySelector("span"), count = line.querySelector(".num");
  const SAID = ["ask", "note", "reply"], names = new Map();      // incident → what it is called, read before the act: then its card may be gone
  let last = null, until = 0;
  const text = (root, name) => root?.querySelector(name)?.textContent.trim() ?? "";
  const hide = () => { last = null; line.hidden = true; };

  function name(id) {
    const card = document.getElementById(`incident-${id}`), open = document.getElementById(`incident-open-${id}`);
    const [what, where] = card ? [text(card, ".card-what"), text(card, ".card-where")] : [text(open, "h1"), text(open, ".inc-place span")];
    return [what, where.split(" · ")[0]].filter(Boolean).join(", ");
  }
  siaga.undoable = ({ id, step, words }) => {
    last = { id: String(id), step };
    until = performance.now() + SECONDS * 1000;
    siaga.write(says, words);
    siaga.write(count, SECONDS);
    line.hidden = false;
    if (step !== "claim") siaga.announce?.(words);         // a claim is told as what one holds now (announce.js); the seconds are told to nobody
  };
  siaga.hear("acting", ({ id }) => { if (id) names.set(id, name(id)); });
  siaga.hear("acted", ({ id, step, sent }) => {
    const n = sent?.getAll("personnel").reduce((sum, part) => sum + Number(part), 0);
    if (line.dataset[step]) siaga.undoable({ id, step, words: siaga.fill(line.dataset[step], { what: names.get(id), n }) });
    else if (last?.id === id && !SAID.includes(step)) hide();
  });
  line.querySelector("button").addEventListener("click", () => {
    const { id, step } = last;
    hide();
    siaga.act(id, "undo", { step });
  });
  siaga.hear("tick", () => {
    const left = Math.ceil((until - performance.now()) / 1000);
    if (line.hidden) return;
    siaga.write(count, left);
    if (left <= 0) hide();
  });
});
