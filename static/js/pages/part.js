// A part of a page by itself, a refusal, the lock.
import "./guard.js";
import "../theme.js";
import "../back.js";
