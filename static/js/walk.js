// A list one walks by keys: a menu, the stations, the quick replies. Arrows go from one to the next, a printed letter
// or digit presses, Enter in a list of ticks leaves it, and the focus goes back to where the work is. An opened menu
// has the focus on its first item.
import { hear, once } from "./page.js";

once(() => {
  const STOPS = "button, a[href], summary, input:not([type=hidden], .post-go)";
  const stops = list => [...list.querySelectorAll(STOPS)].filter(one => !one.disabled && one.checkVisibility());
  const panel = document.getElementById("panel");
  const back = () => panel?.focus({ preventScroll: true });
  const opened = () => document.querySelector(".menu:popover-open");
  const walk = list => stops(list)[0]?.focus();

  hear("walk", ({ list }) => walk(list));
  document.addEventListener(
    "toggle",
    event => {
      if (event.newState === "open" && event.target.matches(".menu")) walk(event.target);
    },
    true,
  );
  document.addEventListener(
    "keydown",
    event => {
      // One that has opened and has no focus yet takes what is pressed meanwhile: no letter of it is a key of the page.
      const list = event.target.closest?.(".menu:popover-open, [data-walk]") ?? opened();
      const { key } = event;
      if (
        !list ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        event.target.matches("select, input:not([type=checkbox], [type=radio])")
      )
        return;
      const all = stops(list);
      const at = all.indexOf(event.target);
      const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: -1 }[key];
      const pressed = /^[1-9]$/.test(key)
        ? list.matches('[data-walk="press"]') && all[key - 1]
        : list.querySelector(`[data-letter="${CSS.escape(key.toLowerCase())}"]`);
      if (to !== undefined) all.at(to === all.length ? 0 : to).focus();
      else if (pressed && !event.repeat) pressed.click();
      else if (key === "." && list.matches(".menu")) list.hidePopover();
      else if (key === "Enter" && event.target.matches("[type=checkbox], [type=radio]"))
        (list.closest("dialog")?.querySelector("[data-sends]") ?? panel)?.focus(); // it would send the form
      else return;
      event.preventDefault();
    },
    true,
  );
  // A window that closes gives the focus back to what opened it; where that is not seen any more, to the panel.
  document.addEventListener(
    "close",
    event => {
      if (
        (event.target.matches?.("dialog") &&
          !document.activeElement?.checkVisibility?.({ visibilityProperty: true })) ||
        document.activeElement === document.body
      )
        back();
    },
    true,
  );
});
