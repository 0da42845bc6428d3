// Which case is chosen at the desk: its strip and its row wear it, and what the row offers is seen. Chosen by a
// press, by the keys, by focus; with none chosen it is the first that needs the supervisor. A row that goes leaves its
// place to the next one: the eyes are there, and the thumb. A sheet of the page, since only this page knows.
import { hear, once, sheet, tell } from "./page.js";

export const desk = {
  picked: () => null, // what somebody chose
  chosen: () => null, // that, else the first row
  choose() {},
  after: () => null, // the row that follows this one
  waits: () => false,
};

once(() => {
  let picked = null;
  let at = -1; // where its row stood, when it was last there
  const rows = () => [...document.querySelectorAll("#late > li")];
  const placed = () => rows().findIndex(row => row.dataset.id === picked);
  const card = id => document.getElementById(`incident-${id}`);
  desk.picked = () => (card(picked) ? picked : null);
  desk.chosen = () => desk.picked() ?? document.querySelector("#late > li")?.dataset.id ?? null;
  desk.after = id => {
    const all = rows();
    const here = all.findIndex(row => row.dataset.id === id);
    return here < 0 ? null : ((all[here + 1] ?? all[here - 1])?.dataset.id ?? null);
  };
  desk.waits = id => card(id)?.dataset.status === "new";
  function show() {
    const own = desk.picked();
    const id = desk.chosen();
    sheet("chosen", own ? `#strip-${own}{--strip-edge:var(--hand);--strip-ground:var(--hand-wash)}` : "");
    sheet(
      "row",
      id ? `#late-${id}{--acts:flex;--phone-acts:grid;--row-edge:var(--hand);--row-ground:var(--hand-wash)}` : "",
    );
    tell("desk-chosen", { id: own });
  }
  desk.choose = id => {
    picked = id && card(id) ? id : null;
    at = placed();
    show();
  };
  function follow() {
    const now = placed();
    if (picked && now < 0 && at >= 0) {
      const all = rows();
      picked = all[Math.min(at, all.length - 1)]?.dataset.id ?? null;
    }
    at = placed();
    show();
  }
  hear("laned", show);
  hear("needed", follow);
  document.addEventListener("focusin", ({ target }) => {
    const one = target.closest(".strip, #late > li");
    if (one) desk.choose(one.dataset.id);
  });
  document.addEventListener("click", ({ target }) => {
    const row = target.closest("#late > li");
    if (row) desk.choose(row.dataset.id);
  });
});
