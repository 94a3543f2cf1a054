"""Is this request made of text and numbers that the database can hold at all? Asked once, before any page sees it.

PostgreSQL takes no NUL in a text and nothing takes half a surrogate pair; an id is a 64-bit integer. Whoever sends such a thing
typed into no form of ours, and must get an answer, not an error of ours with its alarm.
"""

import re
from collections.abc import Iterator

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter

_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


class IdConverter(IntegerConverter):
    """`<int:...>` of a path. 18 digits are more than we shall count to, and fit in 64 bits."""

    regex = r"\d{1,18}"


def check(app: Flask) -> None:
    """Before routes are added: each takes its converters as it is."""
    app.url_map.converters["int"] = IdConverter
    app.before_request(refuse_unkeepable)


def refuse_unkeepable() -> None:
    if any(_UNKEEPABLE.search(text) for text in _given()):
        abort(400)


def _given() -> Iterator[str]:
    """All that was sent as text, names of fields included."""
    yield request.path
    for fields in (request.args, request.form):
        for name, value in fields.items(multi=True):
            yield name
            yield value
