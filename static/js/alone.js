// One incident on a page of its own, without a socket: after an act it is read again.
import { hear, once } from "./page.js";

once(() => hear("acted", () => location.reload()));
