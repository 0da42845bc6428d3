// The apel: one key or tap for each member. A row is chosen, the bar below names it and acts on it, one small request a
// press; what others press comes as a new shift line, and the roll is read anew. Whoever is chosen is the page's own:
// it is written in a sheet, and nothing that is morphed takes it away.
import { does } from "./keys.js";
import { frame, hear, once, sheet, tell, write } from "./page.js";

const KEYS = { h: "present", s: "sick", i: "leave", b: "detached", t: "late", d: "court", l: "off" };
const PAUSE_MS = 250; // between two readings of the roll

once(() => {
  const line = document.getElementById("shiftline");
  const bar = document.getElementById("bar");
  const errors = document.getElementById("errors");
  const waits = new Map(); // row → the last of its presses
  let chosen = bar?.getAttribute("action").match(/\d+$/)?.[0];
  let typed = false; // a remark that no press has taken yet

  const rows = () => [...document.querySelectorAll("#roll .m")];
  const row = (id = chosen) => document.getElementById(`duty-${id}`);
  function choose(one, { scroll = true } = {}) {
    if (!bar || !one) return;
    if (one.id !== `duty-${chosen}`) typed = false;
    chosen = one.id.slice(5);
    show();
    if (scroll) one.scrollIntoView({ block: "nearest" });
  }
  function show() {
    const one = row();
    sheet("chosen", one ? `#${one.id}{--chosen:var(--hand-wash);--chosen-edge:var(--hand)}` : "");
    if (!bar || !one) return;
    for (const other of rows()) other.querySelector("a").toggleAttribute("aria-current", other === one);
    write(document.getElementById("bar-name"), one.dataset.name);
    bar.setAttribute("action", `/duty/duties/${chosen}`);
    bar.elements.version.value = one.dataset.version;
    if (!typed) bar.elements.note.value = one.dataset.note;
    for (const button of bar.querySelectorAll("[name=state]"))
      button.setAttribute("aria-pressed", String(button.value === one.dataset.state));
    bar.querySelector(".bar-off").hidden = one.dataset.state !== "";
  }
  function step(by) {
    const all = rows();
    const at = all.indexOf(row());
    choose(all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))]);
  }

  async function send(url, body = {}) {
    errors.replaceChildren();
    const said = new URLSearchParams({ idempotency_key: crypto.randomUUID(), ...body });
    try {
      const answer = await fetch(url, { method: "POST", body: said, headers: { "HX-Request": "true" } });
      if (answer.status >= 500) errors.textContent = errors.dataset.busy;
      else if (!answer.ok)
        await htmx.swap({ sourceElement: errors, target: "#errors", swap: "innerHTML", text: await answer.text() });
      return answer;
    } catch {
      errors.textContent = errors.dataset.unsent;
      return null;
    }
  }
  // A second press on a row waits for the first, whose version it needs.
  function call(state) {
    const one = row();
    if (!bar) return;
    if (!one) {
      errors.textContent = errors.dataset.none;
      return;
    }
    const { id } = one;
    const first = one.dataset.state === "" && state === "present";
    const note = state === "present" ? "" : bar.elements.note.value;
    typed = false;
    const press = async () => {
      const { version } = document.getElementById(id)?.dataset ?? one.dataset;
      const answer = await send(`/duty/duties/${id.slice(5)}`, { state, note, version });
      const known = answer?.headers.get("Siaga-Version");
      if (known && document.getElementById(id)) document.getElementById(id).dataset.version = known;
      again();
    };
    waits.set(id, (waits.get(id) ?? Promise.resolve()).then(press));
    if (first) step(1);
  }
  // After what was pressed before it: whoever was called sick a moment ago is not of the rest.
  async function rest() {
    const group = row()?.closest("[data-group]")?.dataset.group;
    await Promise.all(waits.values());
    if (group && bar) await send(bar.dataset.rest, { group });
    else errors.textContent = errors.dataset.none;
    again();
  }
  async function off() {
    if (row()) await send(`/duty/duties/${chosen}/off`);
    again();
  }

  // The roll and what stands beside it, read anew; what comes while it is read is read once more.
  let reading = false;
  let more = false;
  async function again() {
    more = true;
    if (reading) return;
    reading = true;
    while (more) {
      more = false;
      const shift = bar?.dataset.shift ?? "";
      const answer = await fetch(`/duty/shift?shift=${shift}`, { headers: { "HX-Request": "true" } }).catch(() => null);
      if (answer?.ok) await put(await answer.text());
      await new Promise(done => setTimeout(done, PAUSE_MS));
    }
    reading = false;
  }
  async function put(text) {
    const fresh = new DOMParser().parseFromString(text, "text/html");
    for (const id of ["roll", "beside"])
      await htmx.swap({
        sourceElement: document.getElementById(id),
        target: `#${id}`,
        swap: "innerMorph",
        text: fresh.getElementById(id).innerHTML,
      });
    show();
    tell("mustered");
  }

  for (const [key, state] of Object.entries(KEYS)) does[key] = () => call(state);
  for (const key of ["j", "ArrowDown"]) does[key] = () => step(1);
  for (const key of ["k", "ArrowUp"]) does[key] = () => step(-1);
  does.H = rest;
  does.p = () => print();
  does.o = () => bar?.elements.note.focus();
  bar?.elements.note.addEventListener("input", () => {
    typed = true;
  });
  document.addEventListener("click", event => {
    const one = event.target.closest("#roll .m");
    const unit = event.target.closest("[data-unit]");
    if (one && bar) choose(one, { scroll: false });
    if (unit) edit(unit.dataset.unit);
    if ((one && bar) || unit) event.preventDefault();
    const act = event.target.closest("[data-does]")?.dataset.does;
    if (act) ({ rest, off })[act]();
  });
  bar?.addEventListener("submit", event => {
    event.preventDefault();
    call(event.submitter?.value ?? row()?.dataset.state ?? "");
  });
  async function edit(url) {
    const answer = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok) {
      errors.textContent = errors.dataset.unsent;
      return;
    }
    const dialog = document.getElementById("edit");
    await htmx.swap({ sourceElement: dialog, target: "#edit-body", swap: "innerHTML", text: await answer.text() });
    dialog.showModal();
  }

  const changed = frame(again);
  new MutationObserver(changed).observe(line, { childList: true, subtree: true, attributes: true });
  hear("acted", ({ form }) => (form?.matches("[data-reloads]") ? location.assign("/duty/shift") : again()));
  hear("refetched", again);
  show();
});
