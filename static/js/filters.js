// Which cards show: all, mine, new, late; and by priority, status, category, station. Hidden by a sheet, counted from the list.
// What is new and filtered away is never silent: a chip says how many, and one press shows them.
siaga.once("filters", () => {
  const chips = document.getElementById("filters"), narrow = document.getElementById("narrow");
  const narrowed = document.getElementById("narrowed"), missed = document.getElementById("missed");
  const TESTS = {
    all: () => true,
    mine: card => card.dataset.officer === siaga.me() && card.dataset.status !== "new",
    new: card => card.dataset.status === "new",
    late: card => siaga.ages.get(card.id)?.when === "late",
  };
  let show = sessionStorage.getItem("siaga-show") ?? "all";
  const chosen = () => { const data = new FormData(narrow); return { priority: data.getAll("priority"), status: data.get("status"), category: data.get("category"), station: data.get("station") }; };
  const fits = (card, by) => (!by.priority.length || by.priority.includes(card.dataset.priority)) &&
    ["status", "category", "station"].every(name => !by[name] || card.dataset[name] === by[name]);

  const apply = siaga.frame(() => {
    const cards = siaga.cards(), by = chosen();
    const seen = card => TESTS[show](card) && fits(card, by);
    const hidden = cards.filter(card => !seen(card));
    siaga.sheet("filter", hidden.length ? hidden.map(card => `#${card.id}`).join(",") + "{display:none}" : "");
    for (const chip of chips.querySelectorAll("[data-show]")) {
      chip.setAttribute("aria-pressed", chip.dataset.show === show);
      chip.querySelector("b").textContent = cards.filter(TESTS[chip.dataset.show]).length;
    }
    const lost = hidden.filter(TESTS.new).length;
    missed.hidden = !lost;
    missed.querySelector("b").textContent = lost;
    const label = name => by[name] && narrow.elements[name].selectedOptions[0].textContent;
    const words = [by.priority.map(p => `P${p}`).join(" "), label("status"), label("category"), label("station")].filter(Boolean).join(", ");
    narrowed.hidden = !words;
    narrowed.querySelector("span").textContent = words;
    siaga.tell("filtered", { hidden: new Set(hidden.map(card => card.id)) });
  });
  const choose = next => { sessionStorage.setItem("siaga-show", show = next); apply(); };

  document.addEventListener("click", event => {
    const chip = event.target.closest("#filters [data-show]");
    if (chip) choose(chip.dataset.show === show ? "all" : chip.dataset.show);
    if (event.target.closest("#narrowed")) { narrow.reset(); apply(); }
    if (event.target.closest("#missed")) { narrow.reset(); choose("new"); }
  });
  narrow.addEventListener("change", apply);
  narrow.addEventListener("reset", () => setTimeout(apply));
  narrow.addEventListener("submit", event => event.preventDefault());
  siaga.hear("placed", apply);
  siaga.hear("aged", apply);
  const me = siaga.me();
  siaga.sheet("mine", `.card[data-officer="${me}"]:not([data-status="new"]){--bar-ink:var(--hand);--holder-ink:var(--hand);--name:none;--you:"${siaga.word("you")}"}
    #officer-${me}{color:var(--hand);box-shadow:inset 0 0 0 1.5px var(--hand)}`);
  apply();
});
