"""The bodies of events, one class for each kind, named after its step: all that the record can say.

Ids stand beside names: a name is what it was called then, an id is what it is.
"""
