// One thing at a time may take the place of the map, beside the panel: evidence, or a comparison. choice.stage("merge")
// shows #stage-over > [data-part="merge"] and returns it, choice.stage(null) gives the map back; the queue narrows
// meanwhile, the panel stays as it is. Told to everybody as "staged", with what was there before. Esc closes, and the
// focus goes back to where it was.
import { choice } from "./choice.js";
import { hear, once, tell } from "./page.js";

once(() => {
  const root = document.documentElement;
  const over = document.getElementById("stage-over");
  let from = null;
  let id = null;
  choice.staged = () => root.dataset.stage ?? null;
  if (!over) return;

  const part = name => over.querySelector(`:scope > [data-part="${CSS.escape(name)}"]`);
  choice.stage = name => {
    const was = choice.staged();
    if (name === was) return name && part(name);
    if (name && !part(name)) return null;
    if (name && !was) from = document.activeElement;
    if (name) root.dataset.stage = name;
    else delete root.dataset.stage;
    for (const one of over.children) if (one.dataset.part) one.hidden = one.dataset.part !== name;
    id = choice.id();
    tell("staged", { name, was });
    if (name) part(name).focus({ preventScroll: true });
    else back();
    return name && part(name);
  };
  // Where it was; what is gone meanwhile, or was nowhere, leaves the keys to the page.
  function back() {
    const last = from;
    from = null;
    if (last?.isConnected && last !== document.body && last.checkVisibility()) last.focus({ preventScroll: true });
    else if (over.contains(document.activeElement)) document.activeElement.blur();
  }

  const typing = target =>
    target.closest("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button])");
  // Before the page's own keys: Esc closes this first, and who wants to search wants the list as well.
  document.addEventListener(
    "keydown",
    event => {
      if (!choice.staged() || event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
      if (event.key === "/") return void choice.stage(null);
      if (event.key !== "Escape" || event.repeat || document.querySelector("dialog:modal, :popover-open")) return;
      event.preventDefault();
      choice.stage(null);
    },
    true,
  );
  document.addEventListener("click", event => {
    if (event.target.closest("[data-unstage]")) choice.stage(null);
  });
  // What is shown beside the panel is of the incident in the panel.
  hear("chosen", chosen => {
    if (!choice.staged() || String(chosen.id) === String(id)) return;
    from = null;
    choice.stage(null);
  });
});
