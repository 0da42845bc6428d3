// Strength by station: free in blocks, out in dashes, so that grey-scale tells them apart. A drawing of #stations.
import { force } from "./numbers.js";
import { fill, frame, once, server } from "./page.js";

once(() => {
  const list = document.getElementById("force");
  const source = document.getElementById("stations");
  const blank = document.getElementById("force-row").content.firstElementChild;
  const total = document.getElementById("force-n");
  const SVG = "http://www.w3.org/2000/svg";
  const MOST = 14;
  const DAY_MS = 86_400_000;
  const { zone } = document.documentElement.dataset;
  function bar(free, strength) {
    const each = strength / Math.min(strength, MOST);
    const parts = [];
    for (let n = 0; n < Math.min(strength, MOST); n++) {
      const rect = document.createElementNS(SVG, "rect");
      const here = n * each < free;
      for (const [name, value] of Object.entries({
        class: here ? "u-free" : "u-out",
        x: n * 11,
        y: here ? 1 : 4,
        width: 9,
        height: here ? 9 : 3,
        rx: 1,
      }))
        rect.setAttribute(name, value);
      parts.push(rect);
    }
    return parts;
  }
  // A number from before yesterday's shift is no strength of this one: it says from when it is.
  function aged(stated) {
    const at = Date.parse(stated);
    if (!(server.now() - at > DAY_MS)) return "";
    const day = new Intl.DateTimeFormat(document.documentElement.lang, {
      day: "numeric",
      month: "short",
      hour: "2-digit",
      minute: "2-digit",
      timeZone: zone,
    });
    return fill(list.dataset.old, day.format(at));
  }
  const draw = frame(() => {
    list.replaceChildren(
      ...[...source.children].map(({ id, dataset }) => {
        const node = blank.cloneNode(true);
        const button = node.querySelector("button");
        const known = dataset.strength !== "";
        const over = known && +dataset.out > +dataset.strength;
        const said = dataset.said || (known && aged(dataset.stated));
        node.classList.toggle("none", known && (+dataset.free < 2 || dataset.low !== undefined));
        node.classList.toggle("unstated", !known);
        node.querySelector(".force-says").textContent =
          !known || over || dataset.low !== undefined ? dataset.says : said;
        node
          .querySelector(".force-bar")
          .toggleAttribute("hidden", Boolean(!known || over || dataset.low !== undefined || said));
        node.querySelector(".force-name").textContent = dataset.name.replace(/^Polsek /, "");
        node.querySelector("b").textContent = dataset.left || "–";
        node.querySelector(".force-bar").replaceChildren(...bar(+dataset.free, +dataset.strength));
        node.querySelector(".force-bar").setAttribute("viewBox", `0 0 ${MOST * 11} 11`);
        button.dataset.station = id.slice(8);
        button.setAttribute("aria-label", fill(list.dataset.edit, dataset.name));
        return node;
      }),
    );
    const { free, strength: all, unstated: n, known } = force();
    total.textContent = fill(known ? (n ? total.dataset.some : total.dataset.text) : total.dataset.none, {
      free,
      all,
      n,
    });
  });
  document.addEventListener("click", async event => {
    const button = event.target.closest("[data-station]");
    if (!button || !list.contains(button)) return;
    const answer = await fetch(`/duty/stations/${button.dataset.station}`, { headers: { "HX-Request": "true" } }).catch(
      () => null,
    );
    if (!answer?.ok) return;
    await htmx.swap({ sourceElement: button, target: "#edit-body", swap: "innerHTML", text: await answer.text() });
    document.getElementById("edit").showModal();
  });
  new MutationObserver(draw).observe(source, { childList: true, subtree: true, attributes: true });
  draw();
});
