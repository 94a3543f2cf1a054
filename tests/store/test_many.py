"""Does one statement for many rows find just those, and by their index?"""

import pytest
from sqlalchemy import or_, select, text

from bot.clock import now
from bot.contacts.models import Channel
from bot.outbox.delivery_models import Delivery, Reason
from bot.outbox.models import Lane
from bot.store.engine import engine
from bot.store.many import among
from bot.store.session import reading, writing
from tests.services.databases import Databases
from tests.services.settings import Environment

MEANT = select(Delivery.id).where(or_(among(Delivery.id), among(Delivery.sid, "sids"))).order_by(Delivery.id)


def sid(n: int) -> str:
    return f"SM{n:032x}"


@pytest.fixture
def twenty(database_url: str) -> list[int]:
    """Twenty answers; the ids."""
    with writing() as session:
        made = [
            Delivery(
                key="hotline.help", reason=Reason.WROTE_TO_US, lane=Lane.REPLY, channel=Channel.SMS, language="es",
                segments=1, created_at=now(), expires_at=now(), sid=sid(n),
            )
            for n in range(20)
        ]  # fmt: skip
        session.add_all(made)
        session.flush()
        return [one.id for one in made]


def test_by_id_or_by_word_just_those_are_found(twenty: list[int]) -> None:
    with reading() as session:
        assert session.scalars(MEANT, {"ids": twenty[:3], "sids": [sid(5), sid(99)]}).all() == [*twenty[:3], twenty[5]]
        assert session.scalars(MEANT, {"ids": [], "sids": []}).all() == []


def test_sqlite_looks_them_up_by_their_indexes(databases: Databases, env: Environment) -> None:
    """Or each of these statements would read the whole table. (PostgreSQL reads one as small as a test's whole.)"""
    url = databases.fresh("sqlite")
    env.set(database_url=url)
    asked = f"EXPLAIN QUERY PLAN {MEANT.compile(engine())}".replace("?", ":given")
    with reading() as session:
        steps = " ".join(row.detail for row in session.execute(text(asked), {"given": "[1]"}))
    assert "SCAN delivery" not in steps
    assert steps.count("SEARCH delivery") == 2
    engine().dispose()
    databases.drop(url)
