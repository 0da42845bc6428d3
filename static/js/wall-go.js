// Never into the dark: nobody touches this screen, so it leaves its page only for one that the server has just given.
// An error page would stay for ever.
siaga.once("wall-go", () => {
  const AGAIN = 5_000;
  let going = false;
  siaga.go = async () => {
    if (going) return;
    going = true;
    const answer = await fetch("/wall", { cache: "no-store" }).catch(() => null);
    if (answer?.ok) return location.replace("/wall");
    setTimeout(() => {
      going = false;
      siaga.go();
    }, AGAIN);
  };
});
