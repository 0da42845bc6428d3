// The apel of a shift.
import "./guard.js";
import "../theme.js";
import "../place.js";
import "../live.js";
import "../clock.js";
import "../act.js";
import "../sure.js";
import "../faults.js";
import "../dialogs.js";
import "../keys.js";
import "../print.js";
import "../printed.js";
import "../apel.js";
import "../single.js";
