// The numbers of a day.
import "./guard.js";
import "../theme.js";
import "../faults.js";
import "../keys.js";
import "../single.js";
