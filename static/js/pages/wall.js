// A wall.
import "../place.js";
import "../clock.js";
import "../ages.js";
import "../bursts.js";
import "../numbers.js";
import "../wall-go.js";
import "../wall.js";
import "../wall-top.js";
import "../wall-rows.js";
import "../wall-reach.js";
import "../wall-map.js";
import "../wall-night.js";
