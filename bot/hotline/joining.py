"""How does somebody come to get alerts? A join word, an area, one number to confirm."""

from bot.alerts import live
from bot.hotline.talk import Talk
from bot.places import gazetteer, neighborhoods
from bot.subscriptions import joining
from messages.formats import joined as listed

RIGHT, OTHER = "1", "2"


def start(talk: Talk, argument: str = "") -> None:
    """HOLA, HELLO: welcome, and ask where; or `JOIN maywood`: straight to the confirmation."""
    if argument:
        return offer(talk, argument)
    talk.say("hotline.welcome")
    talk.ask("area")


def offer(talk: Talk, text: str) -> None:
    """They named an area: say back what we understood, and let them confirm it with a number."""
    found = talk.heard.pin or gazetteer.find_area(text)
    if not (found.neighborhoods or found.choices or found.outside):
        talk.say("joining.not_found")
        talk.ask("area")
    elif found.outside:
        talk.say("joining.outside", place=found.outside)
        talk.ask("area")
    elif found.ask or len(found.neighborhoods) > 1:
        choices = list(found.choices or found.neighborhoods)
        talk.say("joining.which", choices=talk.numbered([_name(talk, area) for area in choices]))
        talk.ask("which_area", choices=choices)
    else:
        _confirm(talk, found.neighborhoods[0])


def chose(talk: Talk, choices: list[str]) -> None:
    """The answer to "which area?": its number confirms it at once; a name is offered anew."""
    area = talk.chosen(choices)
    if area is not None:
        return _join(talk, area)
    offer(talk, talk.heard.text)


def confirmed(talk: Talk, area: str) -> None:
    """The answer to "is this right?"."""
    if talk.is_command("AFFIRM") or talk.chosen([RIGHT, OTHER]) == RIGHT:
        return _join(talk, area)
    if talk.is_command("DENY", "NUMBER"):
        talk.say("joining.ask_again")
        return talk.ask("area")
    offer(talk, talk.heard.text)


def leave(talk: Talk, text: str) -> None:
    """`SALIR maywood`: that one area, and say what is left."""
    found = gazetteer.find_area(text)
    areas = found.neighborhoods or found.choices
    gone = joining.leave(talk.session, talk.contact, areas, talk.address)
    left = joining.neighborhoods_of(talk.session, talk.contact)
    named = listed([_name(talk, area) for area in areas], talk.language) or text[:40]
    talk.say("joining.left" if gone else "joining.left_nothing", area=named, areas=names(talk, left))


def names(talk: Talk, areas: tuple[str, ...]) -> str:
    return listed([_name(talk, area) for area in areas], talk.language) or talk.words("hotline.data_none")


def _confirm(talk: Talk, area: str) -> None:
    talk.say("joining.confirm", area=_name(talk, area))
    talk.ask("confirm_area", area=area)


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
