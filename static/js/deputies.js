// Pejabat sementara: whoever gave it, or has it, may end it here. A sheet of the page, since the list is pushed to all
// alike.
import { frame, myself, once, sheet } from "./page.js";

once(() => {
  const list = document.getElementById("deputies");
  const me = myself();
  const draw = frame(() => {
    const others = [...list.children].filter(row => !row.dataset.owners.split(" ").includes(me));
    sheet("deputies", others.length ? `${others.map(row => `#${row.id} form`)}{display:none}` : "");
  });
  new MutationObserver(draw).observe(list, { childList: true, subtree: true, attributes: true });
  draw();
});
