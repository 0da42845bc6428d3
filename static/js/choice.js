// Which incident is chosen, what of it the panel shows, and what stands in the map's place. The console says it
// (select.js, stage.js); on a page without a choice there is nothing to wait for, and nothing is in the way.
export const choice = {
  id: () => null,
  is: () => true, // may what is shown of this incident be used?
  shows: () => true, // may what is in this element?
  panel: () => document.getElementById("panel"),
  settled: () => document.getElementById("panel"),
  settling: () => false,
  reading: () => false,
  open() {},
  stage: () => null,
  staged: () => null,
};
