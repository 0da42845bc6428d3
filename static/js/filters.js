// Which cards show: all, mine, late; and by priority, status, category, station. Hidden by a sheet, counted from the
// list. What is new and filtered away is never silent: a chip says how many, and one press shows them.
import { ageOf } from "./ages.js";
import { frame, hear, myself, onBoard, once, sheet, tell, word, write } from "./page.js";
import { queue } from "./queue.js";

once(() => {
  const chips = document.getElementById("filters");
  const narrow = document.getElementById("narrow");
  const narrowed = document.getElementById("narrowed");
  const missed = document.getElementById("missed");
  const NEW = '[data-status="new"]';
  // Each as a selector, so that the sheet stays as it is when a card comes: a sheet that names 500 cards costs 100 ms
  // to change.
  const lates = () =>
    onBoard()
      .filter(card => ageOf(card.id)?.when === "late")
      .map(card => `#${card.id}`);
  const SHOW = {
    all: () => ".card",
    mine: () => `[data-officer="${myself()}"]:not(${NEW})`,
    late: () => `:is(${lates()})`,
  };
  let show = sessionStorage.getItem("siaga-show");
  if (!(show in SHOW)) show = "all";
  const chosen = () => {
    const data = new FormData(narrow);
    return {
      priority: data.getAll("priority"),
      status: data.get("status"),
      category: data.get("category"),
      station: data.get("station"),
    };
  };
  const fits = ({ priority, ...others }) =>
    (priority.length ? `:is(${priority.map(p => `[data-priority="${p}"]`)})` : "") +
    Object.entries(others)
      .map(([name, value]) => value && `[data-${name}="${CSS.escape(value)}"]`)
      .join("");
  const stands = card => queue.leader(card) === card; // a burst is one row
  const matching = selector => onBoard().filter(card => card.matches(selector));

  const apply = frame(() => {
    const by = chosen();
    const seen = `${SHOW[show]()}${fits(by)}`;
    const away = `.card:not(${seen})`;
    const hidden = seen === ".card" ? [] : matching(away);
    sheet("filter", seen === ".card" ? "" : `#board > ${away}{display:none}`);
    for (const chip of chips.querySelectorAll("[data-show]")) {
      chip.setAttribute("aria-pressed", chip.dataset.show === show);
      write(chip.querySelector("b"), matching(SHOW[chip.dataset.show]()).filter(stands).length);
    }
    const lost = hidden.filter(card => card.matches(NEW) && stands(card)).length;
    missed.hidden = !lost;
    write(missed.querySelector("b"), lost);
    const label = name => by[name] && narrow.elements[name].selectedOptions[0].textContent;
    const words = [by.priority.map(p => `P${p}`).join(" "), label("status"), label("category"), label("station")]
      .filter(Boolean)
      .join(", ");
    narrowed.hidden = !words;
    write(narrowed.querySelector("span"), words);
    tell("filtered", { hidden: new Set(hidden.map(card => card.id)) });
  });
  const choose = next => {
    show = next;
    sessionStorage.setItem("siaga-show", show);
    apply();
  };

  document.addEventListener("click", event => {
    const chip = event.target.closest("#filters [data-show]");
    if (chip) choose(chip.dataset.show === show ? "all" : chip.dataset.show);
    if (event.target.closest("#narrowed")) {
      narrow.reset();
      apply();
    }
    if (event.target.closest("#missed")) {
      narrow.reset();
      choose("all");
      document.getElementById("queue-list").scrollTop = 0;
    }
  });
  narrow.addEventListener("change", apply);
  narrow.addEventListener("reset", () => setTimeout(apply));
  narrow.addEventListener("submit", event => event.preventDefault());
  hear("placed", apply);
  hear("aged", apply);
  const me = myself();
  sheet(
    "mine",
    `.card[data-officer="${me}"]:not([data-status="new"]){
      --bar-ink:var(--hand);--holder-ink:var(--hand);--name:none;--you:"${word("you")}"}
    #officer-${me}{order:-2;color:var(--hand);box-shadow:inset 0 0 0 1.5px var(--hand)}`,
  );
  apply();
});
