// What sounds at the console: anything new that nobody has taken. In a flood (over ten filed within ten minutes) those of one kind within a
// kilometre are one thing to hear. Only what every browser has: a built-in that is missing here would be a silent night.
siaga.once("alarm-new", () => {
  const EVERY = { 1: 3, 2: 8, 3: 20, 4: 60 }, FLOOD = 10, WINDOW = 600_000;
  const km = (a, b) => Math.hypot((a.lat - b.lat) * 111, (a.lon - b.lon) * 111);
  siaga.calls = cards => {
    const flood = cards.filter(card => siaga.now() - Date.parse(card.dataset.filed) < WINDOW).length > FLOOD, heard = [];
    for (const { id, dataset: { category, lat, lon, priority, rank } } of cards) {
      const kind = flood ? category : id, same = heard.find(one => one.of === kind && km(one, { lat, lon }) < 1), urgency = Number(priority);
      if (same) Object.assign(same, urgency < same.urgency ? { urgency, tone: urgency, every: EVERY[urgency] } : {});
      else heard.push({ of: kind, lat, lon, kind: "call", urgency, tone: urgency, every: EVERY[urgency], key: flood ? `${kind}@${(+lat).toFixed(2)},${(+lon).toFixed(2)}` : `${id}@${rank}` });
    }
    return heard;
  };
  siaga.fresh = () => [...document.querySelectorAll('#board > .card[data-status="new"]:not([data-muted])')];
  if (document.documentElement.dataset.screen === "console") siaga.alarm(() => siaga.calls(siaga.fresh()));
});
