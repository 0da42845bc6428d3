// The alarm sounds from what the page shows, not from what arrives: each source says what waits now, and while it does
// it repeats, also for what came while this screen was away. alarm(source): () => [{ key, kind, tone, every,
// urgency }]. Kinds sound beside each other. S hushes what waits now for 60 seconds; anything new sounds. Whatever goes
// wrong on the way is said (unarmed.js), never swallowed.
import { does } from "./keys.js";
import { after, fill, hear, once, tell, write } from "./page.js";
import { sound } from "./sound.js";

export let alarm;
export let hush;

once(() => {
  const HUSH = 60;
  const KINDS = ["call", "exercise", "handed", "written", "blind"];
  const BLIND_EVERY = 15;
  const APART = 0.9;
  const button = document.getElementById("sound");
  const label = button.querySelector("span");
  const sign = button.querySelector("use");
  const sources = [];
  const hushed = new Map();
  const rung = new Set();
  const heard = new Set(); // cards whose alarm has sounded here
  const last = {}; // what is hushed → until when; what has been heard once
  const clock = () => performance.now() / 1000;
  let blindSeen = false;

  function ring(all, now) {
    for (const [key, until] of hushed) if (until <= now) hushed.delete(key);
    const loud = all.filter(one => !hushed.has(one.key)).sort((a, b) => a.urgency - b.urgency);
    let later = 0;
    for (const kind of KINDS) {
      const those = loud.filter(one => one.kind === kind);
      const fresh = those.some(one => !rung.has(one.key));
      const due = those[0] && now - (last[kind] ?? -Infinity) >= those[0].every;
      if (!(fresh || due) || !sound.on()) continue;
      sound.ring(those[0].tone, later);
      last[kind] = now;
      later += APART;
      for (const one of those) {
        rung.add(one.key);
        one.cards?.forEach(card => heard.add(card));
      }
    }
    const cards = new Set(all.flatMap(one => one.cards ?? []));
    for (const card of heard) if (!cards.has(card)) heard.delete(card);
    const keys = new Set(all.map(one => one.key));
    for (const key of rung) if (!keys.has(key)) rung.delete(key);
    return loud;
  }
  function show(all, loud, now) {
    const on = sound.on();
    const quiet = hushed.size && all.length && !loud.length;
    const is = sound.state === "trying" ? "trying" : !on ? "off" : quiet ? "hushed" : "armed";
    write(
      label,
      fill(button.dataset[is] ?? button.dataset.off, quiet ? Math.ceil(Math.max(...hushed.values()) - now) : ""),
    );
    if (button.dataset.state === is) return;
    button.dataset.is = { armed: "", off: "gone" }[is] ?? "weak";
    button.dataset.state = is;
    sign.setAttribute("href", { hushed: "#i-hush", armed: "#i-sound" }[is] ?? "#i-soundoff");
  }
  function check() {
    const now = clock();
    let all = [];
    let loud = [];
    try {
      all = sources.flatMap(source => source());
      loud = ring(all, now);
    } catch (error) {
      sound.fail("program", error);
    }
    show(all, loud, now);
    button.dataset.looked = Date.now();
    tell("looked", { waits: all.length, rang: heard });
  }

  alarm = source => {
    sources.push(source);
  };
  // Hushed until then, in seconds from now: all that waits, or one thing.
  hush = (seconds = HUSH, key = null) => {
    const until = clock() + (Number(seconds) || HUSH);
    for (const one of key ? [{ key }] : sources.flatMap(source => source())) hushed.set(one.key, until);
    check();
  };
  does.s = () => hush();
  alarm(() => {
    const blind = document.documentElement.hasAttribute("data-blind");
    if (!blind) blindSeen = false;
    return blind && !blindSeen ? [{ key: "blind", kind: "blind", tone: "blind", every: BLIND_EVERY, urgency: 9 }] : [];
  });
  for (const deed of ["pointerdown", "keydown"])
    addEventListener(
      deed,
      event => {
        if (event.isTrusted && document.documentElement.hasAttribute("data-blind")) blindSeen = true;
      },
      true,
    );
  button.addEventListener("click", () => {
    if (sound.state === "on") hush();
    else sound.start();
  });
  for (const news of ["placed", "refetched"]) hear(news, after(check));
  hear("sounding", check);
  setInterval(check, 1000); // its own pulse: no other script's fall makes it stop
  check();
});
