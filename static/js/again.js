// A new password typed twice: a slip is said before it is sent, for a page that comes back holds no password.
import { once } from "./page.js";

once(() => {
  for (const again of document.querySelectorAll("input[data-same-as]")) {
    const first = document.getElementById(again.dataset.sameAs);
    const compare = () =>
      again.setCustomValidity(again.value && again.value !== first.value ? again.dataset.wrong : "");
    first.addEventListener("input", compare);
    again.addEventListener("input", compare);
  }
});
