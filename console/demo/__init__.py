"""The demo: Medan on an evening.

`stage` runs it. people, scenes, story, photos and film are what it is made of; before, evening and bulletins tell what
has happened so far, and `player` takes it through the law; `drill` goes on from there through the public door, as a
`visitor`, and `desk` decides for its officers.
"""
