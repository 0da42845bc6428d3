// Administration.
import "./guard.js";
import "../theme.js";
import "../clock.js";
import "../act.js";
import "../faults.js";
import "../dialogs.js";
import "../admin.js";
