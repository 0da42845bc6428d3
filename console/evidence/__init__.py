"""Photos and films: taken in piece by piece, kept untouched, looked at in a process of their own."""
