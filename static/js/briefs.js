// Atensi: which of them I have read, and how many I have not. A sheet of the page, since the list is pushed to all
// alike.
import { fill, frame, hear, myself, once, sheet, write } from "./page.js";

once(() => {
  const list = document.getElementById("briefs");
  const head = document.getElementById("briefs-n");
  const me = myself();
  const draw = frame(() => {
    const rows = [...list.children];
    const read = rows.filter(row => row.dataset.read.split(" ").includes(me));
    sheet("briefs", read.length ? `${read.map(row => `#${row.id} .brief-read`)}{display:none}` : "");
    const unread = rows.length - read.length;
    write(head, unread ? fill(head.dataset.unread, { n: rows.length, unread }) : rows.length);
    head.toggleAttribute("data-unread-now", unread > 0);
    list.closest(".briefs-pane").toggleAttribute("data-bare", !rows.length);
  });
  new MutationObserver(draw).observe(list, { childList: true, subtree: true, attributes: true });
  hear("refetched", draw);
  draw();
});
