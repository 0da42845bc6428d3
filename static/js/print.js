// The browser prints a sheet, and also makes a PDF of it.
import { once } from "./page.js";

once(() => {
  document.querySelector("[data-print]")?.addEventListener("click", () => print());
});
