"""The ground: its outlines, its names, and the questions put to both. `console/places.py` is the door."""
