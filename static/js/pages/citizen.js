// What a citizen's page hears while it is open.
import "../place.js";
import "../citizen-live.js";
