// What an officer had half written when the page must go, for the next page of the same officer in this tab. It names
// reporters and suspects, and a console is shared: so it lies there sealed, by a key that only an officer's own pages
// bring (#half, console/door/whose.py) and that is stored nowhere. The door has none, and a page of somebody else's
// throws away what it cannot open. Signing out by one's own hand leaves nothing, in any tab. A browser gives no
// Web Crypto to a page that came over plain http from elsewhere: there nothing is kept.
import { once, tell } from "./page.js";

const SEALED = "siaga.sealed.";
const NONCE = 24; // hex digits
const AT_MOST = 500; // ms for what is being sealed
const IN_A_MOMENT = 60_000; // by then a session that was ended by hand is over
const others = new BroadcastChannel("siaga-out");
let thrown = -IN_A_MOMENT;
const unwanted = () => performance.now() < thrown + IN_A_MOMENT;
const lying = () => Object.keys(sessionStorage).filter(name => name.startsWith(SEALED));
const toHex = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join("");
const fromHex = text => Uint8Array.from(text.match(/../g), digits => Number.parseInt(digits, 16));

async function sealer() {
  const secret = document.getElementById("half")?.dataset.seal;
  if (!secret || !crypto.subtle) return null;
  return crypto.subtle.importKey("raw", fromHex(secret), "AES-GCM", false, ["encrypt", "decrypt"]);
}
// Words in the place of others are none of ours: each is sealed together with its name.
const how = (name, nonce) => ({
  name: "AES-GCM",
  iv: fromHex(nonce),
  additionalData: new TextEncoder().encode(name),
});

export async function seal(name, what) {
  const key = await sealer();
  if (!key) return;
  const nonce = toHex(crypto.getRandomValues(new Uint8Array(NONCE / 2)));
  const said = new TextEncoder().encode(JSON.stringify(what));
  const sealed = await crypto.subtle.encrypt(how(name, nonce), key, said);
  if (!unwanted()) sessionStorage.setItem(SEALED + name, nonce + toHex(new Uint8Array(sealed)));
}
async function opened(name, sealed) {
  const key = await sealer();
  if (!key || !sealed) return null;
  try {
    const rest = fromHex(sealed.slice(NONCE));
    const said = await crypto.subtle.decrypt(how(name, sealed.slice(0, NONCE)), key, rest);
    return JSON.parse(new TextDecoder().decode(said));
  } catch {
    return null; // another's, or nothing of ours
  }
}
// Once: null when there is nothing, or nothing for this officer.
export async function unseal(name) {
  const sealed = sessionStorage.getItem(SEALED + name);
  sessionStorage.removeItem(SEALED + name);
  return opened(name, sealed);
}

// Whoever has something half written keeps it, then the page goes.
export async function leave(go) {
  const keeping = [];
  tell("leaving", { waitUntil: kept => keeping.push(kept) });
  await Promise.race([Promise.allSettled(keeping), new Promise(done => setTimeout(done, AT_MOST))]);
  go();
}
export const leaveForTheDoor = () =>
  leave(() => location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`));

function throwAway() {
  thrown = performance.now();
  for (const name of lying()) sessionStorage.removeItem(name);
}
others.onmessage = throwAway;

once(async () => {
  document.addEventListener("submit", event => {
    if (event.defaultPrevented || event.target.getAttribute("action") !== "/sign-out") return;
    throwAway();
    others.postMessage("out");
  });
  if (!document.getElementById("half")) return;
  for (const name of lying())
    if (!(await opened(name.slice(SEALED.length), sessionStorage.getItem(name)))) sessionStorage.removeItem(name);
});
