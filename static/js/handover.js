// Serah terima: a row is chosen, one key answers it; what the other one presses comes as a new shift line, what
// happens to a case as its card, and the list is read anew. A password that is half typed is never taken away by that.
import { does } from "./keys.js";
import { frame, hear, once, sheet, write } from "./page.js";

const BETWEEN_MS = 500; // between two readings
const FIELDS = ["happened", "may_happen", "goes_on", "version"];

once(() => {
  const errors = document.getElementById("errors");
  let chosen = new URLSearchParams(location.search).get("case");

  const rows = () => [...document.querySelectorAll("#handed li.handed")];
  const row = () => document.getElementById(`case-${chosen}`);
  function show() {
    sheet("chosen", row() ? `#${row().id}{--chosen:var(--hand-wash);--chosen-edge:var(--hand)}` : "");
  }
  function choose(one, { scroll = true } = {}) {
    if (!one) return;
    chosen = one.id.slice(5);
    show();
    if (scroll) one.scrollIntoView({ block: "nearest" });
  }
  function step(by) {
    const all = rows();
    const at = all.indexOf(row());
    choose(all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))]);
  }
  function need() {
    if (!row()) errors.textContent = errors.dataset.none;
    return row();
  }

  function cannot() {
    errors.textContent = errors.dataset.cannot;
  }

  // A window of the page, aimed at the row: what stands there already is in its fields.
  function open(name, one = need()) {
    const dialog = document.getElementById(name);
    if (!one) return;
    if (!one.querySelector(`[data-opens="${name}"]`)) return void cannot();
    const form = dialog.querySelector("form");
    const to = form.dataset.to.replace("{incident}", one.id.slice(5)).replace("{id}", one.dataset.id);
    form.setAttribute("action", to);
    form.setAttribute("hx-post", to);
    htmx.process(form);
    write(dialog.querySelector("h2 b"), one.dataset.number);
    for (const field of FIELDS) if (form.elements[field]) form.elements[field].value = one.dataset[field];
    const said = dialog.querySelector("[data-said]");
    if (said) write(said, one.dataset.question);
    dialog.close();
    dialog.showModal();
    form.querySelector("input:not([type=hidden])").focus();
  }
  function press(path) {
    const one = need();
    const button = one?.querySelector(`form[action$="/${path}"] button`);
    if (one && !button) cannot();
    button?.click();
  }

  let reading = false;
  let more = false;
  async function again() {
    more = true;
    if (reading) return;
    reading = true;
    while (more) {
      more = false;
      const answer = await fetch(location.href, { headers: { "HX-Request": "true" } }).catch(() => null);
      if (answer?.ok) await put(await answer.text());
      await new Promise(done => setTimeout(done, BETWEEN_MS));
    }
    reading = false;
  }
  async function put(text) {
    const fresh = new DOMParser().parseFromString(text, "text/html");
    for (const id of ["handed", "carried", "signed"]) {
      const here = document.getElementById(id);
      const there = fresh.getElementById(id);
      const typing = [...here.querySelectorAll("input[type=password]")].some(field => field.value);
      if (typing && here.dataset.out === there.dataset.out) continue;
      here.dataset.out = there.dataset.out ?? "";
      const said = { sourceElement: here, target: `#${id}`, swap: "innerMorph", text: there.innerHTML };
      await htmx.swap(said);
    }
    show();
  }

  for (const key of ["j", "ArrowDown"]) does[key] = () => step(1);
  for (const key of ["k", "ArrowUp"]) does[key] = () => step(-1);
  does.t = () => press("accept");
  does.q = () => open("back");
  does.o = () => open("note");
  does.r = () => open("reply");
  does.v = () => need()?.querySelector(".c-name a").click();
  does.T = () => document.querySelector('#handed form[action$="/rest"] button')?.click();
  does.p = () => document.querySelector("#signed .sign-end a")?.click();
  document.addEventListener("click", event => {
    const one = event.target.closest("#handed li.handed");
    if (one) choose(one, { scroll: false });
    const opens = event.target.closest("[data-opens]");
    if (!opens) return;
    event.preventDefault();
    open(opens.dataset.opens, one);
  });

  const line = document.getElementById("shiftline");
  new MutationObserver(frame(again)).observe(line, { childList: true, subtree: true, attributes: true });
  for (const news of ["acted", "placed", "refetched"]) hear(news, again); // also a case that came, changed or went
  show();
});
