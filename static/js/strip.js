// The strip beneath the viewer: veiled what was not looked at yet; what was is drawn small from what is here already.
import { part, viewed } from "./viewer.js";

const drawn = new Map(); // what was looked at, small
const called = item => item.id || item.href;

export function strips() {
  const strip = part("film");
  const focused = strip.contains(document.activeElement);
  strip.replaceChildren(
    ...viewed.items.map((item, n) => {
      const button = document.createElement("button");
      const li = document.createElement("li");
      const label = item.querySelector(".thumb-name").cloneNode(true);
      Object.assign(button, { type: "button", className: `film${item.dataset.look ? "" : " film--none"}` });
      button.dataset.item = n;
      if (n === viewed.at) button.setAttribute("aria-current", "true");
      const veil = drawn.get(called(item)) ?? item.querySelector("img")?.cloneNode();
      if (veil && !drawn.has(called(item))) button.classList.add("film--veil");
      button.append(...(veil ? [veil] : []), label);
      li.append(button);
      return li;
    }),
  );
  const now = strip.querySelector('[aria-current="true"]');
  now?.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (focused) now?.focus();
}

export function small(item, one) {
  const { naturalWidth: w, naturalHeight: h } = one;
  const canvas = document.createElement("canvas");
  if (!w) return;
  Object.assign(canvas, { width: 192, height: 120 });
  const by = Math.max(192 / w, 120 / h);
  canvas.getContext("2d").drawImage(one, (192 - w * by) / 2, (120 - h * by) / 2, w * by, h * by);
  drawn.set(called(item), canvas);
  strips();
}

export function clearStrip() {
  part("film").replaceChildren();
  drawn.clear();
}
