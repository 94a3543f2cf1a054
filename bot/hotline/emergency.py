"""Is somebody in danger now? Agents at the writer's own door, someone being taken, someone hurt, a cry for help.

"What do I do if ICE knocks", "last week they took him", "how do I find him" are questions: a word of supposing that
stands before the danger, or of the past anywhere, makes it one. What no phrase tells, likeness to examples may, and a
phrase in a text that is plainly of another kind tells nothing. A missed emergency is worse than a person paged in vain.
"""

from dataclasses import dataclass

from bot.hotline import resemblance, supposing
from bot.places.found import Kind
from messages.tongue import search, spelled, without
from messages.vocabulary import words
from messages.wording import plain

CRY_WORDS = 14
"""A longer text tells more than a cry, and is read for what it tells."""
SHORT_CRY_WORDS = 4
"""And "help me" opens many a question: alone it is a cry."""

CORE = frozenset(
    {"help", "ayuda", "ayudame", "ayudenme", "auxilio", "socorro", "911", "sos", "emergency", "emergencia"}
)

ASKING = ("asks_what", "asks_where", "asks_help")
DOUBT = ("long_ago", *ASKING)
NOT_OURS = ("joke", "insult", "chain", "about_agents_other")

# How much more like a cry than like anything else (`resemblance.leaning`). Measured together on 569 emergencies and 1,503
# other texts, most of them learned from by nobody: 3 missed, 24 wrongly raised.
TOLD_FROM = -0.4
"""A phrase tells of danger, unless the text is this much more like something else ("nightmares of agents taking me")."""
TOLD_AT_A_PLACE_FROM = -0.3
"""Whoever names a corner more often reports what happens to others there."""
ALIKE_FROM = -0.25
DOUBTED_FROM = -0.1
"""With a word of asking or of the past in it."""
AT_A_PLACE_FROM = 0.15
AT_A_CORNER_FROM = 0.35
"""None of the 569 names its corner: who does tells what they see there. Sightings reach 0.26, by the names of the streets."""
EXACTLY = ("corner", "pin")
SUPPOSED_FROM = 0.1
LEAST_ALIKE = 0.28
"""What is like nothing we know is like a cry by chance only ("ahorita")."""
FEW_WORDS = 3
"""And in so few words more has to speak for it ("en mi trabajo")."""


@dataclass(frozen=True, slots=True)
class Emergency:
    """`topic` is the answer to give at once (`door`, `detained`), None for a cry that tells nothing more."""

    topic: str | None = None


def told(text: str, where: Kind = "none") -> Emergency | None:
    """What a phrase tells: heard before anything else the text may be. `where`: the kind of place it names, as reports do."""
    said = plain(text)
    if search(said, "joke"):
        return None
    happens = supposing.told(said)
    return _asked_for(said) or _told_clearly(_surely(_danger(happens), happens, where), _cry(said))


def _told_clearly(danger: Emergency | None, cry: Emergency | None) -> Emergency | None:
    """ "Auxilio, la migra en mi puerta" is a cry that tells what to answer."""
    return danger if danger is not None and danger.topic else cry or danger


def own_life(text: str) -> bool:
    """Whether somebody thinks of ending their life: the writer, or one they tell of. Those who are trained for it are named at
    once; nobody is paged, for our volunteers are not, and we ask for no streets of somebody in despair."""
    said = plain(text)
    return bool(search(said, "own_life")) and not search(said, "joke", "insult")


def resembles(text: str, where: Kind = "none") -> Emergency | None:
    """What only likeness to examples tells: asked of texts that are no command ("ya no me manden mensajes" is a STOP)."""
    said = plain(text)
    if search(said, *NOT_OURS):
        return None
    happens, near = supposing.told(said), without(said, "not_home") != spelled(said)
    if where == "none" and near:
        where = "street"
    return Emergency(_topic(happens)) if happens and _alike(happens, where) else None


def _alike(said: str, where: Kind) -> bool:
    """ "What do we do" is asked in any danger: set aside, where nothing is supposed."""
    supposed = bool(search(said, "supposed"))
    told = said if supposed else without(said, "not_asking")
    if resemblance.likeness(told)["emergency"] < LEAST_ALIKE:
        return False
    outside = not supposed and where == "none" and bool(search(told, "outside_now"))
    return outside or resemblance.leaning(told, "emergency") >= _enough(told, supposed, where)


def _enough(told: str, supposed: bool, where: Kind) -> float:
    """How much more like a cry than anything else it has to be."""
    if where in EXACTLY:
        return AT_A_CORNER_FROM
    if supposed:
        return SUPPOSED_FROM
    few = told.isascii() and len(told.split()) <= FEW_WORDS
    if where != "none" or few:
        return AT_A_PLACE_FROM
    return DOUBTED_FROM if search(told, *DOUBT) else ALIKE_FROM


def _topic(said: str) -> str | None:
    """Which answer to give where likeness alone tells: whoever is hurt needs 911 first."""
    if search(said, "hurt"):
        return None
    if search(said, "own_home", "door_now", "at_my_door", "breaking_in"):
        return "door"
    return "detained" if search(said, "me_taken", "mine_taken_now", "mine_taken", "near_force") else None


def _surely(danger: Emergency | None, said: str, where: Kind) -> Emergency | None:
    enough = TOLD_FROM if where == "none" else TOLD_AT_A_PLACE_FROM
    return danger if danger and resemblance.leaning(said, "emergency") >= enough else None


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
    if _at_home(said) or _told(without(said, "not_home"), "at_my_door", "breaking_in"):
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
