// Dark or light: remembered on this machine, set before the first paint, told to the map.
(() => {
  const remembered = localStorage.getItem("siaga-theme");
  if (remembered) document.documentElement.dataset.theme = remembered;
  siaga.once("theme", () => {
    document.addEventListener("click", event => {
      if (!event.target.closest("[data-theme-switch]")) return;
      const theme = document.documentElement.dataset.theme === "light" ? "dark" : "light";
      document.documentElement.dataset.theme = theme;
      localStorage.setItem("siaga-theme", theme);
      siaga.tell("theme");
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => siaga.tell("theme"));
  });
})();
