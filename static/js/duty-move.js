// An incident changes hands: drag its strip to another lane, or choose it and press A; then say why. Arrows walk the board, C takes
// what waits, Enter opens it on the console.
siaga.once("duty-move", () => {
  const dialog = document.getElementById("move"), form = dialog.querySelector("form"), wrong = form.querySelector(".wrong");
  const to = form.elements.officer, button = document.getElementById("hand-over"), errors = document.getElementById("errors"), lanes = document.getElementById("lanes");
  let chosen = null, key = "", dragged = null;
  const card = id => document.getElementById(`incident-${id}`);
  const waits = id => card(id)?.dataset.status === "new";

  function choose(id) {
    chosen = id && card(id) ? id : null;
    button.disabled = !chosen;
    button.querySelector("span").textContent = chosen && waits(chosen) ? button.dataset.claim : button.dataset.move;
    siaga.sheet("chosen", chosen ? `#strip-${chosen}{--strip-edge:var(--hand);--strip-ground:var(--hover)}` : "");
  }
  function ask(id, officer = "") {
    if (!card(id)) return;
    if (waits(id)) return siaga.act(id, "claim");
    const { status } = card(id).dataset;
    choose(id);
    key = crypto.randomUUID();
    form.reset();
    wrong.textContent = "";
    to.querySelector("[value=none]").hidden = to.querySelector("[value=none]").disabled = status !== "claimed";
    for (const option of to.options) if (option.value === card(id).dataset.officer) option.disabled = true; else if (option.value !== "none") option.disabled = false;
    to.querySelector("[value=me]").disabled = card(id).dataset.officer === siaga.me();
    to.value = officer;
    document.getElementById("move-what").textContent = `${siaga.short(card(id))}, ${siaga.where(card(id))} · ${document.querySelector(`#lane-${card(id).dataset.officer} .lane-who b`)?.textContent ?? ""}`;
    dialog.dataset.id = id;
    dialog.showModal();
    (officer ? form.elements.reason : to).focus();
  }
  form.addEventListener("submit", async event => {
    event.preventDefault();
    const step = to.selectedOptions[0].dataset.step, id = dialog.dataset.id;
    const body = new URLSearchParams({ reason: form.elements.reason.value, version: card(id)?.dataset.version ?? "", idempotency_key: key });
    if (step === "reassign") body.set("officer", to.value);
    try {
      const answer = await fetch(`/incidents/${id}/${step}`, { method: "POST", body, headers: { "HX-Request": "true" } });
      if (answer.ok) return dialog.close();
      const said = new DOMParser().parseFromString(await answer.text(), "text/html");
      wrong.textContent = answer.status >= 500 ? errors.dataset.busy : said.body.textContent.trim();
      if (answer.status < 500) key = crypto.randomUUID();
    } catch {
      wrong.textContent = errors.dataset.unsent;
    }
  });

  document.addEventListener("focusin", event => { const strip = event.target.closest(".strip"); if (strip) choose(strip.dataset.id); });
  document.addEventListener("click", event => {
    const move = event.target.closest("[data-move]:not(#hand-over)"), claim = event.target.closest("[data-claim]:not(#hand-over, #late)");
    if (event.target.closest("#hand-over") && chosen) ask(chosen);
    else if (move?.matches("button")) ask(move.dataset.move);
    else if (claim?.matches("button")) siaga.act(claim.dataset.claim, "claim");
  });
  document.addEventListener("dblclick", event => { const strip = event.target.closest(".strip"); if (strip) location.assign(`/console?incident=${strip.dataset.id}`); });
  document.addEventListener("keydown", event => {
    const strip = event.target.closest(".strip");
    const key = siaga.key(event);                          // single keys as this person wants them
    if (!key || (event.repeat && !key.startsWith("Arrow")) || document.querySelector("dialog[open]")) return;
    if (key === "a" && chosen && !event.target.matches("input, select, textarea")) { event.preventDefault(); return ask(chosen); }
    if (!strip) return;
    if (key === "c" && waits(strip.dataset.id)) siaga.act(strip.dataset.id, "claim");
    if (key === "Enter" || key === " ") location.assign(`/console?incident=${strip.dataset.id}`);
    const lane = strip.closest(".lane"), rows = [...lanes.children].filter(row => !row.hidden && row.querySelector(".strip")), at = [...lane.querySelectorAll(".strip")].indexOf(strip);
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    if (!step) return;
    event.preventDefault();
    const row = rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(lane) + step[0]))], strips = row.querySelectorAll(".strip");
    strips[Math.max(0, Math.min(strips.length - 1, at + step[1]))].focus();
  });

  // Dragging: the lanes that may take it show a place to drop it in.
  const takes = lane => {
    const { officer } = lane.dataset, held = card(dragged)?.dataset;
    if (!held || held.officer === officer && held.status !== "new") return null;
    if (held.status === "new") return officer === siaga.me() ? "claim" : null;
    return officer === "" ? (held.status === "claimed" ? "none" : null) : officer === siaga.me() ? "me" : officer;
  };
  document.addEventListener("dragstart", event => {
    const strip = event.target.closest?.(".strip");
    if (!strip) return;
    dragged = strip.dataset.id;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged);
    siaga.sheet("dragged", `#strip-${dragged}{opacity:.45}`);
  });
  document.addEventListener("dragover", event => {
    const lane = dragged && event.target.closest?.(".lane"), may = lane && takes(lane);
    siaga.sheet("drop", may ? `#${lane.id} .strips{--drop:"${lanes.dataset.drop}";--drop-edge:var(--hand);--drop-ground:var(--hand-wash)}` : "");
    if (may) event.preventDefault();
  });
  const end = () => { dragged = null; siaga.sheet("dragged", ""); siaga.sheet("drop", ""); };
  document.addEventListener("dragend", end);
  document.addEventListener("drop", event => {
    const lane = dragged && event.target.closest?.(".lane"), may = lane && takes(lane), id = dragged;
    if (!may) return;
    event.preventDefault();
    end();
    if (may === "claim") siaga.act(id, "claim"); else ask(id, may);
  });
  siaga.hear("laned", () => { if (chosen) choose(chosen); });
});
