// What was given to me, or taken from me, and I have not said that I know. The cards say that there is something (data-untold); who, and why, is
// fetched. It sounds in a way of its own and stays, also after a reload, until Enter or "Dilihat": then the case is opened and acknowledged.
siaga.once("handed", () => {
  const EVERY = 10, list = document.getElementById("handed"), me = siaga.me(), said = new Set();
  let shown = "";

  const mine = () => siaga.cards().filter(card => (card.dataset.untold ?? "").split(" ").includes(me)).map(card => card.id.slice(9));
  async function fetchAnew(ids) {
    const answer = await fetch("/handed", { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok) return void setTimeout(() => { shown = ""; }, 5_000);      // locked, or not answered: asked again
    await htmx.swap({ sourceElement: list, target: "#handed", swap: "innerMorph", text: await answer.text() });
    list.hidden = !list.children.length;
    for (const row of list.children) {
      const words = row.querySelector(".hand-says").textContent.replace(/\s+/g, " ").trim(), key = `${row.id} ${words}`;
      if (!said.has(key)) siaga.announce?.(words);
      said.add(key);
    }
  }
  const look = siaga.frame(() => {
    const ids = mine(), now = ids.join(" ");
    if (now === shown) return;
    shown = now;
    if (ids.length) fetchAnew(ids); else { list.replaceChildren(); list.hidden = true; }
  });
  siaga.alarm(() => mine().map(id => ({ key: `handed-${id}`, kind: "handed", tone: "handed", every: EVERY, urgency: 1.5 })));
  for (const news of ["placed", "refetched", "tick"]) siaga.hear(news, look);
  siaga.hear("acted", ({ id, step }) => {
    if (step !== "acknowledge") return;
    document.getElementById(`hand-${id}`)?.remove();       // at once; the card's own news follows
    list.hidden = !list.children.length;
    siaga.open?.(id);
  });
  document.addEventListener("keydown", event => {
    const busy = event.target.closest?.("a, button, input, select, textarea, summary, [contenteditable], [role=button]") || document.querySelector("dialog:modal, :popover-open");
    if (event.key !== "Enter" || event.repeat || event.ctrlKey || event.altKey || event.metaKey || busy || list.hidden) return;
    event.preventDefault();
    list.querySelector("form")?.requestSubmit();
  });
  look();
});
