// Which card C takes: the chosen one if it waits, else the first that waits and is shown, else the first that waits. It
// alone is filled and says so; a sheet of the page, since it is the page that knows what is chosen.
siaga.once("next", () => {
  let hidden = new Set();
  let marked = "";
  siaga.next = () => {
    const waits = card => card?.dataset.status === "new";
    const chosen = document.getElementById(`incident-${siaga.chosen?.()}`);
    if (waits(chosen)) return chosen;
    const waiting = siaga.heads().filter(waits);
    return waiting.find(card => !hidden.has(card.id)) ?? waiting[0] ?? null;
  };
  const mark = () => {
    const id = siaga.next()?.id ?? "";
    if (id === marked) return;
    marked = id;
    siaga.sheet("next", id && `#${id}{--take:flex;--aside:none;--fill:var(--next)}`);
  };
  siaga.hear("filtered", seen => {
    hidden = seen.hidden;
    mark();
  });
  siaga.hear("chosen", mark);
  mark();
});
