// Of several reporters one is shown, with the thread of their own: R answers the one that is seen, ⇧R all. Who is
// chosen is the page's, so it is a sheet; a half-typed answer stays in its own reporter's field. One report is taken
// out again by its own number.
import { act } from "./act.js";
import { hear, once, sheet } from "./page.js";

once(() => {
  const chosen = new Map(); // incident → whose thread is shown
  const of = () => document.querySelector("#panel .talks");
  function show() {
    const talks = of();
    const want = talks && chosen.get(talks.id);
    const there = want && document.getElementById(`talk-${want}`);
    sheet("talk", there ? `#${talks.id} .talk{display:none}#talk-${want}{display:flex!important}` : "");
    for (const one of talks?.querySelectorAll(".per") ?? [])
      one.setAttribute("aria-pressed", there ? one.dataset.talk === want : one === talks.querySelector(".per"));
  }
  document.addEventListener("click", event => {
    const one = event.target.closest(".per[data-talk]");
    if (!one) return;
    chosen.set(one.closest(".talks").id, one.dataset.talk);
    show();
    const thread = document.querySelector(`#talk-${one.dataset.talk} .thread`);
    if (thread) thread.scrollTop = thread.scrollHeight;
  });
  document.addEventListener("submit", event => {
    const form = event.target.closest("form[data-apart]");
    if (!form) return;
    event.preventDefault();
    act(form.dataset.apart, "unmerge");
  });
  hear("opened", show);
});
