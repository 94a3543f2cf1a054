"""Do we fall where peers' systems fell? Twelve pitfalls, each by its number and its source."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from bot.channels.channel import Refused
from bot.channels.failures import Act, Failure
from bot.clock import now
from bot.contacts.models import Channel, find, find_or_add
from bot.hotline.inbound import Inbound
from bot.hotline.reception import receive
from bot.outbox import claiming, planning, recording, sweeping
from bot.outbox.delivery_models import State
from bot.outbox.recording import Result
from bot.people import invitations, totp
from bot.people.models import Role
from bot.reports.models import Report
from bot.stewardship.purge import purge
from bot.store.engine import engine
from bot.store.schema import metadata
from bot.store.session import looking, reading, writing
from bot.subscriptions.models import Subscription
from messages import languages
from messages.vocabulary import entries
from tests.hotline.signed import FORM, PUBLIC, TOKEN, post
from tests.services.settings import Environment
from tests.truth import said
from tests.truth.people import NEIGHBORS, REPORTERS, VOLUNTEERS, Volunteer, number
from tests.truth.town import worlds
from tests.truth.world import LANES, World, WorldMaker

__all__ = ["worlds"]

VERA, VIC, SOL, OLGA, OMAR, CORA, DAN = VOLUNTEERS
TOLD = said.SIGHTINGS[0]


@pytest.fixture
def world(worlds: WorldMaker) -> World:
    return worlds()


def confirmed(world: World, text: str = TOLD, incident: int = 1) -> None:
    """Somebody tells it, and Vera sees it."""
    world.texts(REPORTERS[0], text)
    world.clicks(VERA, f"/incidents/{incident}/finding", saw="ice", words="6 agents, vests")


def let_out(world: World, by: Volunteer = OLGA, alert: int = 1) -> int:
    from bot.alerts.models import Alert
    from bot.outbox import fuse

    with reading() as session:
        words_read = fuse.words_of(session.get_one(Alert, alert).broadcast).hex()
    return world.clicks(by, f"/alerts/{alert}/release", words=words_read)


def rows(table: str) -> list[dict[str, Any]]:
    with looking() as connection:
        return [dict(row._mapping) for row in connection.execute(select(metadata().tables[table]))]


def test_1_an_expiry_is_counted_when_it_is_said_not_when_the_program_started_ra3(world: World) -> None:
    """RedadAlertas: `Date.now() + 12h` at import; after twelve hours every event was born expired."""
    confirmed(world)
    world.passes(hours=13)
    world.sweeps()
    confirmed(world, said.SIGHTINGS[2], incident=2)
    first, second = sorted((row["created_at"], row["expires_at"]) for row in rows("alert"))
    assert first[1] - first[0] == second[1] - second[0] == dt.timedelta(minutes=60)
    assert second[1] == now() + dt.timedelta(minutes=60)
    columns = [column for table in metadata().sorted_tables for column in table.columns]
    born = [getattr(column.default, "arg", None) for column in columns]
    assert not [value for value in born if isinstance(value, dt.datetime)]


@pytest.mark.parametrize(
    "who", [VERA, VIC, OMAR, DAN], ids=["who saw it", "a verifier", "of the same line", "a dispatcher"]
)
def test_2_no_alert_goes_without_its_verification_and_its_releaser_ra5(world: World, who: Volunteer) -> None:
    """RedadAlertas: `createAlert` never looked at `verified`, nor at who called it."""
    world.texts(REPORTERS[0], TOLD)
    assert world.clicks(OLGA, "/incidents/1/propose", kind="update") == 303
    assert rows("broadcast") == []
    world.clicks(VERA, "/incidents/1/finding", saw="ice", words="")
    let_out(world, by=who)
    stranger = world.app.test_client().post("/alerts/1/release", data={"words": "00" * 32})
    assert stranger.status_code == 303 and stranger.location.endswith("/sign-in")
    world.writes_by_hand("UPDATE broadcast SET state = 'released'")
    world.takes_copies()
    world.hands_over()
    assert rows("release") == [] and not [sent for sent in world.sent if sent.broadcast_id]


@pytest.fixture
def door(worlds: WorldMaker, env: Environment) -> Iterator[FlaskClient]:
    worlds()
    env.set(public_base_url=PUBLIC, twilio_account_sid=FORM["AccountSid"], twilio_auth_token=TOKEN)
    from bot.wsgi import make_door

    with make_door().test_client() as client:
        yield client


def test_3_knowing_our_account_sid_proves_nothing_us4(door: FlaskClient) -> None:
    """Ushahidi's Twilio webhook trusted whoever named the right AccountSid."""
    unsigned = door.post("/twilio/inbound", data=MultiDict(FORM))
    wrongly = door.post("/twilio/inbound", data=MultiDict(FORM), headers={"X-Twilio-Signature": "AAAA"})
    assert {unsigned.status_code, wrongly.status_code} == {403}
    assert rows("inbound_text") == []
    assert post(door, FORM).status_code == 200


def test_4_a_copy_is_claimed_with_a_lease_and_a_lost_worker_sends_nothing_twice_rp7_us5(world: World) -> None:
    """courier pops without a lease: a killed process loses what it held. Ushahidi selects, sends, then updates, with no claim."""
    confirmed(world)
    let_out(world)
    planning.plan(1)
    held = claiming.claim(Channel.SMS, LANES, 500).copies
    assert len([copy for copy in held if copy.lane == 2]) == len(NEIGHBORS)
    assert claiming.claim(Channel.SMS, LANES, 500).copies == []  # another worker at the same moment
    world.passes(seconds=claiming.lease_seconds() + 1)
    sweeping.sweep()
    after = {row["state"] for row in rows("delivery") if row["broadcast_id"] == 1}
    assert after == {State.UNKNOWN}  # neither lost nor sent again: looked up first
    assert claiming.claim(Channel.SMS, LANES, 500).copies == []


def test_5_what_is_kept_until_so_long_after_your_last_text_is_counted_from_your_last_text_sb8_sb4(world: World) -> None:
    """Signalboost promised a week after the last message, and purged by when the sender first wrote."""
    world.texts(REPORTERS[0], "la migra esta en la pacific")
    (first,) = rows("conversation")
    world.passes(hours=30)
    world.texts(REPORTERS[0], "la migra esta en la florence")
    world.passes(hours=30)
    purge()
    (kept,) = rows("conversation")
    assert kept["asked_at"] > first["asked_at"]
    world.passes(hours=30)
    purge()
    assert rows("conversation") == []


def test_6_each_hears_it_in_their_own_language_sb9(world: World) -> None:
    """Signalboost sent the broadcast's body untranslated to everyone."""
    confirmed(world)
    let_out(world)
    world.takes_copies()
    world.hands_over()
    said_to = {sent.number: sent.text for sent in world.sent if sent.broadcast_id}
    assert set(said_to) == set(NEIGHBORS)
    assert len(set(said_to.values())) == 3
    written = {row["language"] for row in rows("rendition") if row["channel"] is Channel.SMS}
    assert written == set(languages.WRITTEN)


@pytest.mark.parametrize("language", languages.WRITTEN)
def test_7_stop_is_heard_in_every_language_and_confirmed_once_sp4_2184(world: World, language: str) -> None:
    """Spoke knew English only; and a second confirmation after Twilio's own earned error 21610."""
    stops = entries("commands")["zh" if language == "zh-Hant" else language]["stop"]
    for at, word in enumerate(stops[:3]):
        who = number(40 + at)
        world.texts(who, "hola")
        answers = world.texts(who, word)
        again = world.texts(who, word)
        with reading() as session:
            contact = find(session, who)
            assert contact is not None and contact.is_stopped, word
        assert len(answers) <= 1 and again == [], word
    answered_by_the_carrier = Inbound("SM" + "f" * 32, number(50), Channel.SMS, stops[0], carrier_answered=True)
    assert "<Message>" not in receive(answered_by_the_carrier)


def test_8_nobody_is_passed_over_while_it_says_that_all_were_told_rp3(world: World, env: Environment) -> None:
    """RapidPro: contacts whose lock could not be had were only logged, and the broadcast completed."""
    env.set(slice_size=1)
    confirmed(world)
    let_out(world)
    with writing() as session:
        planning.plan_slice(session, 1)  # and here the process is killed
    (broadcast,) = rows("broadcast")
    assert broadcast["planned_at"] is None
    world.takes_copies()
    assert rows("broadcast")[0]["planned_at"] is not None
    copies = [row for row in rows("delivery") if row["broadcast_id"] == 1]
    assert len(copies) == len(NEIGHBORS)
    world.writes_by_hand("UPDATE rendition SET text = 'x' WHERE language = 'en'")
    world.hands_over()
    settled = [row for row in rows("delivery") if row["broadcast_id"] == 1]
    assert {row["state"] for row in settled} == {State.DROPPED}
    assert {row["failure"] for row in settled} == {"not_released"}  # each says why, row by row


def test_9_what_waits_for_another_try_waits_in_the_database_sb12(world: World) -> None:
    """Signalboost kept what it had to send again in an object of the process."""
    confirmed(world)
    let_out(world)
    world.takes_copies()
    copies, world.hands = [copy for copy in world.hands if copy.lane == 2], []
    congested = Failure("carrier_congested", Act.AGAIN, after_seconds=30, tries=4)
    recording.record_each([Result(copy, Refused(congested), now()) for copy in copies])
    engine().dispose()  # as another process would find it
    engine.cache_clear()
    assert claiming.claim(Channel.SMS, [2], 500).copies == []
    world.passes(seconds=31)
    assert {copy.id for copy in claiming.claim(Channel.SMS, [2], 500).copies} == {copy.id for copy in copies}


def test_10_what_volunteers_call_a_reporter_is_short_random_and_new_for_each_report_sb8(world: World) -> None:
    """Signalboost's hotline ids counted up, one for each sender: they told volume, and who it was again."""
    for text in said.SIGHTINGS[:3]:
        world.texts(REPORTERS[0], text)
    with reading() as session:
        reports = list(session.scalars(select(Report).order_by(Report.id)))
    names = [report.pseudonym for report in reports]
    assert len(set(names)) == 3 and all(re.fullmatch(r"[0-9a-f]{6}", name) for name in names)
    numbers_ = [int(name, 16) for name in names]
    assert not any(abs(a - b) < 16 for a, b in pairwise(numbers_))
    page = world.app.test_client()
    page.set_cookie("contigo-session", _signed_in(DAN))
    shown = page.get("/incidents/1").text
    assert names[0] in shown
    for report in reports:
        assert not re.search(rf"/reports/{report.id}\b", shown) and report.contact_id is not None


def test_11_no_code_in_the_clear_no_number_as_a_name_and_no_picture_without_signing_in_nw1(world: World) -> None:
    """lamigra-backend kept one-time codes in clear under the phone number, and served pictures to anybody."""
    confirmed(world)
    secret = totp.fresh()
    with writing() as session:
        invited = invitations.found(session, "oak", Role.VERIFIER)
        invitations.accept(session, invited.token, invited.code, "Nina", "siete nubes sobre el puente", secret=secret)
    kept = json.dumps([rows(table.name) for table in metadata().sorted_tables], default=_shown)
    for never in (secret, invited.token, invited.code + '"', *(address.removeprefix("+1") for address in REPORTERS)):
        assert never not in kept
    asked = world.app.test_client().get("/photos/aaaaaaaaaaaaaaaa.jpg")
    assert asked.status_code == 303 and asked.location.endswith("/sign-in")


def test_12_who_is_sent_to_is_who_was_approved_la_ga2(world: World) -> None:
    """Los Angeles: the area was not carried through, and ten million phones rang."""
    confirmed(world)
    let_out(world)
    world.writes_by_hand("UPDATE broadcast SET neighborhoods = '[]'")  # which means: everybody
    world.takes_copies()
    world.hands_over()
    assert not [sent for sent in world.sent if sent.broadcast_id]
    assert not [row for row in rows("delivery") if row["broadcast_id"] == 1]


def test_12_of_two_neighborhoods_each_hears_its_own_and_nobody_hears_it_twice_la_ga2(world: World) -> None:
    with writing() as session:
        both = find_or_add(session, number(60), Channel.SMS)
        elsewhere = find_or_add(session, number(61), Channel.SMS)
        for contact, area in ((both, "hp"), (both, "maywood"), (elsewhere, "maywood")):
            session.add(Subscription(subject=area, contact_id=contact.id, joined_on=now().date()))
    confirmed(world)
    let_out(world)
    world.takes_copies()
    world.hands_over()
    told = [sent.number for sent in world.sent if sent.broadcast_id]
    assert sorted(told) == sorted([*NEIGHBORS, number(60)])


def _signed_in(who: Volunteer) -> str:
    from bot.people import sessions
    from bot.people.models import Person

    with writing() as session:
        return sessions.open_session(session, session.get_one(Person, who.id))


def _shown(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
