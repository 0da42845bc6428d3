// A partner's counts, from the list: how many wait for an answer, how many were accepted; the title says it to a hidden tab.
siaga.once("agency", () => {
  const board = document.getElementById("board"), calm = document.getElementById("calm");
  const count = siaga.frame(() => {
    const of = state => board.querySelectorAll(`:scope > [data-state="${state}"]`).length, asked = of("asked");
    document.getElementById("n-asked").textContent = asked;
    document.getElementById("n-accepted").textContent = of("accepted");
    calm.hidden = board.children.length > 0;
    document.title = (asked ? `(${asked}) ` : "") + siaga.word("title");
  });
  siaga.hear("placed", count);
  siaga.hear("refetched", count);
  count();
});
