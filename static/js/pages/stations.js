// Administration: the stations, on their map.
import "./admin.js";
import "../admin-map.js";
