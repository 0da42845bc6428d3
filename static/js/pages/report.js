// A sheet that is printed.
import "./guard.js";
import "../theme.js";
import "../print.js";
