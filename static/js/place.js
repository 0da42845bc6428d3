// The swap style `place`: an element of a list goes where it belongs. Known by its id it is morphed, else inserted; it
// stands by data-rank, of equal ones the older id first; a head between two parts (.part) has a rank too and is no
// news; older news (data-seq) is ignored; data-gone takes it away. What left is remembered, so that a list fetched a
// moment earlier does not bring it back.
import { atOnce, tell } from "./page.js";

export let freshPage;
export let relist;

atOnce(() => {
  let morph;
  const gone = new Map(); // id → seq of its removal
  const seq = element => Number(element?.dataset.seq ?? -1);
  const rank = element => Number(element.dataset.rank);
  const number = element => Number(element.id.split("-").at(-1));
  const order = (a, b) => rank(a) - rank(b) || ("rank" in a.dataset && number(a) - number(b)) || 0;

  function place(list, news) {
    const old = document.getElementById(news.id);
    const newest = Math.max(seq(old), gone.get(news.id) ?? -1);
    if (seq(news) < newest || (!old && gone.get(news.id) >= seq(news))) return null;
    tell("heard", { id: news.id }); // also of what stands in no list any more, and is open all the same
    if (list.dataset.seq && seq(news) > seq(list)) list.dataset.seq = seq(news);
    const before = old && { ...old.dataset, what: old.querySelector(".card-what")?.textContent.trim() };
    if ("gone" in news.dataset) {
      gone.set(news.id, seq(news));
      old?.remove();
      if (old) tell("placed", { id: news.id, list, before, gone: true });
      return null;
    }
    let node = news;
    if (old) {
      const fragment = document.createDocumentFragment();
      fragment.append(news);
      morph(old, fragment, false);
      node = old;
    }
    stand(list, node);
    tell("placed", { id: node.id, list, node, before });
    return node;
  }

  function stand(list, node) {
    const { previousElementSibling: above, nextElementSibling: below } = node;
    if (node.parentNode === list && (!above || order(above, node) <= 0) && (!below || order(below, node) >= 0)) return;
    const next = [...list.children].find(other => other !== node && order(other, node) > 0) ?? null;
    if (node.isConnected && list.moveBefore)
      list.moveBefore(node, next); // keeps focus and playing things
    else list.insertBefore(node, next);
  }

  // A page asked for until it has come, also from a server that is starting anew: the hub counts this screen as told.
  // Null when it is not for this viewer any more, or not there.
  freshPage = async path => {
    for (;;) {
      const answer = await fetch(path, { headers: { Accept: "text/html" }, cache: "no-store" }).catch(() => null);
      if (answer && answer.status < 500 && answer.status !== 429)
        return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
      await new Promise(done => setTimeout(done, 1_000));
    }
  };

  // The lists of a page fetched anew. From another epoch (a backup was restored) they replace what stands here,
  // whatever its number: what a number says, and whose it is, is void then.
  relist = (fresh, ...ids) => {
    const epoch = page => page.getElementById("board").dataset.epoch;
    const anew = epoch(fresh) !== epoch(document);
    if (anew) gone.clear();
    for (const id of ids) {
      const list = document.getElementById(id);
      const other = fresh.getElementById(id);
      if (list && anew) for (const aged of [list, ...list.children]) delete aged.dataset.seq;
      if (list && other) refill(list, other);
    }
    tell("refetched", { anew, fresh });
  };
  // Every element is placed, and what it does not hold any more leaves, unless that is newer.
  function refill(list, fresh) {
    const keep = new Set([...fresh.children].map(child => child.id));
    for (const child of [...list.children]) {
      if (keep.has(child.id) || seq(child) > seq(fresh)) continue;
      child.remove();
      tell("placed", { id: child.id, list, before: { ...child.dataset }, gone: true });
    }
    const placed = [...fresh.children]
      .filter(child => !child.matches(".part"))
      .map(child => place(list, document.adoptNode(child)))
      .filter(Boolean);
    Object.assign(list.dataset, fresh.dataset);
    placed.forEach(node => htmx.process(node));
  }

  htmx.registerExtension("place", {
    init(api) {
      morph = api.morph;
    },
    // What only the page opens stays open: a dialog, a fold, where a dialog is docked. And a style is always the page's
    // own (ages.js).
    htmx_before_morph_attr(element, { attrName }) {
      return (
        attrName !== "style" && !(["open", "data-docked"].includes(attrName) && element.matches("dialog, details"))
      );
    },
    handle_swap(style, list, fragment) {
      return style === "place" && [...fragment.children].map(news => place(list, news)).filter(Boolean);
    },
  });
});
