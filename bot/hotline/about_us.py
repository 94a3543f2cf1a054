"""Who are we, what can you text, what do we keep of you, and in which language do we talk?"""

from sqlalchemy import func, select

from bot.hotline.joining import names
from bot.hotline.talk import Talk
from bot.incidents.models import OPEN, Incident
from bot.reports.models import Report
from bot.settings import settings
from bot.subscriptions.joining import neighborhoods_of
from messages import languages


def operator(talk: Talk) -> str:
    """Who runs this hotline is a setting (VOICE: never hard-coded identity)."""
    return settings().operator_name or talk.words("hotline.operator_unnamed")


def help_(talk: Talk) -> None:
    talk.say("hotline.help", operator=operator(talk))


def who(talk: Talk) -> None:
    talk.say("hotline.who", operator=operator(talk))


def menu(talk: Talk) -> None:
    talk.say("hotline.menu")


def data(talk: Talk) -> None:
    """DATA: what we hold, from what is in the database now. Not what they reported: the phone may be in other hands."""
    contact = talk.contact
    open_reports = talk.session.scalar(
        select(func.count(Report.id))
        .join(Incident, Report.incident_id == Incident.id)
        .where(Report.contact_id == contact.id, Incident.state.in_(OPEN))
    )
    talk.say(
        "hotline.data",
        channel=contact.channel.value,
        spoken=languages.language(contact.language or talk.language).own_name,
        areas=names(talk, neighborhoods_of(talk.session, contact)),
        month=f"{contact.joined_on:%Y-%m}",
        reports=open_reports or 0,
    )


def language(talk: Talk, wanted: str) -> None:
    """LANG, IDIOMA: set it, or ask which; one we do not write is noted as a wish."""
    if not wanted:
        talk.say("hotline.language_ask")
        talk.ask("language")
    elif languages.is_complete(wanted):
        set_language(talk, wanted)
    else:
        instead = languages.chain(wanted)[-1]
        talk.contact.wished_language, talk.contact.language = wanted, instead
        talk.say("hotline.language_not_yet", language=instead, name=languages.language(wanted).own_name)


def chose_language(talk: Talk) -> bool:
    """The answer to "which language?": a number, or a name. False when it is something else."""
    said = talk.heard.message.text.strip()
    command = talk.heard.understood.command
    number = command.argument if command and command.name == "NUMBER" else said
    wanted = languages.CHOICES.get(number) or languages.language_by_name(said)
    if wanted is None:
        return False
    talk.answered()
    language(talk, wanted)
    return True


def set_language(talk: Talk, code: str) -> None:
    talk.contact.language = languages.base(code)
    talk.say("hotline.language_set", language=talk.contact.language)
