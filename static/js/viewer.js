// The viewer: where evidence is looked at, in the map's place on the console and in a window elsewhere, and what lies
// there.
import { choice } from "./choice.js";
import { write } from "./page.js";

export const viewed = { items: [], at: 0 }; // what may be leafed through, and which of it is shown
export const viewer = () => document.getElementById("viewer");
export const part = name => document.getElementById(`viewer-${name}`);
export const staged = () => !viewer().matches("dialog");
export const isOpen = () => (staged() ? choice.staged() === "evidence" : viewer().open);
export const thing = () => part("stage").firstElementChild;
export const film = () => (thing()?.matches("video") ? thing() : null);
export function say(name, words) {
  if (part(name)) write(part(name), words);
}
