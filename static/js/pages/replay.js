// A past hour, for a debriefing.
import "./guard.js";
import "../theme.js";
import "../map.js";
import "../replay-hour.js";
import "../replay-board.js";
import "../replay-pins.js";
import "../replay-play.js";
import "../single.js";
