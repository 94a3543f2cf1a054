"""How does somebody come to get alerts? A join word, an area, one number to confirm."""

from bot.alerts import live
from bot.hotline.talk import MOST_TRIES, Talk
from bot.places import gazetteer, neighborhoods
from bot.subscriptions import joining
from messages.formats import joined as listed
from messages.formats import numbered

RIGHT, OTHER = "1", "2"
MOST_CHOICES, EXAMPLES = 5, 2
MOST_NAMED = 6
"""More names than this do not fit an answer (three segments in Khmer)."""


def start(talk: Talk, argument: str = "") -> None:
    """HOLA, HELLO: welcome, and ask where; or `JOIN maywood`: straight to the confirmation."""
    if argument:
        return offer(talk, argument)
    talk.say("hotline.welcome")
    talk.ask("area", tries=1)


def named(talk: Talk, tries: int) -> None:
    """The answer to "which area?"."""
    if talk.is_command("DENY"):
        talk.lets_go()
    elif talk.is_command("NUMBER", "AFFIRM"):
        _not_found(talk, tries)
    else:
        offer(talk, talk.heard.text, tries)


def offer(talk: Talk, text: str, tries: int = 0) -> None:
    """They named an area: say back what we understood, and let them confirm it with a number."""
    found = talk.heard.pin or gazetteer.find_area(text)
    if not (found.neighborhoods or found.choices or found.outside):
        _not_found(talk, tries)
    elif found.outside:
        talk.say("joining.outside", place=found.outside)
        talk.ask("area", tries=1)
    elif found.ask or len(found.neighborhoods) > 1:
        _which_of(talk, list(found.choices or found.neighborhoods), found.place or text)
    else:
        _confirm(talk, found.neighborhoods[0])


def chose(talk: Talk, choices: list[str], tries: int) -> None:
    """The answer to "which area?": its number confirms it at once; a name is offered anew."""
    area = talk.chosen(choices)
    if area is not None:
        return _join(talk, area)
    if talk.is_command("DENY"):
        return _ask_again(talk)
    if talk.is_command("NUMBER", "AFFIRM"):
        return _which(talk, choices, tries + 1) if tries < MOST_TRIES else talk.lets_go()
    offer(talk, talk.heard.text, tries)


def confirmed(talk: Talk, area: str, tries: int) -> None:
    """The answer to "is this right?"."""
    chosen = talk.chosen([RIGHT, OTHER])
    if talk.is_command("AFFIRM") or chosen == RIGHT:
        _join(talk, area)
    elif talk.is_command("DENY") or chosen == OTHER:
        _ask_again(talk)
    elif talk.is_command("NUMBER"):
        _confirm(talk, area, tries + 1) if tries < MOST_TRIES else talk.lets_go()
    else:
        offer(talk, talk.heard.text, tries)


def leave(talk: Talk, text: str) -> None:
    """`SALIR maywood`: that one area, and say what is left."""
    found = gazetteer.find_area(text)
    areas = found.neighborhoods or found.choices
    gone = joining.leave(talk.session, talk.contact, areas, talk.address)
    left = joining.neighborhoods_of(talk.session, talk.contact)
    named = names(talk, areas) if areas else text[:40]
    talk.say("joining.left" if gone else "joining.left_nothing", area=named, areas=names(talk, left))


def names(talk: Talk, areas: tuple[str, ...]) -> str:
    """As many as an answer has room for, and how many more: `Bell, Cudahy +3`."""
    shown, more = areas[:MOST_NAMED], len(areas) - MOST_NAMED
    named = listed([_name(talk, area) for area in shown], talk.language) or talk.words("hotline.data_none")
    return f"{named} +{more}" if more > 0 else named


def _not_found(talk: Talk, tries: int) -> None:
    """Asked twice in vain, we wait until they know it: a ZIP alone is understood at any time."""
    if tries >= MOST_TRIES:
        talk.answered()
        return talk.say("joining.later")
    talk.say("joining.not_found")
    talk.ask("area", tries=tries + 1)


def _ask_again(talk: Talk) -> None:
    talk.say("joining.ask_again")
    talk.ask("area", tries=MOST_TRIES)


def _which_of(talk: Talk, choices: list[str], place: str) -> None:
    """A few are offered by number. Long Beach has eleven: a ZIP says it in one word."""
    if len(choices) <= MOST_CHOICES:
        return _which(talk, choices)
    examples = listed([_name(talk, area) for area in choices[-EXAMPLES:]], talk.language)
    talk.say("joining.many", place=place[:40], examples=examples)
    talk.ask("area", tries=1)


def _which(talk: Talk, choices: list[str], tries: int = 1) -> None:
    talk.say("joining.which", choices=numbered([_name(talk, area) for area in choices]))
    talk.ask("which_area", choices=choices, tries=tries)


def _confirm(talk: Talk, area: str, tries: int = 1) -> None:
    talk.say("joining.confirm", area=_name(talk, area))
    talk.ask("confirm_area", area=area, tries=tries)


def _join(talk: Talk, area: str) -> None:
    talk.answered()
    talk.contact.language = talk.contact.language or talk.language
    if joining.join(talk.session, talk.contact, area, talk.address):
        talk.say("joining.joined", area=_name(talk, area))
        live.tell_newcomer(talk.session, talk.contact, area)
    else:
        talk.say("joining.already", area=_name(talk, area))


def _name(talk: Talk, area: str) -> str:
    return neighborhoods.name_of(area, talk.language)
