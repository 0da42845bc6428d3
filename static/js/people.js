// The top bar gives way in a fixed order when its row is too narrow: the town's name, then people ("RS DL +8"; me
// first, then who is silent). The numbers, sound, lamp and clock never shrink. Both are the page's to decide: an
// attribute of the bar, a sheet.
import { frame, once, sheet, write } from "./page.js";

once(() => {
  const bar = document.querySelector(".topbar");
  const list = document.getElementById("duty");
  const more = document.getElementById("others");
  const over = () => bar.scrollWidth > bar.clientWidth;
  const order = li => Number(getComputedStyle(li).order);

  const fit = frame(() => {
    const people = [...list.children].sort((a, b) => order(a) - order(b));
    let shown = people.length;
    const show = () => {
      const away = people.slice(shown);
      sheet("people", away.length ? `${away.map(li => `#${li.id}`)}{display:none}` : "");
      more.hidden = !away.length;
      write(more.querySelector("span"), `+${away.length}`);
      more.title = away.map(li => li.title).join(", ");
      write(more.querySelector(".unseen"), more.title);
    };
    bar.removeAttribute("data-tight");
    show();
    if (over()) bar.setAttribute("data-tight", "");
    while (over() && shown > 0) {
      shown -= 1;
      show();
    }
  });
  const sizes = new ResizeObserver(fit);
  for (const part of [bar, ...bar.querySelectorAll(".numeral, .lamp")]) sizes.observe(part);
  new MutationObserver(fit).observe(list, { childList: true, subtree: true, attributes: true });
  document.fonts.ready.then(fit);
});
