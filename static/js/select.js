// One incident is open. Opening is a GET into the panel; when its card changes the panel is fetched again, at most four times a
// second, and morphed, so that half-typed words stay. The choice lives in a sheet and in the address.
siaga.once("select", () => {
  const panel = document.getElementById("panel");
  let chosen = null, asking = null, again = null, missed = null, spoken = 0, loading = null;
  siaga.chosen = () => chosen;

  async function load(swap) {
    asking?.abort();
    const mine = asking = new AbortController(), id = chosen;
    missed = null;
    try {
      const answer = await fetch(`/incidents/${id}`, { headers: { "HX-Request": "true" }, signal: mine.signal });
      const text = await answer.text();
      if (mine.signal.aborted) return;
      if (answer.status >= 500) missed = swap;
      await htmx.swap({ sourceElement: panel, target: answer.ok ? "#panel" : "#errors", swap: answer.ok ? swap : "innerHTML", text });
      if (!answer.ok) return;
      const thread = panel.querySelector(".thread"), lines = thread?.childElementCount;
      if (thread && (swap === "innerHTML" || lines !== spoken)) thread.scrollTop = thread.scrollHeight;      // the newest words
      spoken = lines;
      siaga.tell("opened", { id, fresh: swap === "innerHTML" });
    } catch (error) {
      if (error.name === "AbortError") return;
      missed = swap;
      siaga.tell("unread", { id });      // the lamp and the blind band say why
    }
  }
  // One at a time: aborting a slow answer for the next change could leave a busy incident without any.
  const refresh = () => { again ??= setTimeout(async () => { await loading; again = null; if (chosen) loading = load(missed ?? "innerMorph"); }, 250); };

  siaga.open = (id, { quiet = false, clicked = false } = {}) => {
    id = String(id);
    if (id !== chosen) {
      chosen = id;
      siaga.sheet("chosen", `#incident-${id}{--card-ground:var(--raised);outline:1px solid color-mix(in oklch,var(--hand) 60%,transparent);outline-offset:-1px}`);
      history.replaceState(null, "", `${location.pathname}?incident=${id}`);
      loading = load("innerHTML").then(() => { panel.scrollTop = 0; });
      siaga.tell("chosen", { id });
    }
    if (!quiet) document.getElementById(`incident-${id}`)?.scrollIntoView({ block: "nearest" });
    if (!quiet || clicked) document.documentElement.setAttribute("data-panel", "");
  };
  siaga.move = by => {
    const seen = siaga.cards().filter(card => card.offsetParent);
    const at = seen.findIndex(card => card.id === `incident-${chosen}`);
    const next = seen[Math.max(0, Math.min(seen.length - 1, at < 0 ? 0 : at + by))];
    if (next) siaga.open(next.id.slice(9));
  };

  document.addEventListener("click", event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("[data-back]")) document.documentElement.removeAttribute("data-panel");
    const link = event.target.closest("[data-open]"), card = event.target.closest("#board > .card");
    if (!link && (!card || event.target.closest("button, form"))) return;
    event.preventDefault();
    link?.closest("dialog")?.close();
    siaga.open(link?.dataset.open ?? card.id.slice(9), { quiet: true, clicked: true });
  });
  siaga.hear("placed", ({ id }) => { if (id === `incident-${chosen}`) refresh(); });
  siaga.hear("acted", ({ id, step, form }) => {
    if (id !== chosen) return;
    if (step === "merge" && form) siaga.open(form.elements.into.value); else refresh();
  });
  siaga.hear("refetched", () => { if (chosen) refresh(); });
  siaga.hear("tick", () => { if (missed) refresh(); });      // nothing rings twice: what a dying server did not answer is asked again

  const asked = new URLSearchParams(location.search).get("incident") ?? location.hash.match(/^#incident-(\d+)$/)?.[1] ??
    panel.querySelector("[data-incident]")?.dataset.incident;
  if (asked) siaga.open(asked);
  else if (matchMedia("(min-width: 1000px)").matches) {
    const first = siaga.cards().find(card => card.dataset.officer === siaga.me()) ?? siaga.cards()[0];
    if (first) siaga.open(first.id.slice(9), { quiet: true });
  }
});
