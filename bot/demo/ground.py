"""May we play here? Only with DEMO set, and only in a database that is marked as a demo's or holds nobody yet."""

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.contacts.models import Contact
from bot.people.models import Person
from bot.settings import settings
from bot.store.deployment import is_demo, make_demo
from bot.store.migrate import migrate
from bot.store.session import reading, writing


def only_in_a_demo() -> None:
    """Give the demo its tables and its mark. Exits with a clear word where real people could be."""
    if not settings().demo:
        raise typer.Exit(_refuse("DEMO is not set, so this is not a demo. Use ./run bot demo ..., or set DEMO=true."))
    migrate()
    with reading() as session:
        marked, empty = is_demo(session), _nobody_here(session)
    if not marked and not empty:
        raise typer.Exit(_refuse("This database holds people and is not marked as a demo's. Nothing was changed."))
    if not marked:
        with writing() as session:
            make_demo(session)


def _nobody_here(session: Session) -> bool:
    return (
        not session.scalars(select(Contact.id).limit(1)).first()
        and not session.scalars(select(Person.id).limit(1)).first()
    )


def _refuse(why: str) -> int:
    typer.echo(why, err=True)
    return 1
