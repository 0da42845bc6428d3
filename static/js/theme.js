// Dark or light: remembered on this machine, set before the first paint, told to the map.
import { atOnce, once, tell } from "./page.js";

atOnce(() => {
  const remembered = localStorage.getItem("siaga-theme");
  if (remembered) document.documentElement.dataset.theme = remembered;
  once(() => {
    document.addEventListener("click", event => {
      if (!event.target.closest("[data-theme-switch]")) return;
      const theme = document.documentElement.dataset.theme === "light" ? "dark" : "light";
      document.documentElement.dataset.theme = theme;
      localStorage.setItem("siaga-theme", theme);
      tell("theme");
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => tell("theme"));
  });
});
