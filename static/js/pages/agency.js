// A partner's desk.
import "./guard.js";
import "../theme.js";
import "../place.js";
import "../live.js";
import "../clock.js";
import "../ages.js";
import "../act.js";
import "../sure.js";
import "../dialogs.js";
import "../evidence.js";
import "../sound.js";
import "../alarm.js";
import "../announce.js";
import "../unarmed.js";
import "../agency.js";
