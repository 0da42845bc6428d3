// An incident changes hands: drag its strip to another lane, or choose it (a press, the arrows) and press A; then say
// to whom, and why. What waits is given in one step; to somebody who is not at the desk it is asked once. Arrows walk
// the board, Enter opens it on the console. On a phone the question is a sheet.
import { act } from "./act.js";
import { away } from "./alarm-desk.js";
import { desk } from "./duty-chosen.js";
import { done } from "./duty-done.js";
import { sits, short, where } from "./duty-lanes.js";
import { send } from "./duty-send.js";
import { fill, hear, myself, once, sheet, write } from "./page.js";

export let ask;

once(() => {
  const dialog = document.getElementById("move");
  const form = dialog.querySelector("form");
  const wrong = form.querySelector(".wrong");
  const people = document.getElementById("move-to");
  const button = document.getElementById("hand-over");
  const lanes = document.getElementById("lanes");
  const blank = document.getElementById("move-row").content.firstElementChild;
  const narrow = matchMedia("(max-width: 999px)");
  let key = "";
  let sure = ""; // to whom, though they are not at the desk
  let dragged = null;
  const card = id => document.getElementById(`incident-${id}`);
  const waits = id => desk.waits(id);
  const laneOf = id => document.getElementById(`lane-${id}`);

  hear("desk-chosen", ({ id }) => {
    button.disabled = !id;
    write(button.querySelector("span"), id && waits(id) ? button.dataset.give : button.dataset.move);
  });
  // Whom it may go to: me first, then the lightest load; who is not at the desk comes last, and it is said.
  function rows(id) {
    const { officer, status } = card(id).dataset;
    const restricted = "restricted" in card(id).dataset;
    const me = myself();
    const fresh = waits(id);
    const load = lane => lane.querySelectorAll(".strip").length;
    const others = [...lanes.children].filter(
      lane =>
        lane.dataset.officer &&
        ![officer, me].includes(lane.dataset.officer) &&
        !(restricted && lane.dataset.role !== "supervisor"),
    );
    const row = (value, step, name, says, n, weak) => {
      const node = blank.cloneNode(true);
      const input = node.querySelector("input");
      input.value = value;
      input.dataset.step = step;
      node.querySelector("b").textContent = name;
      node.querySelector("small").textContent = says;
      node.querySelector(".load").textContent = n;
      node.classList.toggle("choose--weak", Boolean(weak));
      return node;
    };
    const list = others
      .map(lane => ({ lane, n: load(lane), gone: away(lane.dataset.officer) }))
      .sort((a, b) => a.gone - b.gone || a.n - b.n)
      .map(({ lane, n, gone }) =>
        row(
          lane.dataset.officer,
          fresh ? "assign" : "reassign",
          lane.querySelector(".lane-who b").textContent,
          gone ? people.dataset.away : sits(lane.dataset.officer),
          fill(people.dataset.held, n),
          gone,
        ),
      );
    if (fresh || officer !== me)
      list.unshift(row("me", fresh ? "claim" : "take_over", fresh ? people.dataset.take : people.dataset.over, "", ""));
    if (status === "claimed") list.push(row("none", "release", people.dataset.none, "", ""));
    people.querySelector("div").replaceChildren(...list);
  }
  ask = (id, to = "") => {
    if (!card(id)) return;
    desk.choose(id);
    key = crypto.randomUUID();
    sure = "";
    form.reset();
    wrong.textContent = "";
    rows(id);
    const fresh = waits(id);
    const what = `${short(card(id))}, ${where(card(id))}`;
    const holder = laneOf(card(id).dataset.officer)?.querySelector(".lane-who b")?.textContent;
    document.getElementById("move-h").textContent = fresh ? dialog.dataset.give : dialog.dataset.move;
    document.getElementById("move-what").textContent = fresh || !holder ? what : `${what} · ${holder}`;
    const picked = [...people.querySelectorAll("input")].find(input => input.value === to);
    if (picked) picked.checked = true;
    dialog.dataset.id = id;
    dialog.dataset.what = `${what}, ${card(id).dataset.number}`;
    settle();
    dialog.showModal();
    if (!narrow.matches) (picked ? form.elements.reason : people.querySelector("input")).focus();
  };
  // The button says what it does, and to whom.
  function settle() {
    const to = people.querySelector("input:checked");
    const step = to?.dataset.step;
    const words = form.querySelector(".btn--hand");
    form.elements.reason.required = !["assign", "claim"].includes(step);
    document.getElementById("move-free").hidden = !to || form.elements.reason.required;
    const name = to?.closest("label").querySelector("b").textContent ?? "";
    const says = sure ? words.dataset.sure : step === "assign" ? words.dataset.give : words.dataset.move;
    words.textContent = !to ? words.dataset.pick : ["me", "none"].includes(to.value) ? name : fill(says, name);
  }
  form.addEventListener("change", () => {
    sure = "";
    wrong.textContent = "";
    settle();
  });
  form.addEventListener("submit", async event => {
    event.preventDefault();
    const to = people.querySelector("input:checked");
    const id = dialog.dataset.id;
    if (!to) {
      wrong.textContent = people.dataset.pick;
      return;
    }
    const { step } = to.dataset;
    const values = step === "claim" ? {} : { reason: form.elements.reason.value };
    if (["assign", "reassign"].includes(step))
      Object.assign(values, { officer: to.value, ...(sure && { sure: true }) });
    const no = await send(id, step, values, key);
    if (!no) {
      dialog.close();
      return done(step, { who: to.closest("label").querySelector("b").textContent, what: dialog.dataset.what });
    }
    wrong.textContent = no.says;
    if (!no.again) key = crypto.randomUUID();
    sure = no.asks ? to.value : "";
    settle();
  });

  document.addEventListener("click", event => {
    const move = event.target.closest("[data-moves]");
    const strip = event.target.closest(".strip");
    if (event.target.closest("#hand-over") && desk.picked()) ask(desk.picked());
    else if (move) ask(move.dataset.moves);
    else if (strip && narrow.matches) ask(strip.dataset.id); // a finger: a tap is the question
  });
  document.addEventListener("dblclick", event => {
    const strip = event.target.closest(".strip");
    if (strip) location.assign(`/console?incident=${strip.dataset.id}`);
  });
  document.addEventListener("keydown", event => {
    const strip = event.target.closest(".strip");
    if (!strip || (event.repeat && !event.key.startsWith("Arrow")) || document.querySelector("dialog:modal")) return;
    if (event.key === "Enter" || event.key === " ") return location.assign(`/console?incident=${strip.dataset.id}`);
    const lane = strip.closest(".lane");
    const rows = [...lanes.children].filter(row => !row.hidden && row.querySelector(".strip"));
    const at = [...lane.querySelectorAll(".strip")].indexOf(strip);
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    if (!step) return;
    event.preventDefault();
    const row = rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(lane) + step[0]))];
    const strips = row.querySelectorAll(".strip");
    strips[Math.max(0, Math.min(strips.length - 1, at + step[1]))].focus();
  });

  // Dragging: the lanes that may take it show a place to drop it in.
  const takes = lane => {
    const { officer } = lane.dataset;
    const held = card(dragged)?.dataset;
    if (!held || (held.status === "new" ? officer === "" : held.officer === officer)) return null;
    if ("restricted" in held && officer && lane.dataset.role !== "supervisor") return null;
    return officer === "" ? (held.status === "claimed" ? "none" : null) : officer === myself() ? "me" : officer;
  };
  document.addEventListener("dragstart", event => {
    const strip = event.target.closest?.(".strip");
    if (!strip) return;
    dragged = strip.dataset.id;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged);
    sheet("dragged", `#strip-${dragged}{opacity:.45}`);
  });
  document.addEventListener("dragover", event => {
    const lane = dragged && event.target.closest?.(".lane");
    const may = lane && takes(lane);
    sheet(
      "drop",
      may
        ? `#${lane.id} .strips{--drop:"${lanes.dataset.drop}";--drop-edge:var(--hand);--drop-ground:var(--hand-wash)}`
        : "",
    );
    if (may) event.preventDefault();
  });
  const end = () => {
    dragged = null;
    sheet("dragged", "");
    sheet("drop", "");
  };
  document.addEventListener("dragend", end);
  document.addEventListener("drop", event => {
    const lane = dragged && event.target.closest?.(".lane");
    const may = lane && takes(lane);
    const id = dragged;
    if (!may) return;
    event.preventDefault();
    end();
    if (may === "me" && waits(id)) act(id, "claim");
    else ask(id, may);
  });
});
