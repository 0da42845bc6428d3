// The alarm sounds from what the list shows, not from what arrives: while anything new waits unclaimed it repeats, also for what
// came while this screen was away. S hushes what waits now for 60 seconds; anything new sounds. In a flood (over ten filed within ten
// minutes) those of one kind within a kilometre are one thing to hear. Browsers want a click before the first sound.
siaga.once("alarm", () => {
  const EVERY = { 1: 3, 2: 8, 3: 20, 4: 60 }, HUSH = 60, FLOOD = 10, WINDOW = 600_000;
  const button = document.getElementById("sound"), label = button.querySelector("span"), sign = button.querySelector("use");
  const hushed = new Map(), rung = new Set();               // what is hushed → until when; what has been heard once
  let sound = null, last = -Infinity;

  const km = (a, b) => Math.hypot((a.lat - b.lat) * 111, (a.lon - b.lon) * 111);
  function waiting() {
    const cards = [...document.querySelectorAll('#board > .card[data-status="new"]:not([data-muted])')], heard = [];
    const flood = cards.filter(card => siaga.now() - Date.parse(card.dataset.filed) < WINDOW).length > FLOOD;
    const kinds = Map.groupBy(cards, card => flood ? card.dataset.category : card.id);      // only those of a kind can be one
    for (const [kind, those] of kinds) {
      const clusters = [];
      for (const { dataset: { lat, lon, priority, rank } } of those) {
        const same = clusters.find(one => km(one, { lat, lon }) < 1);
        if (same) same.priority = Math.min(same.priority, priority);
        else clusters.push({ lat, lon, priority, key: flood ? `${kind}@${(+lat).toFixed(2)},${(+lon).toFixed(2)}` : rank });
      }
      heard.push(...clusters);
    }
    return heard;
  }

  function ring(priority) {
    const tones = { 1: [[880, 0], [660, 0.16], [880, 0.32], [660, 0.48]], 2: [[740, 0], [988, 0.18]], 3: [[660, 0]], 4: [[520, 0]] }[priority];
    for (const [pitch, after] of tones) {
      const start = sound.currentTime + after, tone = sound.createOscillator(), level = sound.createGain();
      tone.type = "triangle";
      tone.frequency.value = pitch;
      level.gain.setValueAtTime(0, start);
      level.gain.linearRampToValueAtTime(priority < 3 ? 0.5 : 0.22, start + 0.015);
      level.gain.exponentialRampToValueAtTime(0.001, start + (priority < 3 ? 0.15 : 0.4));
      tone.connect(level).connect(sound.destination);
      tone.start(start);
      tone.stop(start + 0.5);
    }
  }

  const armed = () => sound?.state === "running";
  function check() {
    const now = performance.now() / 1000, all = waiting();
    for (const [key, until] of hushed) if (until <= now) hushed.delete(key);
    const loud = all.filter(one => !hushed.has(one.key)).sort((a, b) => a.priority - b.priority);
    const fresh = loud.some(one => !rung.has(one.key)), due = loud[0] && now - last >= EVERY[loud[0].priority];
    if (armed() && loud[0] && (fresh || due)) {
      ring(Number(loud[0].priority));
      last = now;
      loud.forEach(one => rung.add(one.key));
    }
    const keys = new Set(all.map(one => one.key));
    for (const key of rung) if (!keys.has(key)) rung.delete(key);
    const quiet = hushed.size && all.length && !loud.length, is = !armed() ? "off" : quiet ? "hushed" : "armed";
    siaga.write(label, siaga.fill(button.dataset[is], quiet ? Math.ceil(Math.max(...hushed.values()) - now) : ""));
    if (button.dataset.state === is) return;
    button.dataset.is = is === "armed" ? "" : "weak";
    button.dataset.state = is;
    sign.setAttribute("href", { off: "#i-soundoff", hushed: "#i-hush", armed: "#i-sound" }[is]);
  }

  async function arm() {
    sound ??= new AudioContext();
    await sound.resume();
    localStorage.setItem("siaga-sound", "on");
    check();
  }
  siaga.hush = () => {
    const until = performance.now() / 1000 + HUSH;
    for (const { key } of waiting()) hushed.set(key, until);
    check();
  };
  button.addEventListener("click", () => { if (armed()) siaga.hush(); else arm(); });
  // Armed before on this console: the first press anywhere arms it again.
  if (localStorage.getItem("siaga-sound")) for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => { if (!armed()) arm(); }, { once: true });
  siaga.hear("placed", siaga.after(check));
  siaga.hear("tick", check);
});
