"""Subscribers by the thousand, with numbers that cannot be anybody's, for trying out size and speed."""

import itertools
from collections.abc import Iterator
from typing import Any

import typer
from rich.progress import track
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bot.clock import ahead, local, now
from bot.contacts.models import Channel, Contact
from bot.demo.ground import only_in_a_demo
from bot.places.neighborhoods import all_neighborhoods, neighborhood
from bot.privacy.numbers import seal, tag
from bot.store.session import writing
from bot.subscriptions.models import Subscription

AT_ONCE = 5000
FICTION_AREA_CODES = tuple(code for code in range(201, 990) if str(code)[1:] != "11")
FICTION_LINES = 100
LANGUAGES = ("es",) * 15 + ("en",) * 4 + ("km",)
"""Three in four read Spanish first, one in five English (content/languages.md)."""
WHATSAPP_ONE_IN = 8


def number(index: int) -> str:
    """The `index`th number nobody has: 555-01xx of each area code, then numbers with an area code that cannot exist."""
    if index < len(FICTION_AREA_CODES) * FICTION_LINES:
        code, line = divmod(index, FICTION_LINES)
        return f"+1{FICTION_AREA_CODES[code]}55501{line:02d}"
    return f"+10{index:09d}"


def seed(subscribers: int, area: str | None = None) -> None:
    """Add this many subscribers, in one neighborhood or spread over all."""
    only_in_a_demo()
    areas = (neighborhood(area).id,) if area else tuple(known.id for known in all_neighborhoods())
    with writing() as session:
        first = session.scalar(select(func.max(Contact.id))) or 0
    for start in track(range(0, subscribers, AT_ONCE), description="Subscribing"):
        with writing() as session:
            _sow(session, range(first + start, first + min(start + AT_ONCE, subscribers)), areas)
    typer.echo(f"{subscribers} subscribers in {area or f'{len(areas)} neighborhoods'}.")


def _sow(session: Session, indexes: range, areas: tuple[str, ...]) -> None:
    # An offset keeps clear of the numbers the demo's own phones have.
    rows = list(_contacts(FICTION_LINES + index for index in indexes))
    marks = {row["tag"] for row in rows}
    known = set(session.scalars(select(Contact.tag).where(Contact.tag.in_(marks))))
    session.execute(insert(Contact), [row for row in rows if row["tag"] not in known])
    ids = session.scalars(select(Contact.id).where(Contact.tag.in_(marks - known)).order_by(Contact.id))
    today = local(now()).date()
    session.execute(
        insert(Subscription),
        [
            {"subject": subject, "contact_id": id_, "joined_on": today}
            for id_, subject in zip(ids, itertools.cycle(areas), strict=False)
        ],
    )


def _contacts(indexes: Iterator[int]) -> Iterator[dict[str, Any]]:
    today, window = local(now()).date(), ahead(hours=20)
    for index in indexes:
        on_whatsapp = index % WHATSAPP_ONE_IN == 0
        yield {
            "tag": tag(number(index)),
            "sealed": seal(number(index)),
            "channel": Channel.WHATSAPP if on_whatsapp else Channel.SMS,
            "language": LANGUAGES[index % len(LANGUAGES)],
            "joined_on": today,
            "whatsapp_until": window if on_whatsapp and index % 2 == 0 else None,
            "strikes": 0,
        }
