"""Who are we, what can you text, what do we keep of you, and in which language do we talk?"""

from sqlalchemy import func, select

from bot.hotline.joining import names
from bot.hotline.talk import MOST_TRIES, Talk
from bot.incidents.models import Incident
from bot.incidents.states import OPEN
from bot.reports.models import Report
from bot.settings import settings
from bot.subscriptions.joining import neighborhoods_of
from messages import languages, tongue


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


def language(talk: Talk, wanted: str, tries: int = 0) -> None:
    """LANG, IDIOMA: set it, or ask which; one we do not write is noted as a wish."""
    if not wanted:
        talk.say("hotline.language_ask")
        talk.ask("language", tries=tries + 1)
    elif languages.is_complete(wanted):
        set_language(talk, wanted)
    else:
        instead = languages.chain(wanted)[-1]
        talk.contact.wished_language, talk.contact.language = wanted, instead
        talk.say("hotline.language_not_yet", language=instead, name=languages.language(wanted).own_name)


def chose_language(talk: Talk, tries: int) -> bool:
    """The answer to "which language?": a number, or a name. False when it is something else."""
    said = talk.heard.message.text.strip()
    command = talk.heard.understood.command
    number = command.argument if command and command.name == "NUMBER" else ""
    wanted = languages.CHOICES.get(number) or languages.language_by_name(said)
    if wanted is not None:
        talk.answered()
        language(talk, wanted)
    elif talk.is_command("NUMBER", "AFFIRM") and tries < MOST_TRIES:
        language(talk, "", tries)
    elif talk.is_command("NUMBER", "AFFIRM", "DENY"):
        talk.lets_go()
    else:
        return False
    return True


def set_language(talk: Talk, code: str) -> None:
    """From now on, and no recordings in another one; Chinese in the letters of the word they asked for it with."""
    talk.contact.wished_language = None
    talk.contact.language = tongue.script(languages.base(code), talk.heard.message.text, enough=1)
    talk.say("hotline.language_set", language=talk.contact.language)
