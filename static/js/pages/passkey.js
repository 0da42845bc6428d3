// A passkey, made or used: the browser asks its owner, and the form carries the answer.
import "../passkey.js";
