// Ages tick once a second from <time data-filed data-since data-due>: age from filing, the target from data-since (a reopened one counts anew). Nothing is written into the pushed HTML: one adopted sheet gives
// each owner (the nearest element with an id) variables, and console.css draws with them: --age "4:12", --left "5:48",
// --over "lewat target +2:41", --burnt 0.42, and from 80 % of the target the amber, from 100 % the vermilion, the sign, the words.
siaga.once("ages", () => {
  const LOOK = {
    "": "",
    soon: "--now-ink:var(--p2-text);--now-fuse:var(--p2-edge);",
    late: "--now-ink:var(--p1-text);--now-fuse:var(--p1);--now-weight:var(--w-name);--now-sign:block;--now-words:block;--now-block:block;--early-words:none;",
  };
  siaga.ages = new Map();                                  // owner's id → { age, seconds, when, over }
  siaga.span = seconds => {
    const s = Math.max(0, Math.floor(seconds)), two = n => String(n).padStart(2, "0");
    return s < 6000 ? `${Math.floor(s / 60)}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  };

  function draw() {
    const now = siaga.now(), rules = [], ages = new Map();
    for (const time of document.querySelectorAll("time[data-since]")) {
      const owner = time.closest("[id]"), filed = Date.parse(time.dataset.filed ?? time.dataset.since), since = Date.parse(time.dataset.since), due = Date.parse(time.dataset.due);
      if (!owner || ages.has(owner.id)) continue;
      const burnt = due ? Math.max(0, (now - since) / (due - since)) : 0, late = due && now >= due;
      const when = late ? "late" : burnt >= 0.8 ? "soon" : "", age = siaga.span((now - filed) / 1000);
      const over = late ? siaga.span((now - due) / 1000) : "";
      ages.set(owner.id, { age, seconds: (now - filed) / 1000, when, over });
      rules.push(`#${CSS.escape(owner.id)}{--age:"${age}";--left:"${late ? "+" + over : siaga.span((due - now) / 1000 || 0)}";` +
        `--over:"${late ? siaga.word("over", over) : ""}";--over-brief:"${late ? siaga.word("overBrief", over) : ""}";--burnt:${Math.min(1, burnt).toFixed(3)};${LOOK[when]}}`);
    }
    siaga.ages = ages;
    siaga.sheet("ages", rules.join("\n"));
    siaga.tell("aged");
  }
  const soon = siaga.frame(draw);
  siaga.hear("tick", draw);
  siaga.hear("placed", soon);
  siaga.hear("opened", soon);
  draw();
});
