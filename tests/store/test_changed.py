"""Does every commit that a page shows move the one counter, and nothing move it unseen? On both kinds of database."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from bot.clock import now
from bot.incidents import opening
from bot.moderation.emergency_models import Emergency
from bot.people import invitations
from bot.people.models import Person, Role
from bot.store import changed
from bot.store.engine import engine
from bot.store.migrate import migrate
from bot.store.session import reading, writing
from tests.services.databases import Databases
from tests.services.settings import Environment


def counted() -> int:
    with reading() as session:
        return changed.count(session)


@pytest.fixture
def ana(database_url: str) -> Person:
    with writing() as session:
        invited = invitations.found(session, "north", Role.COORDINATOR)
        return invitations.accept(
            session, invited.token, invited.code, "Ana", "tres gatos cruzan el puente", secret="A" * 32
        )


def test_each_table_has_its_three_triggers(database_url: str) -> None:
    wanted = {f"counts_{act}_{table}" for table in changed.SHOWN for act in ("insert", "update", "delete")}
    with engine().connect() as connection:
        assert changed.hanging(connection) == wanted


def test_a_trigger_that_a_migration_took_away_is_hung_again(database_url: str) -> None:
    on = ' ON "report"' if database_url.startswith("postgresql") else ""
    with engine().connect() as connection:
        connection.execute(text(f"DROP TRIGGER counts_insert_report{on}"))
        connection.commit()
    migrate()
    with engine().connect() as connection:
        assert "counts_insert_report" in changed.hanging(connection)


def test_it_moves_with_a_commit_and_not_with_what_is_undone(ana: Person) -> None:
    before = counted()
    with pytest.raises(ZeroDivisionError), writing() as session:
        session.get_one(Person, ana.id).name = "Beatriz"
        session.flush()
        raise ZeroDivisionError
    assert counted() == before
    with writing() as session:
        session.get_one(Person, ana.id).name = "Beatriz"
    assert counted() > before


def test_what_no_page_shows_does_not_move_it(ana: Person) -> None:
    """Wrong guesses of a passphrase, and a console that is looked at: fifty others are not sent a page for it."""
    before = counted()
    with writing() as session:
        session.get_one(Person, ana.id).failed_sign_ins = 3
    assert counted() == before


def test_two_that_commit_in_the_other_order_than_they_began_are_both_seen(
    databases: Databases, env: Environment
) -> None:
    """Of a sequence the later number would be seen first, and the earlier commit never. (SQLite has one writer at a time.)"""
    url = databases.fresh("postgresql")
    env.set(database_url=url)
    seen = [counted()]
    with engine().connect() as first, engine().connect() as second:
        for connection, name in ((first, "north"), (second, "south")):
            connection.execute(
                text("INSERT INTO incident_area (incident_id, neighborhood) VALUES (:id, 'hp')"),
                {"id": _incident(name)},
            )
        second.commit()
        seen.append(counted())
        first.commit()
        seen.append(counted())
    assert seen[0] < seen[1] < seen[2]
    engine().dispose()
    databases.drop(url)


def test_adding_up_changes_nothing_that_anybody_sees(ana: Person) -> None:
    for name in ("Berta", "Carla", "Delia"):
        with writing() as session:
            session.get_one(Person, ana.id).name = name
    before = counted()
    with writing() as session:
        session.execute(text("UPDATE change SET at = '2020-01-01 00:00:00+00:00'"))
    changed.fold()
    assert counted() == before
    with reading() as session:
        assert session.scalar(text("SELECT count(*) FROM change")) == 1


def test_nobody_who_looks_meanwhile_ever_sees_it_go_back(ana: Person) -> None:
    seen: list[int] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            seen.append(counted())

    with ThreadPoolExecutor(1) as eyes:
        looking = eyes.submit(look)
        try:
            for n in range(20):
                with writing() as session:
                    session.add(Emergency(report_id=_report(n), opened_at=now()))
                with writing() as session:
                    session.execute(text("UPDATE change SET at = '2020-01-01 00:00:00+00:00' WHERE id <> 0"))
                changed.fold()
        finally:
            done.set()
        looking.result()
    assert seen == sorted(seen)
    assert len(set(seen)) > 1


def _incident(place: str) -> int:
    with writing() as session:
        return opening.open_at(session, opening.Spot(place, place, ("bell",))).id


def _report(n: int) -> int:
    with writing() as session:
        session.execute(
            text(
                "INSERT INTO report (pseudonym, kind, language, received_at, first_hand, uniform, time, equipment, words)"
                " VALUES (:name, 'emergency', 'es', CURRENT_TIMESTAMP, true, 'unknown', 'now', '[]', '[]')"
            ),
            {"name": f"r{n}"},
        )
        return int(session.scalar(text("SELECT max(id) FROM report")) or 0)
