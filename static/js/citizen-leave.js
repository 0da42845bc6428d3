// Keluar cepat: the draft goes, this page leaves the history, and something harmless stands there.
import { forget } from "./citizen-store.js";

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-leave]");
  if (!link) return;
  event.preventDefault();
  document.documentElement.hidden = true;
  Promise.race([forget(), new Promise((done) => setTimeout(done, 300))]).then(() => location.replace(link.href));
});
