// A page of lists beneath the desk's top line.
import "./guard.js";
import "../theme.js";
import "../names.js";
