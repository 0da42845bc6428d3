// The four numbers on top, counted from the list: the list is the truth.
siaga.once("numbers", () => {
  const oldest = document.getElementById("n-oldest");
  const set = (id, number) => siaga.write(document.querySelector(`#${id} b`), number);
  const count = siaga.frame(() => {
    const cards = siaga.cards(), waiting = cards.filter(card => card.dataset.status === "new");
    const ages = waiting.map(card => siaga.ages.get(card.id)).filter(Boolean), late = ages.filter(age => age.when === "late");
    const first = (late.length ? late : ages).sort((a, b) => b.seconds - a.seconds)[0];
    set("n-new", waiting.length);
    set("n-scene", cards.filter(card => card.dataset.status === "on_scene").length);
    set("n-oldest", first?.age ?? "–");
    oldest.dataset.when = first?.when ?? "";
    siaga.write(oldest.querySelector("span"), first?.when === "late" ? oldest.dataset.wordsLate : oldest.dataset.words);
    let free = 0, strength = 0;
    for (const { dataset } of document.querySelectorAll("#stations > li")) { free += +dataset.free; strength += +dataset.strength; }
    siaga.write(document.querySelector("#n-free b > span"), free);
    siaga.write(document.querySelector("#n-free small span"), strength);
    for (const total of document.querySelectorAll("[data-free-total]")) siaga.write(total, free);
    document.getElementById("calm").hidden = cards.length > 0;
    document.title = (waiting.length ? `(${waiting.length}) ` : "") + siaga.word("title");
  });
  siaga.hear("aged", count);
  siaga.hear("placed", count);
});
