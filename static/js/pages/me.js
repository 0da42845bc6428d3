// One's own account.
import "./guard.js";
import "../theme.js";
import "../clock.js";
import "../again.js";
import "../print.js";
