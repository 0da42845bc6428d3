// A report that was sent and never answered, once its form is closed: the same again with the same key, from whichever
// page is open. Its files follow it. Resolves to where to go now; to null while it has to wait on.
import { draft, forget, handOver, keep } from "./citizen-store.js";

const PATIENCE_MS = 20_000;
const FOLLOWED = /^\/complaints\/([0-9A-Z]{4}-[0-9A-Z]{4})$/;

export const waits = () => draft()?.sent === "lost";

export async function sendLost() {
  const kept = draft();
  if (kept?.sent !== "lost") return null;
  let answer;
  try {
    answer = await fetch("/complaints", {
      method: "POST",
      body: new URLSearchParams(kept.fields),
      headers: { "HX-Request": "true" },
      signal: AbortSignal.timeout?.(PATIENCE_MS),
    });
  } catch {
    return null;
  }
  if (answer.status >= 500 || answer.status === 429) return null;
  // refused: the form says why
  const to = answer.ok ? (answer.headers.get("HX-Redirect") ?? answer.url) : "/complaints/new";
  const ref = new URL(to, location).pathname.match(FOLLOWED)?.[1];
  if (ref) await handOver(ref);
  if (ref) await forget();
  else keep(kept.fields, { ...kept, sent: answer.ok ? "yes" : "" }); // at the door it is kept, and goes on behind it
  return to;
}
