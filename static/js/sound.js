// The voice of a page: one AudioContext, tried at load, started by a press where the browser wants one, and never dead
// without a word: what stops it (an error, a pause by the system, a device that hangs) is a state with its reason, and
// the next press starts it anew.
import { once, tell } from "./page.js";

export let sound;

once(() => {
  const TRIES_MS = 700;
  const STUCK_MS = 900;
  // As whoever sits here chose it at /me: soft is soft, and never silence.
  const loudness = { soft: 0.35, middle: 0.65 }[document.documentElement.dataset.volume] ?? 1;
  const up = n =>
    n === 1
      ? [
          [880, 0],
          [660, 0.16],
          [880, 0.32],
          [660, 0.48],
        ]
      : [
          [740, 0],
          [988, 0.18],
        ];
  const TONES = {
    // [wave, level, length, [pitch, after]…]
    1: ["triangle", 0.5, 0.15, up(1)],
    2: ["triangle", 0.5, 0.15, up(2)],
    3: ["triangle", 0.22, 0.4, [[660, 0]]],
    4: ["triangle", 0.22, 0.4, [[520, 0]]],
    exercise: [
      "square",
      0.12,
      0.12,
      [
        [392, 0],
        [392, 0.2],
        [392, 0.4],
      ],
    ], // only practised: three even knocks, low
    handed: [
      "sine",
      0.42,
      0.3,
      [
        [523, 0],
        [659, 0.14],
        [784, 0.28],
      ],
    ], // work for you: rises, never harsh
    written: [
      "sine",
      0.12,
      0.35,
      [
        [587, 0],
        [440, 0.16],
      ],
    ], // a partner wrote: two soft steps down, of all the quietest
    blind: [
      "sine",
      0.3,
      0.5,
      [
        [330, 0],
        [247, 0.42],
      ],
    ], // nothing is heard: falls, low
  };
  let context = null;
  let state = "trying";
  let why = "";
  let seen = 0;
  let seenAt = 0;

  function become(next, reason = "") {
    if (state === next && why === reason) return;
    state = next;
    why = reason;
    tell("sounding", { state, why });
  }
  function fail(reason, error) {
    if (error) console.warn("sound:", error);
    become("broken", reason);
  }
  function watch() {
    const mine = context;
    mine.addEventListener("statechange", () => {
      if (mine === context && state !== "trying") look();
    });
    mine.addEventListener("error", event => {
      if (mine === context) fail("device", event.message ?? event.type);
    });
  }
  function look() {
    if (context?.state === "running") return become("on");
    if (state !== "on") return;
    fail("paused");
    context.resume?.()?.catch?.(() => {}); // a call on the phone is over, the system woke: it goes on by itself
  }
  async function start() {
    const asleep = state === "trying" || state === "off";
    try {
      const old = context;
      if (!old || state === "broken" || old.state === "closed") {
        context = new AudioContext();
        seenAt = 0;
        watch();
        if (old && old.state !== "closed") Promise.resolve(old.close?.()).catch(() => {});
      }
      await Promise.race([context.resume(), new Promise(done => setTimeout(done, TRIES_MS))]);
      if (context.state === "running") become("on");
      else if (asleep) become("off");
    } catch (error) {
      fail("error", error);
    }
  }
  sound = {
    get state() {
      return state;
    },
    get why() {
      return why;
    },
    start,
    fail,
    // Asked at every look: is it still there? A context that runs and whose time stands still has lost its device.
    on() {
      if (state !== "on") return false;
      if (context.state !== "running") look();
      else if (performance.now() - seenAt > STUCK_MS) {
        if (seenAt && context.currentTime === seen) fail("device");
        seen = context.currentTime;
        seenAt = performance.now();
      }
      return state === "on";
    },
    ring(name, after = 0) {
      const [wave, level, length, notes] = TONES[name];
      for (const [pitch, later] of notes) {
        const start = context.currentTime + after + later;
        const tone = context.createOscillator();
        const gain = context.createGain();
        tone.type = wave;
        tone.frequency.value = pitch;
        gain.gain.setValueAtTime(0, start);
        gain.gain.linearRampToValueAtTime(level * loudness, start + 0.015);
        gain.gain.exponentialRampToValueAtTime(0.001, start + length);
        tone.connect(gain).connect(context.destination);
        tone.start(start);
        tone.stop(start + length + 0.1);
      }
    },
  };
  start();
});
