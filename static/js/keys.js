// Keys. A thing names its key by data-key; the open window comes first, then the panel, then the page. Never while typing.
siaga.once("keys", () => {
  const typing = target => target.closest("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button])");
  const visible = element => element.checkVisibility();
  const within = (root, key) => root && [...root.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(visible);

  function press(element) {
    if (element.matches("input, textarea, select")) { element.focus(); element.select?.(); } else element.click();
  }
  function claim() {
    const first = siaga.next?.();
    if (!first) return;
    const id = first.id.slice(9);
    siaga.open(id);
    siaga.act(id, "claim");
  }
  const page = {
    j: () => siaga.move?.(1), k: () => siaga.move?.(-1), ArrowDown: () => siaga.move?.(1), ArrowUp: () => siaga.move?.(-1),
    n: () => siaga.file?.(), s: () => siaga.hush?.(), c: claim,
  };

  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
    if (event.key === "Escape" && typing(event.target)) return event.target.blur();
    if (event.key === "Escape") return void document.documentElement.removeAttribute("data-panel");
    if (typing(event.target)) return;
    if (event.key.startsWith("Arrow") && event.target.closest(".map, dialog, [role=log], .diary, .menu, .panel, [type=radio]")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key, modal = document.querySelector("dialog:modal");
    if (/^[1-9]$/.test(key)) return void (siaga.digit?.(Number(key)) && event.preventDefault());
    const element = modal ? within(modal, key) : within(document.getElementById("panel"), key) ?? within(document, key) ??
      document.querySelector(`#me [data-key="${CSS.escape(key)}"]`);
    if (element) { event.preventDefault(); press(element); } else if (!modal && page[key]) { event.preventDefault(); page[key](); }
  });
});
