"""Does one page say in words whether the hotline works? Each thing that can fail is made to fail, and the page is read."""

import html
import re
from collections.abc import Iterator

import pytest
import time_machine
from sqlalchemy import text

from bot.channels.failures import failure
from bot.clock import ago, ahead, now
from bot.contacts.models import Channel
from bot.health import keyring, pulse
from bot.hotline import catching_up
from bot.outbox import answers, freezing, listed, pausing, receipt_stream, rogue, troubles
from bot.outbox.carrier_models import ReceiptEntry
from bot.outbox.delivery_models import Delivery, Reason, State
from bot.outbox.models import Lane
from bot.people import shifts
from bot.people.models import Person
from bot.photos.models import Original
from bot.privacy import keys as made
from bot.settings import settings
from bot.store.session import reading, writing
from tests.console.conftest import NUMBERS, People
from tests.console.desk import Browser
from tests.services.carrier import CARRIER
from tests.services.settings import Environment

ALIVE = dict.fromkeys((*pulse.PROCESSES, "task:outbox", "task:rogue", "task:missed_texts"), pulse.EVERY_SECONDS)
ALL_DAY = "The hotline works."


class Later:
    """Minutes that pass at once."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller

    def __call__(self, minutes: float) -> None:
        self._traveller.shift(minutes * 60)


@pytest.fixture
def later() -> Iterator[Later]:
    with time_machine.travel(now(), tick=True) as traveller:
        yield Later(traveller)


@pytest.fixture
def well(people: People, env: Environment) -> None:
    """Everything lives, the carrier's list was just read, Luz is on shift, and no text waits to be read again."""
    env.set(**CARRIER)
    for what in ("inbound", rogue.CURSOR):
        listed.move(what, ago(minutes=1))
    pulse.beat(ALIVE)
    keyring.remember()
    with writing() as session:
        shifts.on(session, session.get_one(Person, people.luz.id))


def headline(browser: Browser) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", browser.reads("/health"), re.DOTALL)
    assert found
    return html.unescape(" ".join(re.sub(r"<[^>]+>|[●◔▲■]", " ", found[1]).split()))


def wrong(browser: Browser) -> set[str]:
    """What the page says is wrong, less the dates of texts, which pass by themselves."""
    return set(re.findall(r'data-sign="(\w+)"', browser.reads("/health"))) - {"reviews_due"}


def waits(lane: Lane, seconds: float, **more: object) -> int:
    """One copy that should have left so long ago."""
    with writing() as session:
        copy = Delivery(
            key="hotline.help", values={}, reason=Reason.WROTE_TO_US, lane=lane, channel=Channel.SMS, language="es", segments=1,
            state=State.WAITING, created_at=ago(seconds=seconds), expires_at=ahead(hours=1), **more,
        )  # fmt: skip
        session.add(copy)
        session.flush()
        return copy.id


def test_where_all_is_well_it_says_so_to_everybody(well: None, vera: Browser, ana: Browser) -> None:
    assert wrong(vera) == wrong(ana) == set()
    assert headline(vera).startswith(ALL_DAY)
    assert "is-well" in vera.reads("/health") or "is-look" in vera.reads("/health")


def test_figures_are_for_those_who_keep_it(well: None, vera: Browser, luz: Browser, ana: Browser) -> None:
    assert "In figures" in ana.reads("/health")
    assert "NUMBER_TAG_KEY" in ana.reads("/health") and "MB" in ana.reads("/health")
    for browser in (vera, luz):
        assert "In figures" not in browser.reads("/health")


def test_it_is_said_in_spanish_as_well(well: None, vera: Browser, people: People) -> None:
    with writing() as session:
        session.get_one(Person, people.vera.id).language = "es"
    assert headline(vera).startswith("La línea funciona.")


def test_nothing_was_ever_heard(people: People, ana: Browser) -> None:
    assert headline(ana) == (
        "Nothing leaves, neither alerts nor answers: no process sends (last heard: never). Texts still come in and are kept."
    )


@pytest.mark.parametrize(
    ("living", "sign", "says"),
    [
        (("clock",), "processes_none", "Nothing leaves"),
        (("urgent", "clock"), "processes_no_bulk", "aid notices wait"),
        (("urgent", "bulk"), "clock_silent", 'the process "clock" is silent'),
    ],
)
def test_a_process_falls_silent(
    well: None, ana: Browser, vera: Browser, later: Later, living: tuple[str, ...], sign: str, says: str
) -> None:
    later(2)
    pulse.beat({name: each for name, each in ALIVE.items() if name in living or name.startswith(pulse.TASK)})
    assert wrong(ana) == {sign}
    assert says in headline(ana) and says in headline(vera)
    assert "starts the process" in ana.reads("/health")
    assert "Tell a coordinator." in vera.reads("/health") and "starts the process" not in vera.reads("/health")


def test_one_of_two_that_send_is_enough(well: None, ana: Browser, later: Later) -> None:
    later(2)
    pulse.beat({name: each for name, each in ALIVE.items() if name != "urgent"})
    assert wrong(ana) == {"processes_no_urgent"}
    assert headline(ana).startswith(ALL_DAY)


def test_a_task_of_the_clock_does_not_come_to_its_end(well: None, ana: Browser, later: Later) -> None:
    later(2)
    pulse.beat({name: each for name, each in ALIVE.items() if name != "task:outbox"})
    assert wrong(ana) == {"clock_stuck"}
    assert "Not done lately: looking for messages that were dropped (last done: 2 min)" in headline(ana)


@pytest.mark.parametrize(
    ("standing", "sign", "says"),
    [
        ((Channel.SMS,), "carrier_no_sms", "No SMS leaves"),
        ((Channel.WHATSAPP,), "carrier_no_whatsapp", "No WhatsApp message leaves"),
        ((Channel.SMS, Channel.WHATSAPP), "carrier_none", "Nothing leaves: the carrier"),
    ],
)
def test_a_sender_stands_still(well: None, ana: Browser, standing: tuple[Channel, ...], sign: str, says: str) -> None:
    for channel in standing:
        pausing.begin(channel, "no_answer")
    waits(Lane.REPLY, 300) if Channel.SMS in standing else None
    assert wrong(ana) == {sign}
    assert says in headline(ana)


def test_without_whatsapp_sms_is_all_there_is(well: None, ana: Browser, env: Environment) -> None:
    env.set(twilio_whatsapp_from="")
    pausing.begin(Channel.SMS, "not_authorized")
    assert wrong(ana) == {"carrier_none"}


@pytest.mark.parametrize(
    ("lane", "says"),
    [
        (Lane.CORRECTION, "A correction waits"),
        (Lane.ALERT, "Alerts wait"),
        (Lane.PAGE, "Alerts leave, but volunteers are not asked"),
        (Lane.REPLY, "Alerts leave, but answers wait: the first one since 3 min."),
    ],
)
def test_something_should_have_left(well: None, ana: Browser, lane: Lane, says: str) -> None:
    waits(Lane.NOTICE, 9000)
    waits(lane, 20)
    assert wrong(ana) == set(), "it may wait a moment"
    waits(lane, 190)
    assert headline(ana).startswith(says)


def test_what_is_to_wait_is_not_late(well: None, ana: Browser) -> None:
    waits(Lane.REPLY, 900, not_before=ahead(minutes=5))
    assert wrong(ana) == set()


def test_an_alert_to_thousands_that_moves_is_not_late(well: None, ana: Browser) -> None:
    waits(Lane.ALERT, 900)
    assert wrong(ana) == {"lanes_alerts"}
    with writing() as session:
        session.execute(text("UPDATE delivery SET state = 'handed', handed_at = :at"), {"at": ago(seconds=5)})
    waits(Lane.ALERT, 900)
    assert wrong(ana) == set()


def test_what_a_freeze_holds_is_said_to_be_frozen(well: None, ana: Browser, vera: Browser, people: People) -> None:
    with writing() as session:
        freezing.freeze(session, session.get_one(Person, people.vera.id))
    waits(Lane.ALERT, 900)
    assert wrong(ana) == {"freeze_held"}
    assert "two people of two invitation lines thaw it" in vera.reads("/health")


def test_nobody_can_release(well: None, vera: Browser, people: People) -> None:
    with writing() as session:
        shifts.off(session, session.get_one(Person, people.luz.id))
    assert headline(vera) == (
        "Texts are answered, but no alert can leave. Nobody who can release is on shift or signed in."
    )


def test_redis_is_gone(well: None, ana: Browser, env: Environment) -> None:
    env.set(redis_url="redis://127.0.0.1:9/0")
    assert wrong(ana) == {"redis_gone"}
    assert headline(ana).startswith(ALL_DAY)


def test_receipts_are_not_merged(well: None, ana: Browser, redis_url: str) -> None:
    with writing() as session:
        session.add(ReceiptEntry(sid="SM" + "0" * 32, status="sent", received_at=ago(minutes=4)))
    assert wrong(ana) == {"receipts_lag"}
    with writing() as session:
        session.execute(text("DELETE FROM receipt_entry"))
    assert wrong(ana) == set()
    old = receipt_stream.Receipt(1, "SM" + "1" * 32, "sent", "", ago(minutes=4))
    assert receipt_stream.append([old])
    assert wrong(ana) == {"receipts_lag"}


def test_the_carriers_list_cannot_be_read(well: None, ana: Browser, env: Environment, later: Later) -> None:
    """The clock tries, and its task ends; that alone says nothing."""
    env.set(twilio_api_base_url="http://127.0.0.1:9")
    later(15)
    catching_up.catch_up()
    rogue.compare()
    pulse.beat(ALIVE)
    assert wrong(ana) == {"list_unread"}


def test_somebody_writes_in_our_name(well: None, ana: Browser, vera: Browser) -> None:
    with writing() as session:
        troubles.note(session, rogue.ROGUE, Channel.SMS, {None}, 3)
    assert headline(vera).startswith("Somebody else writes in our name: 3 messages")
    assert "Freeze now." in vera.reads("/health")


def test_something_is_to_be_mended_at_the_carrier(well: None, luz: Browser) -> None:
    with writing() as session:
        troubles.note(session, failure(30023), Channel.SMS, {1}, 3)
    assert wrong(luz) == {"to_mend_some"}


def test_photos_are_not_fetched(well: None, ana: Browser) -> None:
    with writing() as session:
        names = {"message_sid": "MM" + "0" * 32, "media_sid": "ME" + "0" * 32}
        session.add(Original(**names, received_at=ago(minutes=30), due_at=ago(minutes=20)))
    assert wrong(ana) == {"photos_wait"}


@pytest.mark.parametrize(
    ("knob", "sign"), [({"disk_low_percent": 100}, "disk_low"), ({"disk_full_megabytes": 10**9}, "disk_full")]
)
def test_the_disk_fills_up(well: None, ana: Browser, env: Environment, knob: dict[str, float], sign: str) -> None:
    env.set(**knob)
    assert wrong(ana) == {sign}
    assert "MB" in ana.reads("/health")


def test_a_key_grows_old_and_a_new_one_is_young_again(
    well: None, ana: Browser, env: Environment, keys: dict[str, str]
) -> None:
    with writing() as session:
        session.execute(text("UPDATE key_seen SET first_at = :at"), {"at": ago(days=400)})
    assert wrong(ana) == {"keys_old"}
    env.set(
        **{name.lower(): value for name, value in made.fresh().items() if "CONSOLE" not in name and "TAG" not in name}
    )
    with reading() as session:
        since = {aged.name: aged.since for aged in keyring.ages(session)}
    assert since["text_key"] is None and since["number_tag_key"] is not None


def test_no_mark_of_a_key_tells_the_key(well: None) -> None:
    with reading() as session:
        marks = {row[0] for row in session.execute(text("SELECT mark FROM key_seen"))}
    assert len(marks) == 5
    assert all(len(mark) == 16 and mark not in repr(settings()) for mark in marks)


def test_a_page_that_asks_again_hears_of_a_change_only(well: None, vera: Browser) -> None:
    mark = re.search(r'If-None-Match": "\\"(\w+)\\"', vera.reads("/health").partition('id="health"')[2])
    assert mark
    same = {"If-None-Match": f'"{mark[1]}"'}
    assert vera.opens("/health/now", **same).status_code == 304
    pausing.begin(Channel.SMS, "no_answer")
    assert "No SMS leaves" in vera.opens("/health/now", **same).text


def test_the_database_is_gone(well: None, ana: Browser, env: Environment) -> None:
    """Then nobody can be signed in; whatever they ask for says what is wrong and whom to call."""
    env.set(database_url="postgresql://127.0.0.1:9/contigo")
    for path in ("/health", "/"):
        answer = ana.opens(path)
        assert answer.status_code == 503 and "The database does not answer" in answer.text
        assert "Call whoever runs the server" in answer.text


def test_no_figure_is_anybodys(well: None, ana: Browser, people: People) -> None:
    with writing() as session:
        contact = session.get_one(Person, people.vera.id).contact
        assert contact
        answers.answer(session, contact, "pages.declined", reason=Reason.WROTE_TO_US, lane=Lane.REPLY)
    page = ana.reads("/health")
    assert not any(number[-7:] in page for number in NUMBERS)
