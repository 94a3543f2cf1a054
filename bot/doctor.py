"""What is missing or wrong before going live? One line each, with the mend. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import ago, local, now
from bot.health import stores
from bot.outbox import clips
from bot.people.models import InvitationLine, Person, Role
from bot.privacy import audit, keys
from bot.rights import library
from bot.rights.topic import Review
from bot.settings import Settings, settings
from bot.store.deployment import is_demo
from bot.store.session import reading
from messages import catalog, directory, languages

FOUNDERS = 2
UNREAD = {
    Review.MISSING: "that nobody has reviewed",
    Review.CHANGED: "that have changed since they were signed",
    Review.DUE: "past their review date",
}


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
    found = [*_settings(settings()), *_keys(), *_database(), *_redis(), *_disk(), *_words(), *_recordings()]
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
    match stores.database():
        case stores.Answer.BEHIND:
            yield Ailment("the database lacks a migration", "python -m bot migrate")
        case stores.Answer.GONE:
            yield Ailment("the database does not answer", "check DATABASE_URL")
        case stores.Answer.READY:
            with reading() as session:
                yield from _people(session)
                yield from _record(session)


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


def _record(session: Session) -> Iterator[Ailment]:
    began = session.scalar(select(func.min(InvitationLine.created_at)))
    altered = audit.broken_at(session, purged=began is not None and began < ago(days=audit.KEPT_DAYS))
    if altered is not None:
        yield Ailment(
            f"the record of what volunteers did was altered at entry {altered}, or one before it was taken out",
            "find out who can write to the database (SECURITY.md); keep a copy of it as it is before anything else",
        )


def _redis() -> Iterator[Ailment]:
    if not stores.redis():
        yield Ailment("Redis does not answer: everything still works, more slowly", "check REDIS_URL", serious=False)


def _disk() -> Iterator[Ailment]:
    left = stores.room()
    if left.percent < settings().disk_low_percent or left.megabytes < settings().disk_full_megabytes:
        what = f"{left.megabytes} MB ({left.percent:.0f} %) of the disk are free"
        yield Ailment(what, "make room: a hotline that cannot write keeps nothing", serious=False)


def _recordings() -> Iterator[Ailment]:
    for clip, why in clips.faults():
        yield Ailment(f"the recording {clip.name} is not sent ({why})", "python -m bot clips says what it lacks", False)


def _words() -> Iterator[Ailment]:
    today = local(now()).date()
    yield from (_unverified(entry, today) for entry in directory.overdue(today))
    for state, what in UNREAD.items():
        topics = [topic.id for topic in library.topics() if topic.review(today) is state]
        if topics:
            mend = "have a lawyer read `python -m bot rights sheet` and sign (docs/rights.md)"
            yield Ailment(f"rights texts {what}: {', '.join(topics)}", mend, serious=False)
    for code in languages.WRITTEN:
        unread = [name for name in catalog.namespaces() if not _reviewed(name, code)] + _rights_unread(code)
        if unread:
            mend = "have a speaker read messages/texts/*." + code + ".yml and sign their _meta"
            yield Ailment(f"{languages.language(code).english_name}: nobody reviewed {', '.join(unread)}", mend, False)


def _unverified(entry: directory.Entry, today: date) -> Ailment:
    if not entry.is_phone:
        mend = "ask or look, then set verified_on in messages/directory.yml"
        return Ailment(f"{entry.name}: nobody has looked lately whether what we say of it holds", mend, serious=False)
    sent = (
        "was not called lately" if entry.may_be_sent(demo=False, today=today) else "is not verified, so it is not sent"
    )
    mend = "call it, then set verified_on in messages/directory.yml"
    return Ailment(f"{entry.name}: its number {sent}", mend, serious=False)


def _rights_unread(code: str) -> list[str]:
    """A topic's own two languages are its lawyer's; a translation has a reviewer of its own."""
    return ["rights/words"] if code in library.translations() and not library.is_signed(code) else []


def _reviewed(namespace: str, code: str) -> bool:
    """Or not spoken at all: the console has two languages."""
    return (namespace, code) not in catalog.files() or catalog.is_signed(namespace, code)
