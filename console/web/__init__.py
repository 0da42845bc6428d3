"""Hears people: parse, act, answer. A file for each resource, its routes at the foot."""

from starlette.convertors import IntegerConvertor, register_url_convertor


class Number(IntegerConvertor):
    """`{id:int}` in a path: a number that a row can have. What is longer names nothing, and no database is asked."""

    regex = "[0-9]{1,9}"


register_url_convertor("int", Number())  # here, before the first route is made
