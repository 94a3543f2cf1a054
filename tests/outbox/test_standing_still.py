"""A carrier in trouble, through the worker's own sender: does it stop asking, lose nothing, and go on by itself?"""

import pytest

from bot.channels.twilio import Twilio
from bot.clock import now
from bot.contacts.models import Channel
from bot.outbox import answers, pausing, reconcile, sweeping
from bot.outbox.carrier_models import Pause
from bot.outbox.delivery_models import Reason, State
from bot.outbox.sending import LANES, Sender
from bot.store.session import reading, writing
from tests.outbox.conftest import Staff, neighbor, neighbors, notice, states
from tests.services.carrier import Simulator
from tests.services.settings import Environment
from tests.services.waiting import eventually

PEOPLE = 200
AT_ONCE = 4


@pytest.fixture(autouse=True)
def _few_at_once(env: Environment) -> None:
    env.set(
        twilio_max_concurrent_requests=AT_ONCE, pause_after_errors=5, pause_seconds=0.2, pause_longest_seconds=0.4,
        unknown_look_seconds=0.5,
    )  # fmt: skip


def release(staff: Staff, people: int = PEOPLE) -> None:
    with writing() as session:
        neighbors(session, people)
        notice(session, staff)


def requests(simulator: Simulator) -> int:
    """How often the faults of this test have struck."""
    return sum(int(rule["struck"]) for rule in simulator.ask("GET", "faults")["faults"])


def stands_still() -> list[str]:
    with reading() as session:
        return [pause.why for pause in pausing.standing(session)]


def counted() -> dict[str, int]:
    with reading() as session:
        return states(session)


def its_time_comes() -> None:
    with writing() as session:
        session.query(Pause).filter(Pause.ended_at.is_(None)).update({"until": now()})


def all_is_handed(sender: Sender, people: int = PEOPLE) -> bool:
    sweeping.sweep()
    reconcile.look()
    sender.work(2)
    found = counted()
    assert sum(found.get(state, 0) for state in ("handed", "sent", "delivered")) == people, found
    return True


def test_a_refused_account_is_asked_a_few_times_and_no_copy_is_used_up(
    staff: Staff, sender: Sender, simulator: Simulator
) -> None:
    release(staff)
    simulator.fault("refuse", code=20003)
    sender.work(5)
    assert stands_still() == ["not_authorized"]
    assert 1 <= requests(simulator) <= 2 * AT_ONCE
    assert counted() == {"waiting": PEOPLE}


def test_one_copy_is_tried_at_a_time_until_it_is_mended_and_then_all_leave_once(
    staff: Staff, sender: Sender, simulator: Simulator
) -> None:
    release(staff)
    simulator.fault("refuse", code=20003)
    sender.work(5)
    for _ in range(3):
        before = requests(simulator)
        its_time_comes()
        sender.work(3)
        assert requests(simulator) == before + 1
        assert stands_still() == ["not_authorized"] and counted() == {"waiting": PEOPLE}
    simulator.mend()
    its_time_comes()
    eventually(lambda: all_is_handed(sender), within=30)
    assert stands_still() == [] and len(simulator.sent()) == PEOPLE
    assert simulator.state()["copies"]["repeated"] == 0


def test_a_second_worker_that_knew_nothing_begins_nothing(staff: Staff, sender: Sender, simulator: Simulator) -> None:
    release(staff)
    simulator.fault("refuse", code=20003)
    sender.work(5)
    before = requests(simulator)
    carrier = Twilio()
    second = Sender("second", LANES["bulk"], carrier)
    assert second.work(3) is False
    carrier.close()
    assert requests(simulator) == before and counted() == {"waiting": PEOPLE}


@pytest.mark.parametrize("fault", ["server_error", "reset"])
def test_a_run_of_errors_makes_few_copies_unknown_and_then_all_arrive_once(
    fault: str, staff: Staff, sender: Sender, simulator: Simulator
) -> None:
    release(staff)
    simulator.fault(fault)
    eventually(lambda: sender.work(1) or stands_still(), within=20)
    sender.work(1)
    lost = counted().get(State.UNKNOWN, 0)
    assert 5 <= lost <= requests(simulator)
    assert counted().get(State.WAITING, 0) > PEOPLE // 2, "the rest never left our hands"
    simulator.mend()
    eventually(lambda: all_is_handed(sender), within=60)
    assert len(simulator.sent()) == PEOPLE and simulator.state()["copies"]["repeated"] == 0
    assert stands_still() == []


def test_a_carrier_nobody_reaches_is_said_and_nothing_is_unknown(
    staff: Staff, sender: Sender, simulator: Simulator, env: Environment
) -> None:
    release(staff, 20)
    env.set(twilio_api_base_url="http://127.0.0.1:9")
    carrier = Twilio()
    cut_off = Sender("cut off", LANES["bulk"], carrier)
    eventually(lambda: (cut_off.work(1), stands_still())[1], within=30)
    assert stands_still() == ["out_of_reach"]
    cut_off.work(0, lambda: True)
    carrier.close()
    assert counted() == {"waiting": 20}
    env.set(twilio_api_base_url=simulator.address)
    eventually(lambda: all_is_handed(sender, 20), within=30)
    assert stands_still() == [] and len(simulator.sent()) == 20


def test_whatsapp_in_trouble_holds_up_no_sms(staff: Staff, sender: Sender, simulator: Simulator) -> None:
    with writing() as session:
        for n in range(10):
            neighbor(session, n, channel=Channel.WHATSAPP if n % 2 else Channel.SMS)
        notice(session, staff)
    pausing.begin(Channel.WHATSAPP, "account_daily_limit")
    eventually(lambda: sender.work(2) is False, within=20)
    assert counted() == {"handed": 5, "waiting": 5}


def test_refusals_of_single_numbers_stop_nobody(staff: Staff, sender: Sender, simulator: Simulator) -> None:
    release(staff, 40)
    simulator.fault("refuse", code=21211, next=30)
    eventually(lambda: sender.work(2) is False, within=20)
    assert stands_still() == [] and counted() == {"failed": 30, "handed": 10}


def test_a_code_nobody_knows_for_everybody_does_not_use_up_the_neighborhood(
    staff: Staff, sender: Sender, simulator: Simulator
) -> None:
    release(staff)
    simulator.fault("refuse", code=29999)
    eventually(lambda: sender.work(1) is False, within=20)
    assert stands_still() == ["unrecognised"]
    assert counted()["failed"] <= 5 + 2 * AT_ONCE and counted()["waiting"] > PEOPLE // 2


def test_an_answer_inside_twilios_request_leaves_while_only_our_own_requests_fail(staff: Staff, sender: Sender) -> None:
    pausing.begin(Channel.SMS, "not_authorized")
    pausing.begin(Channel.WHATSAPP, "account_suspended", by_receipt=True)
    with writing() as session:
        said = answers.answer(session, neighbor(session, 1), "hotline.menu", reason=Reason.WROTE_TO_US)
        assert answers.leave_as_twiml(session, [said]) == [answers.rendered(said)]


def test_an_answer_that_would_be_taken_and_refused_waits_for_its_sender(staff: Staff, sender: Sender) -> None:
    """A number that is not registered answers nobody, and Twilio says so only afterwards: it would look as if it had left."""
    pausing.begin(Channel.SMS, "sender_not_registered", by_receipt=True)
    with writing() as session:
        said = answers.answer(session, neighbor(session, 1), "hotline.menu", reason=Reason.WROTE_TO_US)
        assert answers.leave_as_twiml(session, [said]) == [] and said.state is State.WAITING
    with reading() as session:
        (stands,) = pausing.standing(session)
    pausing.end(stands.id)
    eventually(lambda: pausing.takes_answers(Channel.SMS))
    with writing() as session:
        said = session.get_one(type(said), said.id)
        assert len(answers.leave_as_twiml(session, [said])) == 1
