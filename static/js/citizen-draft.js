// Keeps what is typed into the form and brings it back: after a closed tab, a dead battery, a lost signal.
import { draft, forget, keep, keeps } from "./citizen-store.js";

const form = document.querySelector("#report");
const told = document.querySelector("#kept");
const NOT_KEPT = new Set(["photo"]);

export function fields() {
  return Object.fromEntries([...new FormData(form)].filter(([name]) => !NOT_KEPT.has(name)));
}

// A link that was opened inside another app: its browser may keep nothing.
if (!keeps()) document.querySelector("#unkept").hidden = false;

// What is known of its sending stays known: an edit, or a position that comes late, does not make it unsent.
let known = "";
export function save(sent = known) {
  known = sent;
  const guarded =
    document.documentElement.dataset.quiet === "yes" || Boolean(form.querySelector("[data-sensitive]:checked"));
  keep(fields(), { sent, guarded });
}

const kept = draft();
if (kept && form.dataset.draft === "fresh") {
  const asked = new URLSearchParams(location.search).get("category");
  for (const [name, value] of Object.entries(kept.fields)) {
    if (name === "category" && asked) continue; // Respons Cepat was pressed just now: that is the newer wish
    const controls = form.elements.namedItem(name);
    if (!controls || name === "whose") continue; // sent from here it is this page's
    if (controls instanceof RadioNodeList)
      [...controls].forEach(one => {
        one.checked = one.value === value;
      });
    else controls.value = value;
  }
  told.hidden = !(kept.fields.description || kept.fields.place || kept.fields.landmark);
}
form.addEventListener("input", () => save());
form.addEventListener("change", () => save());
// by the browser itself, unless citizen-send.js, which may come later, takes it over
form.addEventListener("submit", () => save("form"));
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) known = "";
}); // back from where it led: written anew
told.querySelector("[data-forget]").addEventListener("click", async () => {
  await forget();
  location.replace(location.pathname);
});
