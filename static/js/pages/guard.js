// What every page of the staff's has.
import "../whose.js";
import "../sealed.js";
import "../lock.js";
import "../keys.js";
import "../needed.js";
