// All the other kinds, found by a word: what does not hold it steps aside. Without scripts they stand there, sorted.
const box = document.querySelector("#rest-find");
const none = document.querySelector("#rest-none");
const kinds = [...document.querySelectorAll(".rest .option")];

const plain = words => words.normalize("NFKD").toLowerCase();

box.hidden = false;
box.addEventListener("keydown", event => {
  if (event.key === "Enter") event.preventDefault(); // it looks for a kind, and sends nothing
});
box.addEventListener("input", () => {
  const asked = plain(box.value).split(/\s+/).filter(Boolean);
  for (const kind of kinds) {
    const here = asked.every(word => plain(kind.dataset.find).includes(word));
    kind.hidden = !here && !kind.querySelector(":checked"); // what was chosen never hides
  }
  none.hidden = kinds.some(kind => !kind.hidden);
});
