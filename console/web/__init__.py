"""Hears people: parse, act, answer. A file for each resource, its routes at the foot."""
