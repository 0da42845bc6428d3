// Never into the dark: nobody touches this screen, so it leaves its page only for one that the server has just given.
// An error page would stay for ever.
import { once } from "./page.js";

export let go;

once(() => {
  const AGAIN = 5_000;
  let going = false;
  go = async () => {
    if (going) return;
    going = true;
    const answer = await fetch("/wall", { cache: "no-store" }).catch(() => null);
    if (answer?.ok) return location.replace("/wall");
    setTimeout(() => {
      going = false;
      go();
    }, AGAIN);
  };
});
