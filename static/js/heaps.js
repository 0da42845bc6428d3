// Pins that would lie on each other are one heap: the gravest is its face, and ×n says how many cases it stands for.
// The list keeps every one of them. A number takes room as well, so heaps are put together until all can be read;
// `box` says what of the map a heap takes.
export const hits = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

const far = ({ face: a }, { face: b }) => Math.hypot(a.x - b.x, a.y - b.y);

export function heaps(pins, box) {
  let made = [...pins].sort((a, b) => a.gravity - b.gravity).map(face => ({ face, under: [] }));
  for (let before = 0; before !== made.length; ) {
    before = made.length;
    made = made.reduce((kept, heap) => {
      const [on] = kept.filter(other => hits(box(other), box(heap))).sort((a, b) => far(a, heap) - far(b, heap));
      if (on) on.under.push(heap.face, ...heap.under);
      else kept.push(heap);
      return kept;
    }, []);
  }
  return made;
}
