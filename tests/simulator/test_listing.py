"""What does the list of messages show, and what does it hide?"""

from datetime import UTC, datetime, timedelta

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.services.carrier import Simulator
from tests.services.waiting import eventually
from tests.simulator.conftest import ACCOUNT, BEN, NUMBER, ROSA, TOKENS, ends_as, post


def test_the_list_is_newest_first_and_filters_by_recipient(carrier: Simulator, twilio: Client) -> None:
    for number, body in ((ROSA, "1"), (BEN, "2"), (ROSA, "3")):
        twilio.messages.create(to=number, from_=NUMBER, body=body)
    assert [row.body for row in twilio.messages.list()] == ["3", "2", "1"]
    assert [row.body for row in twilio.messages.list(to=ROSA)] == ["3", "1"]
    assert [row.body for row in twilio.messages.list(from_=NUMBER, limit=1)] == ["3"]


def test_inbound_messages_are_listed_by_our_own_number(carrier: Simulator, twilio: Client) -> None:
    carrier.phone(ROSA).texts("HOLA")
    carrier.phone(BEN).texts("HI")
    twilio.messages.create(to=ROSA, from_=NUMBER, body="x")
    assert [row.body for row in twilio.messages.list(to=NUMBER)] == ["HI", "HOLA"]
    assert [row.body for row in twilio.messages.list(to=NUMBER, from_=ROSA)] == ["HOLA"]


def test_every_page_goes_on_where_the_last_one_ended_though_new_messages_come_in(
    carrier: Simulator, twilio: Client
) -> None:
    made = [post(carrier, To=ROSA, From=NUMBER, Body=str(n)).json()["sid"] for n in range(7)]
    for sid in made:
        ends_as(carrier, sid)  # what waits to be sent stands before what was sent, and would move between two pages
    page = twilio.messages.page(to=ROSA, page_size=3)
    seen = [row.sid for row in page]
    while page.next_page_url:
        post(carrier, To=ROSA, From=NUMBER, Body="new")
        page = page.next_page()
        seen += [row.sid for row in page]
    assert seen == made[::-1]


def test_what_waits_to_be_sent_stands_before_what_was_sent(carrier: Simulator, twilio: Client) -> None:
    early, later = (post(carrier, To=ROSA, From=NUMBER, Body=body).json()["sid"] for body in ("early", "later"))
    for sid in (early, later):
        ends_as(carrier, sid)
    carrier.live(send_seconds=60)
    post(carrier, To=ROSA, From=NUMBER, Body="not yet")
    carrier.phone(BEN).texts("HI")
    for listed in (twilio.messages.list(), twilio.messages.list(page_size=1)):
        assert [row.body for row in listed] == ["not yet", "HI", "later", "early"]
    assert [row.body for row in twilio.messages.list(to=ROSA)] == ["not yet", "later", "early"]


def test_a_page_goes_on_where_the_last_one_ended_though_its_last_message_was_sent_meanwhile(
    carrier: Simulator, twilio: Client
) -> None:
    carrier.live(send_seconds=0.3)
    made = [post(carrier, To=ROSA, From=NUMBER, Body=str(n)).json()["sid"] for n in range(4)]
    page = twilio.messages.page(page_size=2)
    seen = [row.sid for row in page]
    for sid in made:
        ends_as(carrier, sid)
    while page.next_page_url:
        page = page.next_page()
        seen += [row.sid for row in page]
    assert set(seen) == set(made)


def test_pages_named_by_number_alone_repeat_rows_when_messages_come_in(carrier: Simulator, twilio: Client) -> None:
    carrier.fault("list_by_number")
    made = [post(carrier, To=ROSA, From=NUMBER, Body=str(n)).json()["sid"] for n in range(4)]
    page = twilio.messages.page(to=ROSA, page_size=2)
    seen = [row.sid for row in page]
    post(carrier, To=ROSA, From=NUMBER, Body="new")
    while page.next_page_url:
        page = page.next_page()
        seen += [row.sid for row in page]
    assert set(seen) == set(made) and len(seen) == 5


def test_a_date_filter_leaves_out_what_was_not_sent_yet(carrier: Simulator, twilio: Client) -> None:
    sent = post(carrier, To=ROSA, From=NUMBER, Body="sent").json()["sid"]
    ends_as(carrier, sent)
    carrier.live(send_seconds=60)
    post(carrier, To=ROSA, From=NUMBER, Body="not yet")
    hour = timedelta(hours=1)
    now = datetime.now(UTC)
    assert [row.sid for row in twilio.messages.list(date_sent_after=now - hour)] == [sent]
    assert [row.sid for row in twilio.messages.list(date_sent=now.date())] == [sent]
    assert twilio.messages.list(date_sent_before=now - hour) == []
    assert len(twilio.messages.list()) == 2


def test_the_list_lags_behind_while_a_fetch_does_not(carrier: Simulator, twilio: Client) -> None:
    carrier.fault("list_lag", next=1, seconds=0.5)
    made = twilio.messages.create(to=ROSA, from_=NUMBER, body="x")
    assert twilio.messages.list(to=ROSA) == []
    assert twilio.messages(made.sid or "").fetch().sid == made.sid
    eventually(lambda: twilio.messages.list(to=ROSA))


def test_the_list_lags_behind_for_what_comes_in_too(carrier: Simulator, twilio: Client) -> None:
    carrier.fault("list_lag", next=1, seconds=0.5)
    carrier.phone(ROSA).texts("HOLA")
    assert twilio.messages.list(to=NUMBER) == []
    assert [row.direction for row in eventually(lambda: twilio.messages.list(to=NUMBER))] == ["inbound"]


def test_a_redacted_message_loses_its_body_and_a_deleted_one_is_gone(carrier: Simulator, twilio: Client) -> None:
    sid = post(carrier, To=ROSA, From=NUMBER, Body="secret").json()["sid"]
    ends_as(carrier, sid)
    assert twilio.messages(sid).update(body="").body == ""
    assert twilio.messages.list(to=ROSA)[0].body == ""
    assert twilio.messages(sid).delete()
    assert twilio.messages.list(to=ROSA) == []
    with pytest.raises(TwilioRestException) as gone:
        twilio.messages(sid).fetch()
    assert gone.value.status == 404
    row = carrier.sent()[0]
    assert (row["body"], row["redacted"], row["deleted"]) == ("secret", True, True)


def test_what_is_still_on_its_way_can_be_neither_redacted_nor_deleted(carrier: Simulator, twilio: Client) -> None:
    carrier.live(send_seconds=60)
    sid = post(carrier, To=ROSA, From=NUMBER, Body="x").json()["sid"]
    for change in (lambda: twilio.messages(sid).update(body=""), lambda: twilio.messages(sid).delete()):
        with pytest.raises(TwilioRestException) as refused:
            change()
        assert (refused.value.status, refused.value.code) == (409, 20009)


def test_a_page_holds_at_most_a_thousand(carrier: Simulator) -> None:
    url = f"{carrier.address}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    shown = requests.get(url, params={"PageSize": "5000"}, auth=(ACCOUNT, TOKENS[0]), timeout=10).json()
    assert shown["page_size"] == 1000
    wrong = requests.get(url, params={"PageToken": "nonsense"}, auth=(ACCOUNT, TOKENS[0]), timeout=10)
    assert wrong.status_code == 400
