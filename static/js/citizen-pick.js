// Which of the files just picked may come along, and what is said of the others, each by its name, before a byte is
// sent.
import { within } from "./citizen-store.js";

const READS_MS = 10_000;
const PNG_HEAD = 24;
const PNG_SIGNED = 0x89504e47;
const { dataset: words } = document.querySelector("#picking");
const endings = JSON.parse(words.endings);
const types = words.types.split(" ");

// {good, said}. One that is empty, gone or none of ours keeps no other from coming. `inForm`: the form carries them.
export async function picked(files, inForm = false) {
  const good = [];
  const said = [];
  for (const one of files) {
    const file = named(one);
    const fault = await faultOf(file, inForm);
    if (fault) said.push(`${file.name}: ${fault}`);
    else good.push(file);
  }
  return { good, said: said.join(" ") };
}

export const fitsTheForm = file => file.size <= words.formBytes;

async function faultOf(file, inForm) {
  const film = file.type.startsWith("video/");
  if (!file.size) return words.empty;
  if (known(file.type) && !types.includes(file.type)) return words.kind;
  if (inForm && (film || !fitsTheForm(file))) return film ? words.kind : words.bigForm;
  if (file.size > (film ? words.filmBytes : words.photoBytes)) return words.big;
  // taken out of the gallery since, or lying in a cloud that does not answer
  const head = await within(READS_MS, file.slice(0, PNG_HEAD).arrayBuffer()).catch(() => null);
  if (!head) return words.gone;
  return pixels(new DataView(head)) > words.pngPixels ? words.wide : "";
}

// Of a PNG, which says it first: width and height stand behind its signature and the name of its first part.
function pixels(head) {
  const png = head.byteLength >= PNG_HEAD && head.getUint32(0) === PNG_SIGNED;
  return png ? head.getUint32(16) * head.getUint32(20) : 0;
}

// Some phones do not know the type of their own films: the ending tells it, from here on.
function named(file) {
  const type = endings[file.name.split(".").pop().toLowerCase()];
  return known(file.type) || !type ? file : new File([file], file.name, { type, lastModified: file.lastModified });
}

const known = type => type && type !== "application/octet-stream"; // what nobody knows, the server finds out
