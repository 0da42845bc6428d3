// Small windows. Browsers open them by command and commandfor themselves; older ones by this. A press on the ground
// closes. What was typed into one that closes is forgotten: half a sentence must not go on record with the next act.
// What data-keeps says so keeps it until its own "Batal", or until it is done: a caller tells on, and whoever writes
// about a case looks at it once more.
import { once } from "./page.js";

once(() => {
  const native = "commandForElement" in HTMLButtonElement.prototype;
  const forget = dialog => {
    for (const form of dialog.querySelectorAll("form[hx-post]")) form.reset();
  };
  document.addEventListener(
    "close",
    ({ target }) => {
      if (target.matches?.("dialog:not([open], [data-keeps])")) forget(target); // open again: it only stepped aside
    },
    true,
  );
  document.addEventListener("click", event => {
    const button = event.target.closest("button[commandfor]");
    const dialog = document.getElementById(button?.getAttribute("commandfor"));
    if (dialog && !native) button.getAttribute("command") === "close" ? dialog.close() : dialog.showModal();
    if (dialog?.matches("[data-keeps]") && button.getAttribute("command") === "close") forget(dialog);
    // of what was before
    if (dialog && button.getAttribute("command") === "show-modal") document.getElementById("errors")?.replaceChildren();
    event.target.closest("[popover] .menu-item")?.closest("[popover]").hidePopover();
    if (event.target.matches("dialog:modal") && !event.target.matches(".sheet")) {
      const box = event.target.getBoundingClientRect();
      const inside =
        event.clientX > box.left && event.clientX < box.right && event.clientY > box.top && event.clientY < box.bottom;
      if (!inside) event.target.close();
    }
  });
});
