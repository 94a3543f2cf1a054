"""Whose request is it? Only what one of our secrets signed for our own address counts, and nothing makes the check fall over."""

import base64
import hmac
from hashlib import sha256

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import Headers, MultiDict

from bot.channels.signature import is_genuine
from bot.settings import Settings

BASE = "https://hotline.example.org"
PATH = "/twilio/inbound"
TOKEN = "a-token"
OLD = "an-older-token"
PAIRS = [("From", "+12135550101"), ("Body", "hola"), ("MessageSid", "SM1")]


def of(**more: object) -> Settings:
    known: dict[str, object] = {
        "public_base_url": BASE,
        "twilio_auth_token": (TOKEN, OLD),
        "twilio_webhook_shared_keys": ("k1:s1",),
    }
    return Settings(_env_file=None, **(known | more))  # type: ignore[arg-type]


def signed(url: str = BASE + PATH, token: str = TOKEN, pairs: list[tuple[str, str]] | None = None) -> Headers:
    form = MultiDict(PAIRS if pairs is None else pairs)
    return Headers({"X-Twilio-Signature": RequestValidator(token).compute_signature(url, form)})


def by_shared_key(name: str, secret: str, algorithm: str = "HMAC_SHA256") -> Headers:
    text = BASE + PATH + "".join(sorted(key + value for key, value in PAIRS))
    mark = base64.b64encode(hmac.new(secret.encode(), text.encode(), sha256).digest()).decode()
    return Headers(
        {"X-Twilio-Signature": mark, "X-Twilio-Webhooks-Signature-Settings": f"key={name},algorithm={algorithm}"}
    )


@pytest.mark.parametrize("token", [TOKEN, OLD])
def test_any_of_our_tokens_counts(token: str) -> None:
    assert is_genuine(PATH, MultiDict(PAIRS), signed(token=token), of())


def test_another_token_does_not() -> None:
    assert not is_genuine(PATH, MultiDict(PAIRS), signed(token="another"), of())


@pytest.mark.parametrize("netloc", ["hotline.example.org", "hotline.example.org:443"])
@pytest.mark.parametrize(
    "ours", ["https://hotline.example.org", "https://hotline.example.org:443", "https://hotline.example.org/"]
)
def test_the_port_may_be_named_or_not(netloc: str, ours: str) -> None:
    assert is_genuine(PATH, MultiDict(PAIRS), signed(f"https://{netloc}{PATH}"), of(public_base_url=ours))


def test_the_query_is_signed_too() -> None:
    headers = signed(f"{BASE}{PATH}?d=7")
    assert is_genuine(f"{PATH}?d=7", MultiDict(PAIRS), headers, of())
    assert not is_genuine(f"{PATH}?d=8", MultiDict(PAIRS), headers, of())


def test_another_address_or_another_word_is_forged() -> None:
    assert not is_genuine("/twilio/receipts", MultiDict(PAIRS), signed(), of())
    assert not is_genuine(PATH, MultiDict([*PAIRS[:1], ("Body", "adios"), PAIRS[2]]), signed(), of())
    assert not is_genuine(PATH, MultiDict([*PAIRS, ("More", "1")]), signed(), of())


def test_a_shared_key_counts_only_by_its_own_name() -> None:
    assert is_genuine(PATH, MultiDict(PAIRS), by_shared_key("k1", "s1"), of())
    assert not is_genuine(PATH, MultiDict(PAIRS), by_shared_key("k2", "s1"), of())
    assert not is_genuine(PATH, MultiDict(PAIRS), by_shared_key("k1", "s2"), of())
    assert not is_genuine(PATH, MultiDict(PAIRS), by_shared_key("k1", "s1", "HMAC_MD5"), of())


def test_an_empty_secret_signs_nothing() -> None:
    assert not is_genuine(PATH, MultiDict(PAIRS), signed(token=""), of(twilio_auth_token=("",)))
    assert not is_genuine(PATH, MultiDict(PAIRS), by_shared_key("k1", ""), of(twilio_webhook_shared_keys=("k1",)))


@pytest.mark.threat("T10")
@pytest.mark.parametrize(
    "headers",
    [
        Headers(),
        Headers({"X-Twilio-Signature": ""}),
        Headers({"X-Twilio-Signature": "%%%"}),
        Headers({"X-Twilio-Signature": "é"}),
    ],
)
def test_a_missing_or_odd_signature_is_refused_without_an_error(headers: Headers) -> None:
    assert not is_genuine(PATH, MultiDict(PAIRS), headers, of())


@pytest.mark.threat("T10")
def test_a_lone_surrogate_is_refused_without_an_error() -> None:
    assert not is_genuine(PATH, MultiDict([("Body", "\ud800")]), signed(), of())
    assert not is_genuine("/twilio/\ud800", MultiDict(PAIRS), signed(), of())


@pytest.mark.threat("T10")
def test_twilios_scheme_itself_cannot_tell_these_apart() -> None:
    """Names and values are joined without a separator and repeats collapse: patterns and no-repeats are the webhook's part."""
    pairs = [("Body", "hello"), ("From", "+12135550101")]
    joined = [("Body", "helloFrom+12135550101")]
    assert is_genuine(PATH, MultiDict(joined), signed(pairs=pairs), of())
    assert is_genuine(PATH, MultiDict([*PAIRS, PAIRS[1]]), signed(), of())
