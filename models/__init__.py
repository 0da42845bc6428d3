"""The law: what a complaint, an incident and a step are. Knows no HTTP, no Redis and no HTML."""
