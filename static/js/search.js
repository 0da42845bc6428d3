// The search: its hits stand under the field, which walks them by arrows; Enter opens the chosen one, at once the first
// when they are not there yet; Esc gives the queue back. What waits is never covered: how many, how late, and the card
// that C takes stay above. An answer to other words than the newest is dropped, and a hit whose case changes is asked
// for anew, so that none says what is over.
import { ageOf } from "./ages.js";
import { choice } from "./choice.js";
import { nextUp } from "./next.js";
import { fill, frame, hear, onBoard, once, sheet, write } from "./page.js";
import { queue } from "./queue.js";

once(() => {
  const field = document.getElementById("q");
  const section = document.getElementById("queue");
  const found = document.getElementById("found");
  const strip = document.getElementById("waits");
  let at = 0;
  let opens = false;
  let newest = null; // the request whose answer is wanted
  let shown = ""; // the words that the hits answer
  let chosen = "";
  const hits = () => [...found.querySelectorAll("[role=option]")];
  const answered = () => found.querySelector(".hits")?.dataset.q.trim() === field.value.trim();

  function choose(n) {
    const all = hits();
    at = Math.max(0, Math.min(all.length - 1, n));
    all.forEach((hit, here) => hit.setAttribute("aria-selected", here === at));
    chosen = all[at]?.id ?? "";
    all[at]?.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", chosen);
    field.setAttribute("aria-expanded", all.length > 0);
  }
  function open() {
    const hit = hits()[at];
    opens = false;
    if (!hit) return;
    choice.open(hit.dataset.open);
    field.blur(); // keys are keys again
  }
  function end() {
    newest = null;
    field.value = "";
    found.replaceChildren();
    choose(0);
    show();
    field.blur();
  }

  // The strip and the one card above the hits.
  const show = frame(() => {
    const on = field.value !== "";
    const next = on && nextUp();
    section.toggleAttribute("data-searching", on);
    const waiting = onBoard().filter(card => card.dataset.status === "new" && queue.leader(card) === card);
    // the first that waits stays, whichever was opened
    const stay = [next?.id, waiting[0]?.id].map(id => `:not(#${id ?? "none"})`).join("");
    sheet("searching", on ? `#board > ${stay}{display:none!important}` : "");
    if (!on) return;
    const ages = waiting.map(card => ageOf(card.id)).filter(Boolean);
    const late = ages.filter(age => age.when === "late");
    const [oldest] = ages.toSorted((a, b) => b.seconds - a.seconds);
    const [latest] = late.toSorted((a, b) => b.past - a.past);
    strip.toggleAttribute("data-late", late.length > 0);
    write(strip.querySelector("b"), fill(waiting.length ? strip.dataset.waiting : strip.dataset.none, waiting.length));
    write(
      strip.querySelector("span"),
      latest ? fill(strip.dataset.wordsLate, `+${latest.over}`) : oldest ? fill(strip.dataset.oldest, oldest.age) : "",
    );
  });

  field.addEventListener("input", () => {
    opens = false;
    show();
  });
  field.form.addEventListener("submit", event => {
    event.preventDefault();
    if (answered()) return open();
    opens = true;
    htmx.trigger(field, "search");
  });
  field.addEventListener("keydown", event => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    choose(at + by);
  });
  const ours = act => event => event.detail.ctx.sourceElement === field && act(event);
  const stale = ctx => ctx !== newest;
  document.addEventListener(
    "htmx:before:request",
    ours(({ detail: { ctx } }) => {
      newest = ctx;
    }),
  );
  document.addEventListener(
    "htmx:before:swap",
    ours(event => stale(event.detail.ctx) && event.preventDefault()),
  );
  document.addEventListener("htmx:after:swap", event => {
    if (event.detail.ctx.sourceElement !== field) return;
    const same = shown === field.value.trim();
    shown = field.value.trim();
    choose(same ? hits().findIndex(hit => hit.id === chosen) : 0);
    if (opens && answered()) open(); // not what half the words had found
  });
  document.addEventListener(
    "keydown",
    event => {
      if (
        event.key !== "Escape" ||
        field.value === "" ||
        document.querySelector("dialog[open], :popover-open") ||
        choice.staged()
      )
        return;
      if (document.activeElement !== field && document.activeElement.matches("input, select, textarea")) return;
      event.preventDefault();
      event.stopPropagation();
      end();
    },
    true,
  );
  const anew = frame(() => field.value && htmx.trigger(field, "search"));
  hear("placed", ({ id }) => id && found.querySelector(`#${id.replace("incident", "hit")}`) && anew());
  for (const news of ["placed", "aged", "chosen"]) hear(news, show);
});
