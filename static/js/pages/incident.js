// One incident on a page of its own.
import "./guard.js";
import "../theme.js";
import "../clock.js";
import "../printed.js";
import "../ages.js";
import "../act.js";
import "../sure.js";
import "../dialogs.js";
import "../stepper.js";
import "../sent.js";
import "../free.js";
import "../evidence.js";
import "../alone.js";
import "../talk.js";
import "../walk.js";
import "../told.js";
