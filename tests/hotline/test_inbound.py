"""Twilio's form is read strictly: known parameters by pattern and once, unknown ones dropped, anything odd refused whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as some
from werkzeug.datastructures import MultiDict

from bot.channels.media import Medium
from bot.contacts.models import Channel
from bot.hotline.inbound import Refused, read

ACCOUNT = "AC" + "0" * 32
FORM = {
    "MessageSid": "SM" + "a" * 32,
    "AccountSid": ACCOUNT,
    "From": "+13235550101",
    "To": "+15625550100",
    "Body": "hola",
    "NumMedia": "0",
    "SomethingNew": "Twilio adds parameters unannounced",
}


def _form(**changed: str | None) -> MultiDict[str, str]:
    return MultiDict({name: value for name, value in {**FORM, **changed}.items() if value is not None})


def test_a_text_is_read() -> None:
    message = read(_form(), ACCOUNT)
    assert (message.address, message.channel, message.text) == ("+13235550101", Channel.SMS, "hola")


def test_whatsapp_may_show_an_id_instead_of_a_number() -> None:
    message = read(_form(From="whatsapp:US.abc123", ExternalUserId="whatsapp:US.abc123"), ACCOUNT)
    assert (message.address, message.whatsapp_id, message.channel) == (
        "whatsapp:US.abc123", "whatsapp:US.abc123", Channel.WHATSAPP,
    )  # fmt: skip


def test_a_button_speaks_where_there_is_no_text() -> None:
    assert read(_form(Body=None, ButtonText="1"), ACCOUNT).text == "1"


@pytest.mark.parametrize(("said", "stops"), [("STOP", True), ("HELP", False), ("START", False)])
def test_what_the_carrier_answered_itself_is_known_and_a_stop_from_the_rest(said: str, stops: bool) -> None:
    message = read(_form(OptOutType=said), ACCOUNT)
    assert (message.carrier_answered, message.opted_out) == (True, stops)
    assert not read(_form(), ACCOUNT).carrier_answered


def test_a_pin_is_read() -> None:
    assert read(_form(Latitude="33.97", Longitude="-118.22"), ACCOUNT).pin == (33.97, -118.22)


MEDIA = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages/{FORM['MessageSid']}/Media/"
MEDIUM = "ME" + "b" * 32


@pytest.mark.threat("T16")
@pytest.mark.parametrize(
    ("address", "sid"),
    [
        (MEDIA + MEDIUM, MEDIUM),
        (MEDIA.replace("api.twilio.com", "api.ireland.us1.twilio.com") + MEDIUM, MEDIUM),
        (MEDIA + MEDIUM + "?x", ""),
        (MEDIA + MEDIUM + "/", ""),
        (MEDIA + "../" + MEDIUM, ""),
        (MEDIA.replace(ACCOUNT, "AC" + "1" * 32) + MEDIUM, ""),
        (MEDIA.replace("SM", "MM") + MEDIUM, ""),
        ("https://x", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_of_an_address_only_the_carriers_name_for_it_is_kept(address: str | None, sid: str) -> None:
    """One that is unusual loses no text: it is only not opened."""
    message = read(_form(NumMedia="1", MediaContentType0="image/jpeg", MediaUrl0=address), ACCOUNT)
    assert message.media == (Medium("image/jpeg", sid),)
    assert "https" not in repr(message)


def test_what_follows_a_kind_is_left_off() -> None:
    message = read(
        _form(NumMedia="2", MediaContentType0="audio/ogg; codecs=opus", MediaContentType1="text/x-vcard"), ACCOUNT
    )
    assert message.media == (Medium("audio/ogg"), Medium("text/x-vcard"))


@pytest.mark.parametrize(
    "changed",
    [
        {"MessageSid": None},
        {"MessageSid": "SM123"},
        {"AccountSid": "AC" + "1" * 32},
        {"From": None},
        {"From": "+1"},
        {"Body": "x" * 5000},
        {"NumMedia": "-1"},
        {"Latitude": "north", "Longitude": "1"},
        {"Latitude": "133.9", "Longitude": "-118.2"},
        {"ExternalUserId": "somebody"},
        {"OptOutType": "MAYBE"},
        {"NumMedia": "1", "MediaContentType0": "picture"},
        {"NumMedia": "1", "MediaContentType0": "image/jpeg", "MediaUrl0": "x" * 4001},
    ],
)
def test_what_twilio_would_not_send_is_refused(changed: dict[str, str | None]) -> None:
    with pytest.raises(Refused):
        read(_form(**changed), ACCOUNT)


@pytest.mark.threat("T10")
@pytest.mark.parametrize("name", ["Body", "From", "MessageSid", "AccountSid"])
def test_a_repeated_parameter_is_refused(name: str) -> None:
    form = _form()
    form.add(name, form[name])
    with pytest.raises(Refused, match=name):
        read(form, ACCOUNT)


@given(
    some.dictionaries(
        some.sampled_from([*FORM, "Latitude", "Longitude", "MediaContentType0", "MediaUrl0"]), some.text(max_size=60)
    )
)
def test_any_form_at_all_is_read_or_refused(form: dict[str, str]) -> None:
    try:
        read(MultiDict(form), ACCOUNT)
    except Refused as refused:
        assert str(refused).isidentifier()
