"""Promise 3. Whatever is killed, every copy ends handed, dropped or listed, and nobody is told twice: counted at the phones."""

import collections

from sqlalchemy import Engine, text

from tests.promises.conftest import alarm_in, copies_of
from tests.services.system import Hotline
from tests.services.waiting import eventually

PEOPLE = 300


def test_workers_killed_in_the_middle_of_an_alert(practice: Hotline, books: Engine) -> None:
    hotline = practice
    hotline.bot("demo", "seed", "--subscribers", str(PEOPLE), "--neighborhood", "bell")
    code = alarm_in(hotline, "bell")
    for name in ("urgent", "bulk", "urgent"):
        eventually(lambda: _left(books) > 5, within=30)
        hotline.kill(name)
        hotline.start(name)
    # WhatsApp takes the copies of those who never wrote there and refuses them later (63016, a receipt): their one copy is
    # the SMS that follows. So what the carrier only took is open too, until its last receipt is in our books.
    eventually(lambda: _open(books) == 0, within=120, saying="copies still open")
    hotline.simulator.settle()
    arrived = [row for row in copies_of(hotline, code) if row["status"] != "failed"]
    copies = collections.Counter(row["to"].removeprefix("whatsapp:") for row in arrived)
    assert set(copies.values()) == {1}
    assert len(copies) == PEOPLE


def _left(books: Engine) -> int:
    return _count(books, "handed_at IS NOT NULL AND broadcast_id IS NOT NULL")


def _open(books: Engine) -> int:
    unplanned = "(SELECT count(*) FROM broadcast WHERE planned_at IS NULL AND state = 'released')"
    return _count(books, f"state NOT IN ('delivered', 'read', 'failed', 'dropped') OR {unplanned} > 0")


def _count(books: Engine, where: str) -> int:
    with books.connect() as reader:
        return int(reader.execute(text(f"SELECT count(*) FROM delivery WHERE {where}")).scalar_one())  # noqa: S608
