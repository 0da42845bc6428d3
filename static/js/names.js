// A long list of names: what is typed leaves those whose line holds all of its words. Whoever is ticked stays in sight.
import { once } from "./page.js";

once(() => {
  for (const field of document.querySelectorAll("[data-names]")) {
    const place = field.closest(".names");
    const count = place.querySelector("[role=status]");
    place.hidden = false; // without a script it would do nothing
    field.addEventListener("input", () => {
      const words = field.value.toLocaleLowerCase().split(/\s+/);
      const rows = [...document.querySelectorAll(field.dataset.names)];
      for (const row of rows) {
        const text = row.textContent.toLocaleLowerCase();
        row.hidden = !(words.every(one => text.includes(one)) || row.querySelector(":checked"));
      }
      count.textContent = field.value ? rows.filter(row => !row.hidden).length : "";
    });
    field.addEventListener("keydown", event => {
      if (event.key === "Enter") event.preventDefault(); // it narrows the list, and sends no form
    });
  }
});
