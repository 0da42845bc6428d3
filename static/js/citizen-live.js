// The line to the server as a reporter's page shows it: one lamp, which owns up when nothing is heard.
import { hear, once, tell } from "./page.js";
import { follow } from "./socket.js";

once(() => {
  const LOOK_MS = 1_000;
  // Where to is decided already: left quickly, or by a form that is on its way, as with the code that ends a guest's
  // session and this line with it.
  let going = false;
  const left = () => going || document.documentElement.hidden;
  let shown = "gone";

  function show(state = shown) {
    const heard = !["cut", "gone"].includes(state);
    shown = document.documentElement.dataset.live = heard && navigator.onLine ? "well" : "gone";
    const lamp = document.getElementById("lamp");
    if (!lamp) return;
    lamp.hidden = false;
    lamp.dataset.is = shown;
    const words = lamp.querySelector("span");
    if (words.textContent !== lamp.dataset[shown]) words.textContent = lamp.dataset[shown];
  }
  const { lose } = follow({
    shows: show,
    path: () => location.href,
    lists: ["board"],
    lost: () => left() || location.reload(), // it is not there any more: the server says so
    out: () => left() || location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`),
  });
  addEventListener("submit", event => {
    going = !event.defaultPrevented;
  });
  addEventListener("pageshow", () => {
    going = false; // back from where it led
  });
  addEventListener("offline", lose);
  hear("unreached", lose);
  document.addEventListener("htmx:after:swap", () => show()); // a morph brings the lamp back as the server drew it
  setInterval(() => tell("tick"), LOOK_MS);
});
