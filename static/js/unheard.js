// What a reporter wrote on a case that is closed, and nobody has read: before whoever closed it; before supervisors
// too from the moment that the law says (data-passes). The list is pushed to all alike, and a sheet shows what of it
// is mine. It sounds until it is read.
import { alarm } from "./alarm.js";
import { announce } from "./announce.js";
import { choice } from "./choice.js";
import { frame, hear, myself, once, server, sheet, tell } from "./page.js";

export let written = () => 0; // how many of them need whoever sits here

once(() => {
  const EVERY = 20;
  const list = document.getElementById("unheard");
  const me = myself();
  const desk = "supervises" in list.dataset;
  const said = new Set();
  let known = 0;
  const mine = ({ dataset: { closer, passes } }) => closer === me || (desk && server.now() >= Date.parse(passes));
  const rows = () => [...list.children].filter(mine);

  written = () => rows().length;
  const draw = frame(() => {
    const shown = rows();
    sheet("unheard", shown.length ? `${shown.map(({ id }) => `#${id}`)}{display:grid}` : "");
    if (list.hidden === Boolean(shown.length)) list.hidden = !shown.length;
    if (known !== shown.length) tell("unheard");
    known = shown.length;
    for (const row of shown) {
      const key = `${row.id} ${row.dataset.at}`;
      if (!said.has(key)) announce(row.querySelector(".hand-says").textContent.replace(/\s+/g, " ").trim());
      said.add(key);
    }
  });
  alarm(() =>
    rows().map(({ id, dataset: { at, exercise } }) => ({
      key: `${id} ${at}`,
      kind: exercise === undefined ? "handed" : "exercise",
      tone: exercise === undefined ? "handed" : "exercise",
      every: EVERY,
      urgency: 2,
    })),
  );
  new MutationObserver(draw).observe(list, {
    childList: true,
    subtree: true,
    attributeFilter: ["data-at", "data-passes"],
  });
  for (const news of ["tick", "refetched"]) hear(news, draw);
  list.addEventListener("click", event => {
    const link = event.target.closest("[data-opens]");
    if (!link || !document.getElementById("panel")) return;
    event.preventDefault();
    choice.open(link.closest("[id]").id.slice(8));
  });
  draw();
});
