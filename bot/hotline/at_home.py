"""HOME: two phones say that they share a home, so that one window counts as one witness. Nothing else is kept of it."""

from bot.hotline.talk import Talk
from bot.reports import homes, witnesses
from bot.settings import settings


def home(talk: Talk, code: str) -> None:
    """HOME gives a code; HOME 4821 from the other phone takes it."""
    talk.answered()
    if not code:
        return _offer(talk)
    if not homes.join(talk.session, talk.contact, code):
        return talk.say("hotline.home_no_code")
    for incident in homes.told_of_lately(talk.session, talk.contact):
        witnesses.recount(talk.session, incident)
    talk.say("hotline.home_joined")


def _offer(talk: Talk) -> None:
    code = homes.offer(talk.session, talk.contact)
    talk.say("hotline.home_code", values={"code": code, "within": settings().home_code_minutes})
