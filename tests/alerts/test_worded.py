"""An alert's copy says what two people released and, behind it, its person's own word; and nothing else."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from bot.alerts import correction, desk, release
from bot.alerts.models import Alert
from bot.channels import failures
from bot.channels.carrier_log import Logged
from bot.channels.segments import measure
from bot.clock import ahead, now
from bot.contacts import check_words
from bot.contacts.models import Channel, Contact
from bot.moderation.models import Saw
from bot.outbox import claiming, drafting, fuse, let_out, newcomers, planning, seen, settling
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.lost import Lost
from bot.outbox.models import Broadcast, Kind, Lane, Rendition
from bot.people.models import Person, Role
from bot.privacy import texts
from bot.store.session import reading, writing
from messages import languages
from tests.moderation.cast import Town
from tests.services.settings import Environment

WORD = "GIRASOL"


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    yield
    let_out._decided.clear()


@pytest.fixture
def alert(database_url: str, env: Environment) -> tuple[int, int, int]:
    """A released alert, somebody with a word and somebody without: (broadcast, with, without)."""
    with writing() as session:
        town = Town(session)
        vera, olga = town.person("Vera"), town.person("Olga", Role.ORGANIZER, line="birch", phone=False)
        incident = town.incident()
        worded, plain = town.neighbor("hp"), town.neighbor("hp")
        check_words.keep(worded, WORD)
        desk.found(session, incident, vera, Saw.IMMIGRATION, "6 agents, vests say ICE")
        draft = session.scalars(select(Alert)).one()
        release.release(session, draft, olga, fuse.words_of(draft.broadcast))
        return draft.broadcast_id, worded.id, plain.id


def copies(broadcast_id: int) -> dict[int, claiming.Copy]:
    while planning.plan_next(range(5)):
        pass
    with reading() as session:
        ids = set(session.scalars(select(Delivery.id).where(Delivery.broadcast_id == broadcast_id)))
    taken = claiming.claim(Channel.SMS, range(5), 1000).copies
    return {copy.contact_id: copy for copy in taken if copy.id in ids}


def released(broadcast_id: int, language: str = "es") -> str:
    with reading() as session:
        said = select(Rendition.text).where(Rendition.broadcast_id == broadcast_id, Rendition.language == language)
        return session.scalars(said.where(Rendition.channel == Channel.SMS)).one()


def test_who_chose_a_word_reads_it_behind_the_alert_and_nobody_else_does(alert: tuple[int, int, int]) -> None:
    broadcast_id, worded, plain = alert
    found = copies(broadcast_id)
    assert found[worded].text == f"{released(broadcast_id)} ({WORD})"
    assert found[plain].text == released(broadcast_id)


def test_a_copy_is_planned_for_what_it_costs_with_its_word(alert: tuple[int, int, int]) -> None:
    broadcast_id, worded, plain = alert
    found = copies(broadcast_id)
    for copy in (found[worded], found[plain]):
        assert copy.segments >= measure(copy.text).segments
    assert found[plain].segments == measure(released(broadcast_id)).segments


@pytest.mark.parametrize(
    "forged",
    [b"not locked at all", "Go to the corner now", "see http://evil.example", "migra", "GIRASOLES Y MAS"],
    ids=str,
)
def test_a_hand_in_the_database_puts_no_other_words_beside_an_alert(
    alert: tuple[int, int, int], forged: str | bytes
) -> None:
    broadcast_id, worded, _ = alert
    kept = forged if isinstance(forged, bytes) else texts.lock(forged, f"check_word:{worded}")
    with writing() as session:
        session.execute(text("UPDATE contact SET check_word = :kept WHERE id = :id"), {"kept": kept, "id": worded})
    assert copies(broadcast_id)[worded].text == released(broadcast_id), "the alert still leaves, as it was released"


def test_anothers_word_moved_to_a_row_opens_nothing(alert: tuple[int, int, int]) -> None:
    broadcast_id, worded, plain = alert
    with writing() as session:
        moved = "UPDATE contact SET check_word = (SELECT check_word FROM contact WHERE id = :worded) WHERE id = :plain"
        session.execute(text(moved), {"worded": worded, "plain": plain})
    assert copies(broadcast_id)[plain].text == released(broadcast_id)


def test_what_takes_back_carries_it_too(alert: tuple[int, int, int]) -> None:
    broadcast_id, worded, _ = alert
    copies(broadcast_id)
    with writing() as session:
        told = session.scalars(select(Alert)).one()
        person = session.get_one(Alert, told.id).incident.steps[0].person_id
        doubt = correction.halt_and_doubt(session, told.incident, session.get_one(Person, person))
        doubt_id = doubt.broadcast_id
    assert copies(doubt_id)[worded].text.endswith(f"({WORD})")


def test_whom_whatsapp_no_longer_carries_to_reads_the_word_by_sms(alert: tuple[int, int, int]) -> None:
    """No template stands in for an alert outside WhatsApp's 24 hours: it goes by SMS, word and all."""
    broadcast_id, worded, _ = alert
    while planning.plan_next(range(5)):
        pass
    with writing() as session:
        session.execute(text("UPDATE rendition SET segments_with_word = 3"))
        theirs = (Delivery.broadcast_id == broadcast_id, Delivery.contact_id == worded)
        copy = session.scalars(select(Delivery).where(*theirs)).one()
        copy.channel, copy.state, copy.segments = Channel.WHATSAPP, State.SENT, 1
        settling.settle(session, copy, failures.BY_NAME["outside_window"])
    taken = copies(broadcast_id)[worded]
    assert taken.text == f"{released(broadcast_id)} ({WORD})"
    assert taken.segments == 3, "paced as what it costs with the word"


def test_a_notice_carries_nobodys_word(alert: tuple[int, int, int]) -> None:
    said = {(language, channel): "Comida hoy" for language in ("es", "en") for channel in Channel}
    with writing() as session:
        made = drafting.draft(session, Kind.NOTICE, Lane.NOTICE, said, neighborhoods=["hp"], expires_at=ahead(hours=1))
        people = session.execute(text("SELECT id FROM person ORDER BY id")).scalars().all()
        first, second = (session.get_one(Person, id_) for id_ in people[:2])
        fuse.release(session, made, first=first, second=second, words=fuse.words_of(made))
        notice_id = made.id
        assert {row.segments_with_word for row in made.renditions} == {None}
    assert copies(notice_id)[alert[1]].text == "Comida hoy"


def test_a_newcomers_copy_is_planned_with_it_too(alert: tuple[int, int, int]) -> None:
    broadcast_id, *_ = alert
    with writing() as session:
        contact = Town(session, given=40).neighbor("hp")
        check_words.keep(contact, WORD)
        broadcast = session.get_one(Broadcast, broadcast_id)
        copy = newcomers.add_copy(session, broadcast, contact)
        assert copy is not None
        assert copy.segments == next(
            row.segments_with_word for row in broadcast.renditions if (row.language, row.channel) == ("es", Channel.SMS)
        )


@pytest.mark.parametrize("language", languages.WRITTEN)
def test_an_alert_of_this_corner_stays_as_short_with_the_longest_word_or_one_segment_more(
    alert: tuple[int, int, int], language: str
) -> None:
    said = released(alert[0], language)
    cost = measure(said + check_words.LONGEST_SUFFIX).segments
    assert cost <= measure(said).segments + 1
    if measure(said).encoding == "GSM-7" and len(said) <= 160 - len(check_words.LONGEST_SUFFIX):
        assert cost == 1


def test_a_lost_copy_is_known_by_its_words_whatever_word_stood_behind_them() -> None:
    sought = Lost(1, 1, "+12135550101", Channel.SMS, "CONTIGO K7Q: ICE", now(), may_end_in_a_word=True)
    row = Logged("SM1", "+12135550101", "", "sent", "", now())
    cases = {"CONTIGO K7Q: ICE": True, "CONTIGO K7Q: ICE (GIRASOL)": True, "CONTIGO K7Q: ICE (JARDIN)": True,
             "CONTIGO K7Q: ICE (GO TO THE CORNER)": False, "CONTIGO K7R: ICE": False}  # fmt: skip
    for body, ours in cases.items():
        assert seen._differs(replace(row, body=body), sought) is not ours
    strict = replace(sought, may_end_in_a_word=False)
    assert seen._differs(replace(row, body="CONTIGO K7Q: ICE (GIRASOL)"), strict)


def test_a_word_costs_nobody_their_alert_where_it_does_not_open(env: Environment) -> None:
    assert check_words.opened(7, b"\x01" + bytes(40)) is None
    env.set(text_key="")
    assert check_words.opened(7, b"\x01" + bytes(40)) is None
    assert check_words.said_after("words", check_words.of(Contact(id=7, check_word=None))) == "words"
