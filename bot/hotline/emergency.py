"""Is somebody in danger now? Agents at the writer's own door, someone being taken, someone hurt, a cry for help.

"What do I do if ICE knocks", "last week they took", "how do I find him" are questions: a word of supposing that stands
before the danger, or of the past anywhere, makes it one. A missed emergency is worse than a person paged in vain.
"""

from dataclasses import dataclass

from messages.tongue import search, without
from messages.vocabulary import words
from messages.wording import plain

CRY_WORDS = 7
"""A longer text tells more than a cry, and is read for what it tells."""


@dataclass(frozen=True, slots=True)
class Emergency:
    """`topic` is the answer to give at once (`door`, `detained`), None for a cry that tells nothing more."""

    topic: str | None = None


def read(text: str) -> Emergency | None:
    """The emergency in this text, or None."""
    said = plain(text)
    if search(said, "joke"):
        return None
    return _asked_for(said) or _cry(said) or _danger(said)


def _asked_for(said: str) -> Emergency | None:
    """DOOR and DETAINED: our HELP tells people in danger to text them."""
    return next(
        (Emergency(topic) for topic in ("door", "detained") if said in words("commands", topic)), None
    )


def _cry(said: str) -> Emergency | None:
    if said in words("understanding", "cry"):
        return Emergency()
    asking = search(said, "asks_where") or search(said, "asks_what")
    return (
        Emergency()
        if search(said, "cry_said") and not asking and len(said.split()) <= 2 * CRY_WORDS
        else None
    )


def _danger(said: str) -> Emergency | None:
    if search(said, "long_ago"):
        return None
    if _at_home(said):
        return Emergency("door")
    for names, topic in _DANGERS:
        if any(_now(name, said) for name in names):
            return Emergency(topic)
    told = without(said, "not_asking")
    if asked_at(told, "supposed", "asks_what", "asks_where", "asks_help") is not None:
        return None
    if search(said, "mine_taken", "near_force"):
        return Emergency("detained")
    return Emergency("door") if search(without(said, "not_home"), "door_now") and _threat(said) else None


def _at_home(said: str) -> bool:
    """Somebody threatening and the writer's own door in one text that asks nothing before it tells that."""
    said = without(said, "not_home")
    asked = asked_at(said, "supposed", "asks_what")
    home = search(said, "own_home")
    return bool(home and search(said, "threat_more") and (asked is None or asked > home.start()))


def _threat(said: str) -> bool:
    return bool(search(said, "threat", "threat_more"))


def asked_at(said: str, *names: str) -> int | None:
    """Where the first such words stand."""
    return min((match.start() for name in names if (match := search(said, name))), default=None)


_DANGERS = (
    (("at_my_door", "breaking_in"), "door"),
    (("me_taken", "mine_taken_now"), "detained"),
    (("hurt", "hiding", "children_alone", "chased"), None),
)


def _now(name: str, said: str) -> bool:
    """It is told as happening: no supposing word stands before it."""
    danger = search(said, name)
    supposed = search(said, "supposed")
    return bool(danger) and not (supposed and danger and supposed.start() <= danger.start())
