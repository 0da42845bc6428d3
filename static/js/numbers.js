// The four numbers on top, counted from the list: the list is the truth.
import { ageOf } from "./ages.js";
import { fill, frame, hear, onBoard, once, word, write } from "./page.js";
import { queue } from "./queue.js";

export let force;
export let there;

once(() => {
  const oldest = document.getElementById("n-oldest");
  const unclaimed = document.getElementById("n-new");
  const set = (id, number) => write(document.querySelector(`#${id} b`), number);
  // Those stations alone whose strength somebody stated; none: nobody knows how many are free.
  force = () => {
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
  there = ({ dataset: { personnel, arrived } }) => {
    const coming = Number(personnel) - Number(arrived);
    if (personnel === "0") return "";
    return coming > 0 ? word("split", { here: arrived, coming }) : word("here", arrived);
  };
  const practice = card => "exercise" in card.dataset;
  // What seems to be one is counted once.
  const headsOf = cards => cards.filter(card => queue.leader(card) === card).length;
  const count = frame(() => {
    const cards = onBoard();
    // What is practised waits too, but for nobody: it is counted apart.
    const [practised, real] = [cards.filter(practice), cards.filter(card => !practice(card))];
    const waiting = real.filter(card => card.dataset.status === "new");
    const ages = waiting.map(card => ageOf(card.id)).filter(Boolean);
    const late = ages.filter(age => age.when === "late");
    const first = (late.length ? late : ages).sort((a, b) => b.seconds - a.seconds)[0];
    // more wait than are here
    const cut = Number(document.getElementById("more")?.dataset.more) && waiting.length === cards.length;
    const heads = headsOf(waiting);
    set("n-new", heads + (cut ? "+" : ""));
    const also = headsOf(practised.filter(card => card.dataset.status === "new"));
    unclaimed.toggleAttribute("data-partly", also > 0); // two lines of words, at a wall
    write(unclaimed.lastElementChild, also ? fill(unclaimed.dataset.practice, also) : unclaimed.dataset.words);
    set("n-scene", real.filter(card => card.dataset.status === "on_scene").length);
    set("n-oldest", first?.age ?? "–");
    oldest.dataset.when = first?.when ?? "";
    write(oldest.querySelector("span"), first?.when === "late" ? oldest.dataset.wordsLate : oldest.dataset.words);
    const { free, strength, unstated, known } = force();
    const all = document.getElementById("n-free");
    write(all.querySelector("b > span"), known ? free : "–");
    write(all.querySelector("small span"), strength);
    all.querySelector("small").hidden = !known;
    all.toggleAttribute("data-partly", known && unstated > 0);
    write(
      all.lastElementChild,
      fill(known ? (unstated ? all.dataset.some : all.dataset.all) : all.dataset.none, unstated),
    );
    for (const total of document.querySelectorAll("[data-free-total]")) write(total, known ? free : "–");
    document.getElementById("calm").hidden = cards.length > 0;
    document.title = (heads ? `(${heads}) ` : "") + word("title");
  });
  hear("aged", count);
  hear("placed", count);
});
