// What needs the supervisor: by priority, in it what nobody knows of (waits, or was given and is not known yet), in
// that the longest late.
siaga.once("duty-late", () => {
  const list = document.getElementById("late");
  const blank = document.getElementById("late-row").content.firstElementChild;
  const words = list.dataset;
  const well = document.getElementById("well");
  const made = new Map();

  const known = card => (card.dataset.given ? (siaga.unknown(card) ? "no" : "yes") : "");
  const order = card =>
    [card.dataset.priority, card.dataset.status === "new" || siaga.unknown(card) ? 0 : 1, card.dataset.due || "9"].join(
      " ",
    );
  function row(card, late) {
    const id = card.id.slice(9);
    const { status, priority, seq, left } = card.dataset;
    const state = `${seq} ${late} ${known(card)}`;
    const node = made.get(id) ?? blank.cloneNode(true);
    if (node.dataset.state === state) return node;
    made.set(id, node);
    node.id = `late-${id}`;
    Object.assign(node.dataset, { id, state });
    node.querySelector(".mark").dataset.p = priority;
    node.querySelector("use").setAttribute("href", `#m${priority}`);
    node.querySelector("b").textContent = `${siaga.short(card)}, ${siaga.where(card)}`;
    const { since, due } = card.querySelector("time").dataset;
    const target = siaga.span((Date.parse(due) - Date.parse(since)) / 1000);
    const holder = document.querySelector(`#lane-${card.dataset.officer} .lane-who b`)?.textContent ?? "";
    const small = node.querySelector("small");
    const silent = card.classList.contains("card--silent");
    small.textContent = late
      ? siaga.fill(status !== "new" ? words.arrive : left ? words.left : words.take, {
          n: target,
          who: left,
          at: siaga.clock(Date.parse(since)),
        })
      : silent
        ? siaga.fill(words.silent, holder)
        : "";
    small.className = late ? "" : "warn";
    if (siaga.unknown(card)) {
      small.textContent = siaga.fill(words.unknown, { who: holder, at: siaga.clock(Date.parse(card.dataset.given)) });
      small.className = "given";
    }
    if (card.dataset.partnerGone)
      small.textContent = [small.textContent, siaga.fill(words.partner, card.dataset.partnerGone)]
        .filter(Boolean)
        .join(" · ");
    if (silent && late) small.textContent += ` · ${siaga.fill(words.silent, holder)}`;
    siaga.timed(node.querySelector("time"), card);
    const button = node.querySelector("button");
    button.textContent = status === "new" ? words.give : words.move;
    button.dataset.moves = id;
    button.setAttribute("aria-label", `${button.textContent}: ${node.querySelector("b").textContent}`);
    return node;
  }
  const draw = siaga.frame(() => {
    const due = siaga
      .cards()
      .map(card => ({ card, late: siaga.ages.get(card.id)?.when === "late" }))
      .filter(
        ({ card, late }) =>
          late || siaga.unknown(card) || card.dataset.partnerGone || card.classList.contains("card--silent"),
      );
    due.sort((a, b) => order(a.card).localeCompare(order(b.card)));
    const nodes = due.map(({ card, late }) => row(card, late));
    const ids = new Set(due.map(({ card }) => card.id.slice(9)));
    for (const id of made.keys()) if (!ids.has(id)) made.delete(id);
    if (nodes.length !== list.children.length || nodes.some((node, n) => list.children[n] !== node))
      list.replaceChildren(...nodes);
    document.getElementById("late-n").textContent = nodes.length;
    well.hidden = nodes.length > 0;
    list.hidden = !nodes.length;
  });
  siaga.hear("aged", draw);
  siaga.hear("placed", draw);
  siaga.hear("refetched", ({ anew }) => {
    if (anew) made.clear();
    draw();
  });
  draw();
});
