"""Who said STOP, and what does Twilio do about it by itself?"""

import pytest

from simulator.optout import NETWORK_STARTED, NETWORK_STOPPED, STARTED, STOPPED, OptOuts
from tests.services.carrier import Simulator
from tests.simulator.conftest import BEN, NUMBER, ROSA, SERVICE, Hotline, post, twiml


def test_stop_blocks_confirms_once_and_still_reaches_the_hotline(carrier: Simulator, hotline: Hotline) -> None:
    hotline.reply = lambda call: twiml("<Response><Message>ours</Message></Response>")
    result = carrier.phone(ROSA).texts(" stop ")
    assert result["opt_out"] == "STOP"
    assert result["error"]["code"] == 21610, "our own answer is blocked by the STOP before it"
    assert hotline.calls[0].form["Body"] == " stop "
    carrier.phone(ROSA).texts("STOP")
    carrier.settle()
    assert carrier.phone(ROSA).received() == [STOPPED]


@pytest.mark.parametrize("sender", [{"From": NUMBER}, {"MessagingServiceSid": SERVICE}])
def test_a_send_to_who_said_stop_is_refused_until_start(carrier: Simulator, sender: dict[str, str]) -> None:
    carrier.phone(ROSA).texts("UNSUBSCRIBE")
    refused = post(carrier, To=ROSA, Body="x", **sender)
    assert (refused.status_code, refused.json()["code"]) == (400, 21610)
    assert post(carrier, To=BEN, Body="x", **sender).status_code == 201
    carrier.phone(ROSA).texts("Start")
    carrier.settle()
    assert carrier.phone(ROSA).received() == [STOPPED, STARTED]
    assert post(carrier, To=ROSA, Body="x", **sender).status_code == 201


@pytest.mark.parametrize("body", ["STOP PLEASE", "ya no me manden mensajes", "Blue Line stop", "alto", "HELP"])
def test_only_one_english_word_alone_is_heard(carrier: Simulator, body: str) -> None:
    carrier.phone(ROSA).texts(body)
    assert carrier.state()["opted_out"] == []
    assert carrier.sent() == []


def test_whatsapp_has_no_such_filter(carrier: Simulator) -> None:
    assert carrier.phone(ROSA, "whatsapp").texts("STOP")["opt_out"] == ""
    assert carrier.state()["opted_out"] == []


def test_a_toll_free_number_is_blocked_by_the_network_and_yes_does_not_undo_it() -> None:
    optouts, number = OptOuts(help_autoreply=False), "+18335550100"
    assert optouts.hear("scope", number, ROSA, "CANCEL").meaning == ""
    assert optouts.hear("scope", number, ROSA, "STOP").answer == NETWORK_STOPPED
    assert optouts.hear("scope", number, ROSA, "YES").meaning == ""
    assert optouts.blocks("scope", ROSA)
    assert optouts.hear("scope", number, ROSA, "UNSTOP").answer == NETWORK_STARTED.format("unstop")
    assert not optouts.blocks("scope", ROSA)


def test_help_is_answered_by_twilio_only_where_it_was_left_on() -> None:
    assert OptOuts(help_autoreply=True).hear("s", NUMBER, ROSA, "help").answer
    assert not OptOuts(help_autoreply=False).hear("s", NUMBER, ROSA, "help").answer
