// The way back to where one came from. No page tells another one its address (referrer-policy), so the browser's own
// memory is asked.
import { once } from "./page.js";

once(() => {
  const back = document.querySelector("[data-back]");
  if (!back) return;
  back.hidden = history.length < 2;
  back.addEventListener("click", () => history.back());
});
