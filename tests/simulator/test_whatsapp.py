"""When may a free-form WhatsApp message be sent?"""

from tests.services.carrier import Simulator
from tests.simulator.conftest import NUMBER, ROSA, SERVICE, Hotline, ends_as, post

OURS, HERS = f"whatsapp:{NUMBER}", f"whatsapp:{ROSA}"


def test_outside_the_window_it_is_accepted_and_fails_later(carrier: Simulator) -> None:
    answer = post(carrier, To=HERS, From=OURS, Body="x")
    assert answer.status_code == 201
    row = ends_as(carrier, answer.json()["sid"])
    assert (row["status"], row["error_code"], row["arrived"]) == ("failed", 63016, None)


def test_inside_the_window_it_arrives_until_a_day_has_passed(carrier: Simulator) -> None:
    carrier.phone(ROSA, "whatsapp").texts("hola")
    sid = post(carrier, To=HERS, MessagingServiceSid=SERVICE, Body="x" * 300).json()["sid"]
    row = ends_as(carrier, sid)
    assert (row["status"], row["segments"], row["from"]) == ("delivered", 1, OURS)
    carrier.ask("POST", f"phones/{ROSA}/window/close", {})
    again = post(carrier, To=HERS, From=OURS, Body="x").json()["sid"]
    assert ends_as(carrier, again)["error_code"] == 63016


def test_a_template_needs_no_window(carrier: Simulator) -> None:
    sid = post(carrier, To=HERS, From=OURS, ContentSid="HX" + "0" * 32, ContentVariables='{"1":"a"}').json()["sid"]
    assert ends_as(carrier, sid)["status"] == "delivered"


def test_a_person_without_a_number_can_be_answered(carrier: Simulator) -> None:
    carrier.phone("US.abc123", "whatsapp").texts("hola")
    sid = post(carrier, To="whatsapp:US.abc123", From=OURS, Body="x").json()["sid"]
    assert ends_as(carrier, sid)["status"] == "delivered"
    assert carrier.phone("US.abc123", "whatsapp").received() == ["x"]


def test_a_person_who_opens_the_message_is_reported_as_having_read_it(carrier: Simulator, hotline: Hotline) -> None:
    carrier.phone(ROSA, "whatsapp").texts("hola")
    callback = f"{hotline.address}/twilio/receipts"
    sid = post(carrier, To=HERS, From=OURS, Body="x", StatusCallback=callback).json()["sid"]
    ends_as(carrier, sid)
    assert carrier.ask("POST", f"phones/{ROSA}/read", {}) == {"read": 1}
    assert ends_as(carrier, sid)["status"] == "read"
    last = hotline.to("/twilio/receipts")[-1].form
    assert (last["MessageStatus"], last["EventType"], last["ChannelPrefix"]) == ("read", "READ", "whatsapp")
