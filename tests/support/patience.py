"""How long a test waits for what must come: so long that only a fault uses it up, on a machine however busy.

A test that passes never waits for an end; it waits for an outcome. What is about a time of its own says so.
"""

PATIENCE_SECONDS = 60.0
