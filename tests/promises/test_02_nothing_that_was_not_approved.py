"""Promise 2. The send fuse: a worker sends only a rendition of a released broadcast, or a catalog text with a reason.

Anyone signed in may FREEZE: alerts and notices are held, corrections, pages and replies still leave; two must thaw.
"""

import pytest
from sqlalchemy import Engine, text

from tests.promises.conftest import BEN, NICO, ROSA, alarm_in, joins
from tests.services.system import Hotline
from tests.services.waiting import eventually

FORGED = "La migra esta en todas partes, salgan"


def test_a_body_slipped_into_the_database_reaches_no_phone(practice: Hotline, books: Engine) -> None:
    rosa = joins(practice.phone(ROSA))
    before = len(rosa.received())
    with books.begin() as hand:
        contact = hand.execute(text("SELECT max(id) FROM contact")).scalar_one()
        now = "2026-01-01 00:00:00+00:00"
        hand.execute(
            text(
                "INSERT INTO broadcast (kind, lane, state, neighborhoods, created_at, expires_at, planned_through)"
                " VALUES ('alert', 2, 'released', '[\"hp\"]', :now, '2099-01-01 00:00:00+00:00', 0)"
            ),
            {"now": now},
        )
        broadcast = hand.execute(text("SELECT max(id) FROM broadcast")).scalar_one()
        hand.execute(
            text(
                "INSERT INTO rendition (broadcast_id, language, channel, text, encoding, segments)"
                " VALUES (:broadcast, 'es', 'sms', :text, 'GSM-7', 1)"
            ),
            {"broadcast": broadcast, "text": FORGED},
        )
        for values, key, reason, of in (
            ("null", None, None, broadcast),
            ('{"text": "' + FORGED + '"}', "hotline.no_such_text", "alarm", None),
        ):
            hand.execute(
                text(
                    "INSERT INTO delivery (broadcast_id, contact_id, lane, channel, language, segments, key, values_, reason,"
                    " state, created_at, expires_at, attempts, retries, looks) VALUES (:of, :contact, 2, 'sms', 'es', 1, :key,"
                    " :values, :reason, 'waiting', :now, '2099-01-01 00:00:00+00:00', 0, 0, 0)".replace(
                        "values_", '"values"'
                    )
                ),
                {"of": of, "contact": contact, "key": key, "values": values, "reason": reason, "now": now},
            )
    # Something honest, sent after it in the same lane, arrives: the workers have passed the forged rows by.
    rosa.receives(alarm_in(practice, "hp"), within=30)
    practice.simulator.settle()
    assert not any(FORGED in said for said in rosa.received()[before:])

    def handed() -> int:
        with books.connect() as reader:
            of = "SELECT count(*) FROM delivery WHERE language = 'es' AND handed_at IS NOT NULL AND lane = 2"
            return int(reader.execute(text(of)).scalar_one())

    eventually(handed)  # a phone may have it before it is written down
    assert handed() == 1


def test_while_frozen_no_alert_is_released_and_replies_still_leave(practice: Hotline, books: Engine) -> None:
    ben = joins(practice.phone(BEN), "commerce", word="HELLO")
    before = len(ben.received())
    with books.begin() as hand:
        person = hand.execute(text("SELECT id, line_id FROM person ORDER BY id LIMIT 1")).one()
        hand.execute(
            text('INSERT INTO "freeze" (frozen_at, frozen_by_id, frozen_by_line) VALUES (:at, :id, :line)'),
            {"at": "2026-01-01 00:00:00+00:00", "id": person[0], "line": person[1]},
        )
    with pytest.raises(AssertionError):
        practice.bot("demo", "alert", "--neighborhood", "commerce")
    ben.answers_with("RIGHTS", "DOOR")
    assert not any("CONFIRMED" in said for said in ben.received()[before:])
    with books.begin() as hand:
        hand.execute(text('DELETE FROM "freeze"'))


@pytest.mark.threat("T14")
def test_a_message_in_the_account_that_none_of_us_sent_is_found(practice: Hotline, books: Engine) -> None:
    compared = text("SELECT count(*) FROM listed_through WHERE what = 'rogue'")
    with books.connect() as look:
        eventually(lambda: look.execute(compared).scalar_one() == 1, 30.0, "the clock compares the two logs")
    practice.phone(NICO).answers_with("RIGHTS", "DOOR")
    practice.simulator.rogue(NICO, FORGED)
    raised = text("SELECT count FROM trouble WHERE what = 'rogue_send'")

    def found() -> list[int]:
        with books.connect() as look:
            return [row[0] for row in look.execute(raised)]

    eventually(lambda: found() != [], 60.0, "it is found")
    assert found() == [1], "and what we have sent ourselves meanwhile is ours"
