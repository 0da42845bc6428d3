// Shows the chosen photos and films, lets more be added or one be dropped, and keeps them until they have arrived.
import { IN_FORM, keepPhotos, keptPhotos } from "./citizen-store.js";
import { fitsTheForm, picked } from "./citizen-pick.js";
import { isVideo } from "./citizen-tus.js";

const LONGEST_SECONDS = 121;
const DRAWN = ["image/jpeg", "image/png", "image/webp", "image/gif"];
const input = document.querySelector("#photo");
const list = document.querySelector("#ups");
const said = document.querySelector("#ups-said");
const words = list.dataset;
const follows = words.kept !== "no";
const MOST = follows ? Number(words.most) : IN_FORM; // an officer's form carries its photos itself
let chosen = [];
export let keeping = Promise.resolve(true); // false: this browser keeps nothing

// With this script there are cameras too, and what one picks may be a film.
if (follows) {
  document.querySelectorAll(".snap[hidden]").forEach(camera => {
    camera.hidden = false;
  });
  input.accept = words.accept;
  document.querySelector("#snap-words").textContent = words.gallery;
  document.querySelector("#ups-limits").textContent = words.limits;
}

document.querySelectorAll(".snap input").forEach(one =>
  one.addEventListener("change", () => {
    const fresh = [...one.files].filter(file => !chosen.includes(file));
    if (one !== input) one.value = "";
    keeping = take(fresh);
  }),
);

list.addEventListener("click", event => {
  const button = event.target.closest("button");
  if (!button) return;
  say("");
  choose(chosen.filter((_, at) => at !== Number(button.value)));
  input.focus();
});

if (follows && !input.files.length)
  keptPhotos().then(files => {
    if (files.length) choose(files);
  });

async function take(fresh) {
  const { good, said } = await picked(fresh, !follows);
  const all = [...chosen, ...good];
  say([said, all.length > MOST ? words.full : ""].filter(Boolean).join(" "));
  choose(all.slice(0, MOST));
  return keeping;
}

function choose(files) {
  chosen = files;
  const carrier = new DataTransfer();
  chosen
    .filter(file => !isVideo(file) && fitsTheForm(file))
    .slice(0, IN_FORM)
    .forEach(file => carrier.items.add(file));
  input.files = carrier.files; // what the form itself can carry, should this browser keep nothing
  list.querySelectorAll("img, video").forEach(picture => URL.revokeObjectURL(picture.src));
  list.replaceChildren(...chosen.map(row));
  if (!follows) return;
  keeping = keepPhotos(chosen);
  keeping.then(async kept => {
    if (files !== chosen) return; // others were picked since
    const { good, said: gone } = kept ? { good: chosen } : await picked(chosen);
    if (gone && files === chosen) {
      say(gone); // one that cannot be read any more must not keep the others out
      return choose(good);
    }
    list.dataset.kept = kept ? "yes" : "no";
    if (!kept && chosen.some(isVideo)) say(words.unkept);
  });
}

function row(file, at) {
  const item = document.querySelector("#up-row").content.firstElementChild.cloneNode(true);
  const source = URL.createObjectURL(file);
  const name = `${isVideo(file) ? words.video : words.photo} ${at + 1}`;
  const picture = isVideo(file)
    ? Object.assign(document.createElement("video"), { muted: true, playsInline: true, preload: "metadata" })
    : item.querySelector("img");
  picture.src = source;
  item.querySelector("img").replaceWith(picture);
  picture.addEventListener("loadedmetadata", () => {
    // a browser's own recording knows no length
    const long = picture.duration > LONGEST_SECONDS && picture.duration !== Infinity;
    if (long) say(`${said.textContent} ${name} ${words.long}`.trim()); // beside what is said of others
  });
  // What it cannot draw is no picture to this browser: said of what every browser draws, not of a phone's own kind.
  picture.addEventListener("error", () => {
    if (!picture.isConnected) return;
    picture.replaceWith(document.querySelector("#up-sign").content.firstElementChild.cloneNode(true));
    const fault = `${name} ${words.broken}`;
    if (DRAWN.includes(file.type) && !said.textContent.includes(fault)) say(`${said.textContent} ${fault}`.trim());
  });
  item.querySelector("b").textContent = name;
  item.querySelector("small").textContent =
    `${Math.max(0.1, file.size / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} MB`;
  const button = item.querySelector("button");
  button.value = at;
  button.setAttribute("aria-label", `${words.drop} ${name}`);
  return item;
}

function say(text) {
  said.textContent = text;
  said.hidden = !text;
}
