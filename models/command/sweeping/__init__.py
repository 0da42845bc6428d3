"""Sweeping: what is past its period goes, a little in each write, and an event names what went.

Never: what is open, preserved, or struck while the strike or an appeal stands; nor what it was merged with. The
newest incident, complaint and piece of evidence wait for the next one: SQLite would give their numbers once more.
Bodies of events that told of an incident are emptied, looks leave the hash that the next one goes on from, so the
record can still be checked. Files are noted (Leftover), and removed once the rows are gone for good.
"""
