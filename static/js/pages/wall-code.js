// A wall that asks to be let in.
import "../wall-go.js";
import "../wall-code.js";
