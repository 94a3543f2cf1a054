"""A sender stands still: does everybody see it on the pages they work with, why, and when it tries again? Who mends it?"""

import re

import pytest
import time_machine

from bot.channels.failures import failure
from bot.clock import now
from bot.contacts.models import Channel
from bot.outbox import counting, pausing, planning, progress, troubles
from bot.outbox.carrier_models import Pause
from bot.outbox.delivery_models import Delivery, State
from bot.people.models import Person
from bot.store.session import reading, writing
from tests.console.conftest import Corner, People
from tests.console.desk import Browser
from tests.console.test_notice_pages import written
from tests.moderation.cast import clock

__all__ = ["clock"]

STANDING = "/sending/standing"


def stands_still(why: str = "not_authorized", channel: Channel = Channel.SMS) -> int:
    pausing.begin(channel, why)
    with reading() as session:
        return next(pause.id for pause in pausing.standing(session) if pause.channel is channel)


def trouble(name: int = 30023, channel: Channel = Channel.SMS, times: int = 3) -> None:
    with writing() as session:
        troubles.note(session, failure(name), channel, {1}, times)


def test_everybody_sees_it_on_every_page_they_work_with(
    vera: Browser, luz: Browser, ana: Browser, corner: Corner
) -> None:
    notice = written(luz)
    ana_words = luz.words(f"/alerts/{corner.alert.id}")
    luz.does(f"/alerts/{corner.alert.id}/release", words=ana_words)
    stands_still()
    for path in ("/", f"/alerts/{corner.alert.id}", f"/incidents/{corner.incident.id}", notice, "/notices", "/me"):
        page = vera.reads(path)
        assert "SMS stands still." in page and "Our account was refused" in page, path
        assert re.search(r'<div role="status">\s*<div id="standing"', page), (
            "said aloud by whoever reads the page aloud"
        )
    assert "stands still" not in vera.reads(STANDING).replace("SMS stands still.", "")


def test_nothing_is_said_while_all_goes_well(vera: Browser) -> None:
    page = vera.reads("/")
    assert "stands still" not in page and 'id="standing"' in page


def test_somebody_who_is_not_signed_in_learns_nothing(nobody: Browser, people: People) -> None:
    stands_still()
    assert "stands still" not in nobody.reads("/sign-in")
    assert nobody.opens(STANDING).status_code == 303


def test_a_page_that_asks_again_hears_of_a_change_only(vera: Browser) -> None:
    def mark(page: str) -> str:
        found = re.search(r'If-None-Match": "\\"(\w+)\\"', page)
        assert found
        return f'"{found[1]}"'

    calm = mark(vera.reads("/"))
    assert vera.opens(STANDING, **{"If-None-Match": calm}).status_code == 304
    pause = stands_still()
    changed = vera.opens(STANDING, **{"If-None-Match": calm})
    assert changed.status_code == 200 and "SMS stands still." in changed.text
    assert vera.opens(STANDING, **{"If-None-Match": mark(changed.text)}).status_code == 304
    pausing.end(pause)
    over = vera.opens(STANDING, **{"If-None-Match": mark(changed.text)})
    assert over.status_code == 200 and "stands still" not in over.text


def test_it_says_since_when_and_when_it_tries_again(clock: time_machine.Traveller, vera: Browser) -> None:
    stands_still("sender_not_registered")
    assert "Since 5:08am: Our number is not registered." in vera.reads(STANDING)
    assert "It tries again at 5:13am." in vera.reads(STANDING)
    clock.shift(4 * 60 + 10)
    assert "It tries again within a minute." in vera.reads(STANDING)
    clock.shift(60)
    assert "It tries again with the next message." in vera.reads(STANDING)


def test_it_is_said_in_the_persons_language(vera: Browser, people: People) -> None:
    with writing() as session:
        session.get_one(Person, people.vera.id).language = "es"
    stands_still("server_errors", Channel.WHATSAPP)
    page = vera.reads("/")
    assert "WhatsApp está parado." in page and "La compañía contestó con errores suyos" in page


def test_what_stands_still_is_not_said_twice_and_a_way_round_only_where_there_is_one(luz: Browser) -> None:
    trouble(20003)
    stands_still("not_authorized")
    page = luz.reads("/sending")
    assert "To be mended:" not in page and "I see to it" in page
    assert "urgent messages go by WhatsApp" in page
    stands_still("server_errors", Channel.WHATSAPP)
    assert "urgent messages go by" not in luz.reads("/sending")


def test_who_mended_it_need_not_wait(clock: time_machine.Traveller, vera: Browser, luz: Browser) -> None:
    pause = stands_still()
    assert "try now" not in vera.reads("/sending") and vera.sends(f"/sending/{pause}/try").status_code == 403
    assert "compare the API key" in luz.reads("/sending")
    assert "One message is tried now" in luz.does(f"/sending/{pause}/try")
    with reading() as session:
        assert session.get_one(Pause, pause).until == now()
    pausing.end(pause)
    assert "It goes on already" in luz.does(f"/sending/{pause}/try")


def test_what_is_over_is_listed_with_how_long_it_lasted(clock: time_machine.Traveller, vera: Browser) -> None:
    pause = stands_still("no_answer")
    clock.shift(240)
    pausing.end(pause)
    assert "SMS: 5:08am, for 4 min. The carrier did not answer." in vera.reads("/sending")


def test_what_has_to_be_mended_is_shown_to_those_who_can_until_one_of_them_sees_to_it(
    vera: Browser, luz: Browser, ana: Browser
) -> None:
    trouble(30023)
    trouble(30007, times=0)
    assert "To be mended" not in vera.reads("/") and "To be mended:" in luz.reads("/")
    page = luz.reads("/sending")
    assert "3 times since" in page and "begins anew at midnight" in page and "unwanted" not in page
    found = re.search(r'action="(/sending/troubles/\d+/see)"', page)
    assert found
    assert vera.sends(found[1]).status_code == 403
    assert "You see to it" in luz.does(found[1])
    assert "Somebody else sees to it" in ana.does(found[1])
    assert "Luz sees to it since" in ana.reads("/sending") and "To be mended:" not in ana.reads("/")


@pytest.mark.parametrize(
    ("state", "failure_name", "said"),
    [
        (
            State.WAITING,
            "phone_off",
            ("What has not left yet, and why", "The phone was off or out of reach; tried again</span> <b>3</b>"),
        ),
        (State.UNKNOWN, None, ("being looked up, never sent twice</span> <b>3</b>",)),
        (State.FAILED, "filtered", ("Why some did not arrive", "Filtered by the carrier as unwanted <b>3</b>")),
    ],
)
def test_an_alert_says_what_its_copies_wait_for(
    luz: Browser, vera: Browser, corner: Corner, state: State, failure_name: str | None, said: tuple[str, ...]
) -> None:
    path = f"/alerts/{corner.alert.id}"
    luz.does(f"{path}/release", words=luz.words(path))
    planning.plan(corner.alert.broadcast_id)
    with writing() as session:
        for copy in session.query(Delivery).filter_by(broadcast_id=corner.alert.broadcast_id).limit(3):
            copy.state, copy.failure = state, failure_name
    counting.count()  # as the clock does
    page = vera.reads(path)
    assert [words for words in said if words not in page] == []


def test_what_is_on_its_way_is_counted_for_each_sender(luz: Browser, corner: Corner) -> None:
    path = f"/alerts/{corner.alert.id}"
    luz.does(f"{path}/release", words=luz.words(path))
    planning.plan(corner.alert.broadcast_id)
    with reading() as session:
        counted = progress.backlog(session)
        waiting = session.query(Delivery).filter_by(state=State.WAITING, channel=Channel.SMS).count()
    assert counted[Channel.SMS][State.WAITING] == waiting >= 10
    assert f'data-count="waiting">{waiting}<' in luz.reads("/sending")
