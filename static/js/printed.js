// Paper says when it was printed, not when the page came.
siaga.once("printed", () => {
  const {
    lang,
    dataset: { zone },
  } = document.documentElement;
  const date = new Intl.DateTimeFormat(lang, { timeZone: zone, day: "numeric", month: "long", year: "numeric" });
  addEventListener("beforeprint", () => {
    for (const line of document.querySelectorAll(".printed"))
      siaga.write(
        line,
        siaga.fill(line.dataset.text, `${date.format(siaga.now())} ${siaga.clock(siaga.now()).slice(0, 5)}`),
      );
  });
});
