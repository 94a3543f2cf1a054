"""Where does the carrier fetch a recording? Here, and only those that may be sent: public, as the words they speak are."""

from flask import Blueprint, Response, abort, send_file

from bot.outbox import clips

DAY_SECONDS = 86_400
NAMED = 'inline; filename="contigo.{kind}"'
"""Shown by some phones beside the sound."""

pages = Blueprint("clips", __name__)


@pages.get("/clips/<language>/<name>")
def clip(language: str, name: str) -> Response:
    """Nothing of the address leads to a file but through the list of recordings."""
    found = clips.may_leave(f"{language}/{name}") or abort(404)
    answer = send_file(found.path, mimetype=found.content_type, max_age=DAY_SECONDS, etag=found.mark)
    answer.headers["Content-Disposition"] = NAMED.format(kind=found.kind)
    return answer
