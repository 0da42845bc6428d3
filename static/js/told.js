// The sentence for the reporter follows what is chosen, until somebody writes another.
import { once } from "./page.js";

once(() => {
  document.addEventListener("change", ({ target }) => {
    const words = target.matches("[data-told]") && target.form.elements.told;
    if (!words) return; // nobody would read it
    const offered = ["", ...Array.from(target.form.querySelectorAll("[data-told]"), one => one.dataset.told)];
    if (offered.includes(words.value)) words.value = target.dataset.told;
  });
});
