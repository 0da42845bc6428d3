// What a screen that burns day and night needs: dark from 18:00 to 06:00, the time and the day, and the whole picture
// moved by a few pixels every minute, so that no edge stands in one place for a year.
import { clock } from "./clock.js";
import { hear, once, server, sheet } from "./page.js";

once(() => {
  const shown = document.getElementById("wall-clock");
  const day = document.getElementById("wall-day");
  const format = new Intl.DateTimeFormat(day.dataset.locale, {
    timeZone: document.documentElement.dataset.zone,
    weekday: "short",
    day: "numeric",
    month: "short",
  });
  const PATH = [
    [0, 0],
    [2, 1],
    [4, 2],
    [3, 4],
    [0, 5],
    [-3, 4],
    [-4, 2],
    [-2, 0],
    [-3, -2],
    [-1, -4],
    [2, -4],
    [3, -2],
  ];
  let minute = "";

  hear("tick", () => {
    const now = server.now();
    const time = clock(now).slice(0, 5);
    if (time === minute) return;
    minute = shown.textContent = time;
    day.textContent = format.format(now);
    document.documentElement.dataset.theme = time >= "06:00" && time < "18:00" ? "light" : "dark";
    const [x, y] = PATH[Math.floor(now / 60_000) % PATH.length];
    sheet("shift", `.wall{translate:calc(${x} * var(--w)) calc(${y} * var(--w))}`);
  });
});
