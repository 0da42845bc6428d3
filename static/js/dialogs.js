// Small windows. Browsers open them by command and commandfor themselves; older ones by this. A press on the ground closes.
siaga.once("dialogs", () => {
  const native = "commandForElement" in HTMLButtonElement.prototype;
  document.addEventListener("click", event => {
    const button = event.target.closest("button[commandfor]"), dialog = document.getElementById(button?.getAttribute("commandfor"));
    if (dialog && !native) button.getAttribute("command") === "close" ? dialog.close() : dialog.showModal();
    if (button?.closest("[popover]")) button.closest("[popover]").hidePopover();
    if (event.target.matches("dialog:modal") && !event.target.matches(".sheet")) {
      const box = event.target.getBoundingClientRect();
      const inside = event.clientX > box.left && event.clientX < box.right && event.clientY > box.top && event.clientY < box.bottom;
      if (!inside) event.target.close();
    }
  });
});
