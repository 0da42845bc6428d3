// A script that a lost signal swallowed is asked for again until it comes: a page without it would stand still and not
// say so.
(() => {
  const WAIT_MS = 1000;
  const TRIES = 2;

  addEventListener(
    "error",
    ({ target: lost }) => {
      if (!(lost instanceof HTMLScriptElement) || !lost.src) return;
      const script = document.createElement("script");
      const url = new URL(lost.src);
      const tries = 1 + Number(url.searchParams.get("again"));
      url.searchParams.set("again", tries); // by another name: browsers remember that a module failed
      script.type = lost.type;
      script.src = url;
      setTimeout(() => (tries > TRIES && !typed() ? anew() : lost.replaceWith(script)), WAIT_MS);
    },
    true,
  );

  // And they remember it of what a module imports, whose name cannot be changed: then the page itself comes again, with
  // the signal.
  async function anew() {
    const answer = await fetch("/health", { cache: "no-store" }).catch(() => null);
    if (answer?.ok) location.reload();
    else setTimeout(anew, WAIT_MS);
  }

  function typed() {
    return [...document.querySelectorAll("textarea, input")].some(field => field.value !== field.defaultValue);
  }
})();
