// What a citizen's page does before anything else.
import "../whose.js";
import "../citizen-again.js";
import "../citizen-leave.js";
import "../citizen-press.js";
