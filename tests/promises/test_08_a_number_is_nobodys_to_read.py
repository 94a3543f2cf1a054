"""Promise 8. Numbers are sealed with a key the web does not have, and found nowhere else: database, Redis, logs, pages."""

from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import Engine, text

from tests.promises.conftest import joins
from tests.services.system import Hotline

PLANTED = tuple(f"+13235550{line}" for line in range(131, 141))


@pytest.fixture(scope="module")
def spoken(practice: Hotline) -> Hotline:
    """Ten people joined, reported, were alerted, failed to be reached, and one was deleted."""
    hotline = practice
    for number in PLANTED:
        joins(hotline.phone(number), "bell gardens")
    hotline.simulator.fault("fail", to=PLANTED[1], code=30005)
    hotline.phone(PLANTED[2]).answers_with(
        "la migra esta en la florence y eastern en bell gardens, 4 agentes ahorita", "Recibido"
    )
    hotline.phone(PLANTED[3]).answers_with(f"mi numero es {PLANTED[3]}, esta la migra en mi puerta ahorita", "911")
    hotline.bot("demo", "alert", "--neighborhood", "bell_gardens")
    hotline.phone(PLANTED[4]).receives("CONFIRMADO")
    hotline.phone(PLANTED[5]).answers_with("BORRAR", "Borrado")
    hotline.simulator.settle()
    return hotline


@pytest.mark.threat("T03")
def test_the_database_holds_no_number(spoken: Hotline, books: Engine, tmp_path: Path) -> None:
    with books.connect() as reader:
        tables = reader.execute(text(_TABLES[books.dialect.name])).scalars().all()
        everything = "\n".join(
            repr(tuple(bytes(value) if isinstance(value, memoryview) else value for value in row))
            for table in tables
            for row in reader.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608
        )
    assert len(tables) > 20
    assert _found_in(everything.encode()) == []


@pytest.mark.threat("T03")
def test_the_database_files_hold_no_number(spoken: Hotline, books: Engine, services_folder: Path) -> None:
    if books.dialect.name == "sqlite":
        path = Path(spoken.database_url.removeprefix("sqlite:///"))
        files = list(path.parent.glob(path.name + "*"))
    else:
        with books.connect().execution_options(isolation_level="AUTOCOMMIT") as admin:
            admin.execute(text("CHECKPOINT"))
            number = admin.execute(text("SELECT oid FROM pg_database WHERE datname = current_database()")).scalar_one()
        files = [
            file for file in (services_folder / "postgres" / "data" / "base" / str(number)).iterdir() if file.is_file()
        ]
    assert files
    assert [found for file in files for found in _found_in(file.read_bytes())] == []


@pytest.mark.threat("T20")
def test_redis_holds_no_number(spoken: Hotline) -> None:
    with Redis.from_url(spoken.redis_url) as redis:
        redis.save()
        kept = redis.dbsize()
    files = [
        file for file in spoken.folder.rglob("*") if file.is_file() and file.suffix in (".rdb", ".aof", ".manifest")
    ]
    assert kept
    assert files
    assert [found for file in files for found in _found_in(file.read_bytes())] == []


@pytest.mark.threat("T19")
def test_no_log_holds_a_number_or_a_text(spoken: Hotline) -> None:
    logs = spoken.logs()
    assert "inbound" in logs or "webhook" in logs or "POST" in logs
    assert _found_in(logs.encode()) == []
    assert "florence y eastern" not in logs.lower()


def test_the_web_process_cannot_open_a_number(spoken: Hotline) -> None:
    from runner.procfile import processes

    assert "NUMBER_PRIVATE_KEY= " in processes()["web"]
    assert "NUMBER_PRIVATE_KEY= " in processes()["console"]


_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}


def _found_in(content: bytes) -> list[str]:
    """Which planted numbers stand there: whole, national, last seven, spaced, or in UTF-16."""
    return [
        number
        for number in PLANTED
        if any(
            form in content
            for spelled in _spellings(number)
            for form in (spelled.encode(), spelled.encode("utf-16-le"))
        )
    ]


def _spellings(number: str) -> tuple[str, ...]:
    area, exchange, line = number[2:5], number[5:8], number[8:]
    return number[2:], f"{exchange}{line}", f"{area}-{exchange}-{line}", f"({area}) {exchange}-{line}"
