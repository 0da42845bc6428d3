// The four numbers on top, counted from the list: the list is the truth.
siaga.once("numbers", () => {
  const oldest = document.getElementById("n-oldest");
  const set = (id, number) => siaga.write(document.querySelector(`#${id} b`), number);
  // Those stations alone whose strength somebody stated; none: nobody knows how many are free.
  siaga.force = () => {
    const rows = [...document.querySelectorAll("#stations > li")].map(row => row.dataset);
    const stated = rows.filter(row => row.strength !== "");
    const sum = name => stated.reduce((n, row) => n + Number(row[name]), 0);
    return {
      free: sum("free"),
      strength: sum("strength"),
      unstated: rows.length - stated.length,
      known: stated.length > 0,
    };
  };
  // Who is there and who is still on the way are never one number; "" when nobody is out.
  siaga.there = ({ dataset: { personnel, arrived } }) => {
    const coming = Number(personnel) - Number(arrived);
    if (personnel === "0") return "";
    return coming > 0 ? siaga.word("split", { here: arrived, coming }) : siaga.word("here", arrived);
  };
  const count = siaga.frame(() => {
    const cards = siaga.cards();
    const waiting = cards.filter(card => card.dataset.status === "new");
    const ages = waiting.map(card => siaga.ages.get(card.id)).filter(Boolean);
    const late = ages.filter(age => age.when === "late");
    const first = (late.length ? late : ages).sort((a, b) => b.seconds - a.seconds)[0];
    // more wait than are here
    const cut = Number(document.getElementById("more")?.dataset.more) && waiting.length === cards.length;
    // what seems to be one is counted once
    const heads = waiting.filter(card => (siaga.leader?.(card) ?? card) === card).length;
    set("n-new", heads + (cut ? "+" : ""));
    set("n-scene", cards.filter(card => card.dataset.status === "on_scene").length);
    set("n-oldest", first?.age ?? "–");
    oldest.dataset.when = first?.when ?? "";
    siaga.write(oldest.querySelector("span"), first?.when === "late" ? oldest.dataset.wordsLate : oldest.dataset.words);
    const { free, strength, unstated, known } = siaga.force();
    const all = document.getElementById("n-free");
    siaga.write(all.querySelector("b > span"), known ? free : "–");
    siaga.write(all.querySelector("small span"), strength);
    all.querySelector("small").hidden = !known;
    all.toggleAttribute("data-partly", known && unstated > 0);
    siaga.write(
      all.lastElementChild,
      siaga.fill(known ? (unstated ? all.dataset.some : all.dataset.all) : all.dataset.none, unstated),
    );
    for (const total of document.querySelectorAll("[data-free-total]")) siaga.write(total, known ? free : "–");
    document.getElementById("calm").hidden = cards.length > 0;
    document.title = (heads ? `(${heads}) ` : "") + siaga.word("title");
  });
  siaga.hear("aged", count);
  siaga.hear("placed", count);
});
