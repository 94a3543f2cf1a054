"""What is missing or wrong before going live? One line each, with the mend. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass

from redis.exceptions import RedisError
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.clock import local, now
from bot.outbox import queue_health
from bot.people.models import InvitationLine, Person, Role
from bot.privacy import keys
from bot.rights import library
from bot.settings import Settings, settings
from bot.store.deployment import is_demo
from bot.store.migrate import behind
from bot.store.session import reading
from messages import catalog, directory, languages

FOUNDERS = 2


@dataclass(frozen=True, slots=True)
class Ailment:
    """One thing that is wrong, and what mends it. A warning does not stop going live."""

    what: str
    mend: str
    serious: bool = True

    def __str__(self) -> str:
        return f"{'WRONG' if self.serious else 'look '}  {self.what}\n       {self.mend}"


def examine() -> list[Ailment]:
    """Everything found, the serious first."""
    found = [*_settings(settings()), *_keys(), *_database(), *_redis(), *_words()]
    return sorted(found, key=lambda ailment: not ailment.serious)


def _settings(known: Settings) -> Iterator[Ailment]:
    if not known.operator_name:
        yield Ailment("nobody is named as operator", "set OPERATOR_NAME: WHO and HELP say it")
    if not known.twilio_account_sid.startswith("AC"):
        yield Ailment("no Twilio account", "set TWILIO_ACCOUNT_SID")
    if not (known.twilio_auth_token or known.twilio_webhook_shared_keys):
        yield Ailment("webhooks cannot be checked", "set TWILIO_AUTH_TOKEN or TWILIO_WEBHOOK_SHARED_KEYS")
    if not (known.twilio_messaging_service_sid or known.twilio_from_number):
        yield Ailment("no sender", "set TWILIO_MESSAGING_SERVICE_SID or TWILIO_FROM_NUMBER")
    if not known.public_base_url.startswith("https://") and not known.demo:
        yield Ailment("the public address is not https", "set PUBLIC_BASE_URL to the https address Twilio calls")
    if known.public_base_url.endswith("/"):
        yield Ailment(
            "the public address ends in a slash: no signature will match", "take the slash off PUBLIC_BASE_URL"
        )
    if not known.counsel_contact:
        yield Ailment("staff would not know whom to call on a legal demand", "set COUNSEL_CONTACT", serious=False)


def _keys() -> Iterator[Ailment]:
    for wrong in keys.trouble():
        yield Ailment(wrong, "see docs/keys.md")
    try:
        keys.key("number_private_key")
    except keys.KeyMissing:
        yield Ailment("no key to open numbers here", "right for web; workers need NUMBER_PRIVATE_KEY", serious=False)


def _database() -> Iterator[Ailment]:
    try:
        if behind():
            yield Ailment("the database lacks a migration", "python -m bot migrate")
            return
        with reading() as session:
            yield from _people(session)
    except SQLAlchemyError as error:
        yield Ailment(f"the database does not answer ({type(error).__name__})", "check DATABASE_URL")


def _people(session: Session) -> Iterator[Ailment]:
    lines = session.scalar(
        select(func.count(InvitationLine.id.distinct()))
        .join(Person, Person.line_id == InvitationLine.id)
        .where(Person.revoked_at.is_(None))
    )
    if (lines or 0) < FOUNDERS:
        yield Ailment(
            f"{lines or 0} invitation line(s): no alert could ever be released by two independent people",
            "python -m bot invite --founder NAME, for two people who did not invite each other",
        )
    elif _releasing_lines(session) < FOUNDERS:
        yield Ailment("only one line has an organizer", "invite an organizer of another line", serious=False)
    if is_demo(session) and not settings().demo:
        yield Ailment("this is a demo's database", "use a new database for the real thing")


def _releasing_lines(session: Session) -> int:
    releasing = select(func.count(Person.line_id.distinct())).where(
        Person.role.in_((Role.ORGANIZER, Role.COORDINATOR)), Person.revoked_at.is_(None)
    )
    return session.scalar(releasing) or 0


def _redis() -> Iterator[Ailment]:
    try:
        queue_health.answers()
    except RedisError:
        yield Ailment("Redis does not answer: everything still works, more slowly", "check REDIS_URL", serious=False)


def _words() -> Iterator[Ailment]:
    today = local(now()).date()
    for entry in directory.overdue(today):
        yield Ailment(
            f"{entry.name}: its number is not verified, so it is not sent", "call it, then set verified_on", False
        )
    overdue = [topic.id for topic in library.overdue(today)]
    if overdue:
        yield Ailment(f"rights texts past their review date: {', '.join(overdue)}", "have a lawyer read them", False)
    for code in languages.COMPLETE:
        unread = [name for name in catalog.namespaces() if not _reviewed(name, code)] + _rights_unread(code)
        if unread:
            mend = "have a speaker read messages/texts/*." + code + ".yml and sign their _meta"
            yield Ailment(f"{languages.language(code).english_name}: nobody reviewed {', '.join(unread)}", mend, False)


def _rights_unread(code: str) -> list[str]:
    """A topic's own two languages are its lawyer's; a translation has a reviewer of its own."""
    return ["rights/words"] if code not in languages.STAFF and not library.note(code).get("reviewed_by") else []


def _reviewed(namespace: str, code: str) -> bool:
    try:
        return bool(catalog.note(namespace, code).get("reviewed_by"))
    except KeyError:
        return True
