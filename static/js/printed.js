// Paper says when it was printed, not when the page came.
import { clock } from "./clock.js";
import { fill, once, server, write } from "./page.js";

once(() => {
  const {
    lang,
    dataset: { zone },
  } = document.documentElement;
  const date = new Intl.DateTimeFormat(lang, { timeZone: zone, day: "numeric", month: "long", year: "numeric" });
  addEventListener("beforeprint", () => {
    for (const line of document.querySelectorAll(".printed"))
      write(line, fill(line.dataset.text, `${date.format(server.now())} ${clock(server.now()).slice(0, 5)}`));
  });
});
