"""Does what was released leave, once, to everyone it is for, and nothing else?"""

from bot.channels.twilio import Twilio
from bot.contacts.models import Channel
from bot.outbox.sending import LANES, Sender
from bot.store.session import reading, writing
from tests.outbox.conftest import NOTICE, Staff, neighbor, neighbors, notice, states
from tests.services.carrier import Simulator
from tests.services.settings import Environment


def test_everyone_gets_one_copy_in_their_language_on_their_channel(
    staff: Staff, sender: Sender, simulator: Simulator
) -> None:
    with writing() as session:
        neighbor(session, 1, language="es")
        neighbor(session, 2, language="en")
        neighbor(session, 3, language="en", channel=Channel.WHATSAPP)
        neighbor(session, 4, language="vi")
        neighbor(session, 5, language=None, subjects=("hp", "lb_cambodia"))
        neighbor(session, 6, subjects=("lb_cambodia",))
        notice(session, staff)
    sender.work(10)
    sent = {row["to"]: row["body"] for row in simulator.sent()}
    assert sent == {
        "+12135550101": NOTICE["es", Channel.SMS],
        "+12135550102": NOTICE["en", Channel.SMS],
        "whatsapp:+12135550103": NOTICE["en", Channel.WHATSAPP],
        "+12135550104": NOTICE["en", Channel.SMS],
        "+12135550105": NOTICE["es", Channel.SMS],
    }
    with reading() as session:
        assert states(session) == {"handed": 5}


def test_many_leave_at_the_pace(staff: Staff, sender: Sender, simulator: Simulator) -> None:
    with writing() as session:
        neighbors(session, 400)
        notice(session, staff)
    assert sender.work(20) is False
    assert len(simulator.sent()) == 400
    assert simulator.state()["copies"]["repeated"] == 0


def test_whoever_has_much_to_send_calls_another_once(staff: Staff, sender: Sender, simulator: Simulator) -> None:
    calls: list[str] = []
    with writing() as session:
        neighbors(session, 400)
        notice(session, staff)
    sender.work(20, call=lambda: calls.append("another"))
    assert calls == ["another"]


def test_a_pace_far_above_what_we_can_do_does_not_choke_on_what_is_held(
    staff: Staff, redis_url: str, simulator: Simulator, env: Environment
) -> None:
    """Asking again about everything held once took longer than it may be held unasked: then nothing left at all."""
    env.set(sender_segments_per_second=100_000, twilio_timeout_seconds=30)
    simulator.live(max_concurrent=300)
    with writing() as session:
        neighbors(session, 1200)
        notice(session, staff)
    carrier = Twilio()
    assert Sender("test", LANES["bulk"], carrier).work(60) is False
    carrier.close()
    assert len(simulator.sent()) == 1200
