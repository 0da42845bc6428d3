// For 20 seconds after a claim (one less here, for the way there): one press gives it back, no reason asked.
siaga.once("undo", () => {
  const SECONDS = 19, line = document.getElementById("undo"), count = line.querySelector(".num");
  let claimed = null, until = 0;
  siaga.hear("acted", ({ id, step }) => {
    if (step !== "claim") { if (id === claimed) line.hidden = true; return; }
    claimed = id;
    until = performance.now() + SECONDS * 1000;
    const what = document.querySelector(`#incident-${id} .card-what`)?.textContent.trim() ?? "";
    const words = line.querySelector("span[data-text]");
    words.textContent = siaga.fill(words.dataset.text, what);
    count.textContent = SECONDS;
    line.hidden = false;
  });
  line.querySelector("button").addEventListener("click", () => {
    line.hidden = true;
    siaga.act(claimed, "release");
  });
  siaga.hear("tick", () => {
    if (line.hidden) return;
    const left = Math.ceil((until - performance.now()) / 1000);
    count.textContent = left;
    if (left <= 0) line.hidden = true;
  });
});
