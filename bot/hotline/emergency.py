"""Is somebody in danger now? Agents at the writer's own door, someone being taken, someone hurt, a cry for help.

"What do I do if ICE knocks", "last week they took him", "how do I find him" are questions: a word of supposing that
stands before the danger, or of the past anywhere, makes it one. What no phrase tells, likeness to examples may.
A missed emergency is worse than a person paged in vain.
"""

from dataclasses import dataclass

from bot.hotline import resemblance
from messages.tongue import search, without
from messages.vocabulary import words
from messages.wording import folded, plain

CRY_WORDS = 14
"""A longer text tells more than a cry, and is read for what it tells."""
SHORT_CRY_WORDS = 4
"""And "help me" opens many a question: alone it is a cry."""

CORE = frozenset(
    {"help", "ayuda", "ayudame", "ayudenme", "auxilio", "socorro", "911", "sos", "emergency", "emergencia"}
)

ASKING = ("asks_what", "asks_where", "asks_help")


@dataclass(frozen=True, slots=True)
class Emergency:
    """`topic` is the answer to give at once (`door`, `detained`), None for a cry that tells nothing more."""

    topic: str | None = None


def read(text: str, places: bool = False) -> Emergency | None:
    """The emergency in this text, or None. `places`: it names a place, as reports do; likeness alone is no cry then."""
    return told(text) or resembles(text, places)


def told(text: str) -> Emergency | None:
    """What a phrase tells: heard before anything else the text may be."""
    said = plain(text)
    if search(said, "joke"):
        return None
    return _asked_for(said) or _cry(said) or _danger(said)


def resembles(text: str, places: bool = False) -> Emergency | None:
    """What only likeness to examples tells: asked of texts that are no command ("ya no me manden mensajes" is a STOP)."""
    said = plain(text)
    return None if search(said, "joke") else _alike(said, places or "?" in folded(text))


def _asked_for(said: str) -> Emergency | None:
    """DOOR and DETAINED: our HELP tells people in danger to text them."""
    named = (topic for topic in ("door", "detained") if said in words("commands", topic))
    return next(map(Emergency, named), None)


def _cry(said: str) -> Emergency | None:
    if said in words("understanding", "cry") or _only_cries(said):
        return Emergency()
    length = len(said.split())
    cried = length <= CRY_WORDS and search(said, "cry_said")
    cried = cried or (length <= SHORT_CRY_WORDS and search(said, "cry_short"))
    return Emergency() if cried and _asked(said, *ASKING) is None else None


def _only_cries(said: str) -> bool:
    """ "Ayuda rapido por favor": two words and more, none of which tells of anything but need. Bare HELP is a command."""
    told = set(said.split())
    return len(told) > 1 and told <= words("understanding", "cry_words") and not told.isdisjoint(CORE)


def _danger(said: str) -> Emergency | None:
    """The writer's home and the taking of people are heard in any text that does not suppose it; the rest in one that
    asks nothing but "what do I do"."""
    if search(said, "long_ago"):
        return None
    if _at_home(said) or _told(said, "at_my_door", "breaking_in"):
        return Emergency("door")
    sought = search(said, "asks_where", "asks_help")
    if not sought and _told(said, "me_taken", "mine_taken_now"):
        return Emergency("detained")
    hurt, asked = search(said, "hurt"), _asked(said, "supposed", *ASKING)
    if hurt and (asked is None or asked > hurt.start()):
        return Emergency()
    if _asked(without(said, "not_asking"), "supposed", *ASKING) is not None:
        return None
    return _plainly(said)


def _plainly(said: str) -> Emergency | None:
    """What only a text that asks nothing may mean."""
    if search(said, "mine_taken", "near_force"):
        return Emergency("detained")
    if search(said, "hiding", "children_alone", "chased"):
        return Emergency()
    threatened = search(said, "threat", "threat_more")
    if threatened and search(without(said, "not_home"), "door_now"):
        return Emergency("door")
    return None


def _alike(said: str, told_otherwise: bool) -> Emergency | None:
    told = without(said, "not_asking")
    if (
        told_otherwise
        or search(said, "long_ago", "hearsay", "insult", "chain", "about_agents_other")
        or _asked(told, "supposed", *ASKING) is not None
    ):
        return None
    close = search(said, "outside_now") or resemblance.cries_out(said)
    return Emergency() if close else None


def _at_home(said: str) -> bool:
    """Somebody threatening and the writer's own door in one text that asks nothing before it tells that."""
    said = without(said, "not_home")
    home, asked = search(said, "own_home"), _asked(said, "supposed", "asks_what")
    return bool(home and search(said, "threat_more") and (asked is None or asked > home.start()))


def _told(said: str, *names: str) -> bool:
    """It is told as happening: no supposing word stands before it."""
    danger, supposed = search(said, *names), search(said, "supposed")
    return bool(danger) and not (danger and supposed and supposed.start() <= danger.start())


def _asked(said: str, *names: str) -> int | None:
    """Where the first word of asking stands."""
    found = search(said, *names)
    return found.start() if found else None
