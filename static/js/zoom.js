// Zoom, turn and move: numbers of the page, given to the picture alone.
import { frame, once } from "./page.js";
import { film, isOpen, part, say, thing, viewer } from "./viewer.js";

let look = { scale: 1, turn: 0, x: 0, y: 0 };

function fit(next) {
  look = next;
  const one = thing();
  say("scale", `${Math.round(look.scale * 100)} %`);
  if (!one?.matches("img")) return;
  const { width: w, height: h } = part("stage").getBoundingClientRect();
  const { naturalWidth: nw, naturalHeight: nh } = one;
  const upright = Math.min(w / nw, h / nh);
  const lying = look.turn % 180 ? Math.min(w / nh, h / nw) / upright : 1;
  const [ow, oh] = look.turn % 180 ? [nh, nw] : [nw, nh];
  const by = upright * (lying || 1) * look.scale;
  const far = (size, room) => Math.max(0, (size * by - room) / 2) || 0;
  look.x = Math.max(-far(ow, w), Math.min(far(ow, w), look.x));
  look.y = Math.max(-far(oh, h), Math.min(far(oh, h), look.y));
  const scale = look.scale * (lying || 1);
  one.style.transform = `translate(${look.x}px, ${look.y}px) scale(${scale}) rotate(${look.turn}deg)`;
  part("stage").toggleAttribute("data-near", look.scale > 1);
}
// About a point of the place, from its middle: what lies beneath it stays beneath it.
export function zoom(by, x = 0, y = 0) {
  const scale = Math.max(1, Math.min(8, look.scale * by));
  const f = scale / look.scale;
  if (thing()?.matches("img")) fit({ ...look, scale, x: x - (x - look.x) * f, y: y - (y - look.y) * f });
}
export const whole = () => fit({ ...look, scale: 1, x: 0, y: 0 });
export const turn = () => {
  if (thing()?.matches("img")) fit({ ...look, turn: (look.turn + 90) % 360, x: 0, y: 0 });
};
export const move = (x, y) => fit({ ...look, x: look.x + x, y: look.y + y });
export const fitAgain = () => fit(look);
export const unzoomed = () => fit({ scale: 1, turn: 0, x: 0, y: 0 });

once(() => {
  if (!viewer()) return;
  const picture = part("stage");
  picture.addEventListener(
    "wheel",
    event => {
      if (!thing()?.matches("img")) return;
      event.preventDefault();
      const box = picture.getBoundingClientRect();
      zoom(
        event.deltaY < 0 ? 1.2 : 1 / 1.2,
        event.clientX - box.x - box.width / 2,
        event.clientY - box.y - box.height / 2,
      );
    },
    { passive: false },
  );
  picture.addEventListener("pointerdown", event => {
    if (event.button || look.scale <= 1 || film()) return;
    picture.setPointerCapture(event.pointerId);
    const go = ({ movementX, movementY }) => move(movementX, movementY);
    picture.addEventListener("pointermove", go);
    for (const end of ["pointerup", "pointercancel"])
      picture.addEventListener(end, () => picture.removeEventListener("pointermove", go), { once: true });
  });
  picture.addEventListener("dblclick", event => {
    const box = picture.getBoundingClientRect();
    if (look.scale > 1) whole();
    else zoom(2.5, event.clientX - box.x - box.width / 2, event.clientY - box.y - box.height / 2);
  });
  new ResizeObserver(
    frame(() => {
      if (isOpen()) fitAgain();
    }),
  ).observe(picture);
});
