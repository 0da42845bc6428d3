// Seen: what one ticks while looking says in the panel which picture it was seen in.
import { fill, once } from "./page.js";
import { isOpen, part, viewed, viewer } from "./viewer.js";

// What one sees, large and with its letter and weight: presses the panel's own ticks, which are the truth.
export const form = () => document.querySelector('#panel [id^="send-"]');
export function ticks() {
  const box = part("see");
  if (!box) return;
  const inputs = [...(form()?.querySelectorAll(".tick input") ?? [])];
  box.hidden = !inputs.length;
  viewer().toggleAttribute("data-sends", inputs.length > 0);
  box.querySelector(".bticks").replaceChildren(
    ...inputs.map(input => {
      const button = document.createElement("button");
      const key = document.createElement("span");
      const label = document.createElement("span");
      const weight = document.createElement("small");
      const words = input.closest(".tick").cloneNode(true);
      words.querySelectorAll("input, svg, .key").forEach(node => node.remove());
      Object.assign(button, { type: "button", className: "btick" });
      button.dataset.tick = input.value;
      button.setAttribute("aria-pressed", input.checked);
      key.className = "key";
      key.setAttribute("aria-hidden", "true");
      key.textContent = (input.dataset.key ?? "").toUpperCase();
      weight.textContent = `+${input.dataset.personnel}`;
      label.append(words.textContent.trim(), weight);
      button.append(...(input.dataset.key ? [key] : []), label);
      return button;
    }),
  );
}

once(() => {
  if (!viewer()) return;
  document.addEventListener("input", ({ target }) => {
    const owner = target.closest?.(".send-form");
    if (!owner || !target.matches(".tick input")) return;
    const item = isOpen() && viewed.items[viewed.at];
    if (target.checked && item) {
      target.dataset.seen = [item.dataset.name, item.dataset.whose].filter(Boolean).join(" · ");
      target.dataset.seenIn = item.dataset.evidence ?? "";
    } else {
      delete target.dataset.seen;
      delete target.dataset.seenIn;
    }
    for (const button of viewer().querySelectorAll("[data-tick]"))
      if (button.dataset.tick === target.value) button.setAttribute("aria-pressed", target.checked);
    const list = owner.querySelector(".seen-in");
    list?.replaceChildren(
      ...[...owner.querySelectorAll(".tick input[data-seen]:checked")].map(input => {
        const li = document.createElement("li");
        const words = input.closest(".tick").cloneNode(true);
        const hidden = document.createElement("input");
        words.querySelectorAll("input, .key").forEach(node => node.remove());
        Object.assign(hidden, { type: "hidden", name: "seen_in", value: `${input.value}:${input.dataset.seenIn}` });
        li.append(
          words.querySelector("svg") ?? "",
          fill(list.dataset.text, { what: words.textContent.trim(), where: input.dataset.seen.toLowerCase() }),
          ...(input.dataset.seenIn ? [hidden] : []),
        );
        return li;
      }),
    );
  });
});
