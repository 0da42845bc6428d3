// A handover of the watch.
import "./guard.js";
import "../theme.js";
import "../place.js";
import "../live.js";
import "../clock.js";
import "../act.js";
import "../sure.js";
import "../faults.js";
import "../dialogs.js";
import "../half.js";
import "../keys.js";
import "../handover.js";
import "../single.js";
