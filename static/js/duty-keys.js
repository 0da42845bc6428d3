// The desk by keys: J K walk what needs the supervisor, the rest acts on what is chosen (duty-chosen.js).
import { act } from "./act.js";
import { desk } from "./duty-chosen.js";
import { ask } from "./duty-move.js";
import { notice, shelve } from "./duty-shelf.js";
import { does } from "./keys.js";
import { once } from "./page.js";

once(() => {
  const rows = () => [...document.querySelectorAll("#late > li")];
  function step(by) {
    const all = rows();
    const at = all.findIndex(row => row.dataset.id === desk.chosen());
    const row = all[Math.max(0, Math.min(all.length - 1, at + by))];
    desk.choose(row?.dataset.id);
    row?.scrollIntoView({ block: "nearest" });
  }
  const on = deed => () => {
    const id = desk.chosen();
    if (id) deed(id);
  };
  does.j = () => step(1);
  does.k = () => step(-1);
  does.a = on(ask);
  does.d = on(notice);
  does.s = on(shelve);
  does.c = on(id => desk.waits(id) && act(id, "claim"));
  does.v = on(id => location.assign(`/console?incident=${id}`));
  does.h = () => location.assign("/duty/handover");
  does.r = () => location.assign("/duty/journal");
});
