"""Who works in the demo? Two founders' lines, so that two independent people can release, and how to sign in as each."""

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

import pyotp
import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.contacts.models import Channel, find_or_add
from bot.demo.ground import only_in_a_demo
from bot.people import invitations, shifts, vouching
from bot.people.models import Person, Role
from bot.store.session import reading, writing

ACCOUNTS = Path("var/demo/accounts.json")
WORDS = [
    "river",
    "lantern",
    "maple",
    "copper",
    "violet",
    "harbor",
    "meadow",
    "window",
    "ladder",
    "basket",
    "orchard",
    "pepper",
    "saddle",
    "thunder",
    "pocket",
    "feather",
    "garden",
    "marble",
    "candle",
    "button",
    "ribbon",
    "walnut",
    "island",
    "shadow",
    "kettle",
    "needle",
    "bridge",
    "cactus",
]
EVERYWHERE = ("hp", "walnut_park", "maywood", "bell", "lb_cambodia", "lb_downtown", "lb_central")


@dataclass(frozen=True)
class Account:
    """A demo person: made up, with a phone of the range kept for fiction."""

    name: str
    role: str
    line: str
    passphrase: str
    totp: str
    phone: str = ""


CAST = (
    # name, role, line, language, phone, neighborhoods
    ("Carmen", Role.COORDINATOR, "norte", "es", "", ()),
    ("Teo", Role.COORDINATOR, "sur", "en", "+13235550110", ()),
    ("Ana", Role.VERIFIER, "norte", "es", "+13235550107", ("hp", "walnut_park", "maywood", "bell")),
    ("Omar", Role.VERIFIER, "norte", "en", "+15625550108", EVERYWHERE),
    ("Ines", Role.ORGANIZER, "norte", "es", "", ("hp",)),
    ("Paul", Role.ORGANIZER, "sur", "en", "", ("hp",)),
    ("Dora", Role.DISPATCHER, "sur", "es", "+13235550109", EVERYWHERE),
)


def introduce() -> None:
    """Make the cast once and print how to sign in. Repeating it prints the same accounts."""
    only_in_a_demo()
    if not ACCOUNTS.exists() or not _still_here():
        with writing() as session:
            made = _make(session)
        _keep(made)
    for account in accounts():
        typer.echo(f"{account.name:8} {account.role:12} line {account.line:6} passphrase: {account.passphrase}")
    typer.echo("Their one-time codes: ./run bot demo code NAME")


def accounts() -> list[Account]:
    return [Account(**kept) for kept in json.loads(ACCOUNTS.read_text())]


def account(name: str) -> Account:
    """The demo account of this name. Exits with the names there are."""
    known = {kept.name.lower(): kept for kept in accounts()} if ACCOUNTS.exists() else {}
    if name.lower() not in known:
        typer.echo(
            f"No demo account {name!r}; there are: {', '.join(known) or 'none yet (./run bot demo people)'}", err=True
        )
        raise typer.Exit(1)
    return known[name.lower()]


def one_time_code(name: str) -> str:
    return pyotp.TOTP(account(name).totp).now()


def _make(session: Session) -> list[Account]:
    made = []
    founders: dict[str, Person] = {}
    for name, role, line, language, phone, areas in CAST:
        told = (
            invitations.found(session, line, role)
            if line not in founders
            else invitations.invite(session, founders[line], role, senior=True)
        )
        second = next((founder for of_line, founder in founders.items() if of_line != line), None)
        if line in founders and role is not Role.VERIFIER and second is not None:
            vouching.vouch(session, told.invitation_id, second)
        kept = Account(name, role.value, line, _passphrase(), pyotp.random_base32(), phone)
        person = invitations.accept(
            session,
            told.token,
            told.code,
            name,
            kept.passphrase,
            secret=kept.totp,
            language=language,
            neighborhoods=areas,
        )
        founders.setdefault(line, person)
        if phone:
            contact = find_or_add(session, phone, Channel.SMS)
            contact.language, person.contact_id = language, contact.id
            session.flush()
            shifts.on(session, person)
        made.append(kept)
    return made


def _still_here() -> bool:
    """Whether the accounts on disk are those of this database."""
    with reading() as session:
        return set(session.scalars(select(Person.name))) >= {kept.name for kept in accounts()}


def _keep(made: list[Account]) -> None:
    ACCOUNTS.parent.mkdir(parents=True, exist_ok=True)
    ACCOUNTS.touch(mode=0o600)
    ACCOUNTS.write_text(json.dumps([asdict(kept) for kept in made], indent=1))


def _passphrase() -> str:
    return "-".join(secrets.SystemRandom().sample(WORDS, 4))  # four different ones: "river-river-..." is refused
