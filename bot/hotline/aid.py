"""AID: what is on now, and which kinds of aid to hear about."""

from bot.hotline.joining import names
from bot.hotline.talk import Talk
from bot.notices import current
from bot.subscriptions import joining
from bot.subscriptions.models import AidKind
from messages.formats import joined as listed


def aid(talk: Talk, argument: str) -> None:
    """AID (what is on), AID FOOD (hear about it), AID OFF (no more)."""
    if argument == "off":
        joining.leave(talk.session, talk.contact, tuple(kind.subject for kind in AidKind), talk.address)
        talk.say("hotline.aid_left")
    elif argument in set(AidKind):
        _join(talk, AidKind(argument))
    else:
        _now(talk)


def _join(talk: Talk, kind: AidKind) -> None:
    joining.join(talk.session, talk.contact, kind.subject, talk.address)
    kinds = listed(
        [talk.words(f"hotline.aid_{name}") for name in joining.aid_of(talk.session, talk.contact)], talk.language
    )
    areas = joining.neighborhoods_of(talk.session, talk.contact)
    if areas:
        talk.say("hotline.aid_joined", kinds=kinds, areas=names(talk, areas))
    else:
        talk.say("hotline.aid_joined_no_area", kinds=kinds)
        talk.ask("area")


def _now(talk: Talk) -> None:
    """What is offered now where they subscribed; everywhere, for those who did not."""
    notices = current.on_now(talk.session, joining.neighborhoods_of(talk.session, talk.contact))
    if notices:
        for notice in notices:
            talk.say("notices.on_now", notice=current.words(notice, talk.language))
    else:
        talk.say("hotline.aid_none")
