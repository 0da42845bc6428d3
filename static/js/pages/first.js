// What a citizen's page does before anything else. One classic script in the head, and no module: a module waits for
// the whole page and may not come at all, and whoever presses "Keluar cepat" or has called for help waits for neither.
// Such a script exports nothing, so what a module asks of a kept press stands on window, the only name that our scripts
// share there: siagaPress.
import "../whose.js";
import "../citizen-again.js";
import "../citizen-leave.js";
import "../citizen-press.js";
