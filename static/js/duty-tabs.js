// On a phone the desk is two pages, changed by the thumb: what needs the supervisor, and the board with the rest.
// Without this script they follow each other. How many need them stands on the bar, and how long it is to the handover
// on top.
import { fill, hear, once, server, write } from "./page.js";
import { written } from "./unheard.js";

once(() => {
  const desk = document.querySelector(".desk");
  const tabs = [...document.querySelectorAll(".tabs [data-tab]")];
  const needs = document.getElementById("late");
  const many = document.getElementById("tab-n");
  const show = name => {
    desk.dataset.shows = name;
    for (const tab of tabs)
      if (tab.dataset.tab === name) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
  };
  for (const tab of tabs)
    tab.addEventListener("click", event => {
      event.preventDefault();
      show(tab.dataset.tab);
      scrollTo(0, 0);
    });
  const count = () => {
    const loud = needs.querySelectorAll(":scope > li:not(.late--seen)").length;
    write(many, loud + written() || "");
  };
  const left = () => {
    for (const one of document.querySelectorAll(".four [data-until]")) {
      const { until, left, long, over } = one.dataset;
      const minutes = Math.ceil((Date.parse(until) - server.now()) / 60_000);
      const n = Math.abs(minutes);
      write(
        one,
        fill(minutes < 0 ? over : n < 60 ? left : long, { h: Math.floor(n / 60), n: minutes < 0 ? n : n % 60 }),
      );
      one.dataset.when = minutes < 0 ? "late" : "";
    }
  };
  hear("needed", count);
  hear("tick", left);
  show("needs");
});
