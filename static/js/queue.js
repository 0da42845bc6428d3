// What the queue makes of its cards. bursts.js says it where cards are put together; elsewhere each stands for itself.
import { onBoard } from "./page.js";

export const queue = {
  leader: card => card,
  burst: card => [card],
  heads: onBoard,
  spot: card => card,
  late: () => [],
};
