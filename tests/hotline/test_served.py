"""Is the door for receipts the same behind the real server, and what does that write down?"""

import http.client
from urllib.parse import urlencode

import pytest
from twilio.request_validator import RequestValidator

from tests.services.carrier import ACCOUNT, TOKEN
from tests.services.system import Hotline, HotlineStarter

pytestmark = pytest.mark.slow

PATH = "/twilio/receipts?d=12"
FORM = {"MessageSid": "SM" + "b" * 32, "MessageStatus": "delivered", "AccountSid": ACCOUNT, "To": "+13235550101"}


@pytest.fixture
def web(start_hotline: HotlineStarter) -> Hotline:
    """The web process alone."""
    return start_hotline("sqlite", ("web",))


def call(web: Hotline, body: bytes, *, in_chunks: bool = False, signature: str = "") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", int(web.settings["PORT"]), timeout=30)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "X-Twilio-Signature": signature or RequestValidator(TOKEN).compute_signature(web.address + PATH, FORM),
    }
    try:
        connection.request("POST", PATH, iter([body]) if in_chunks else body, headers, encode_chunked=in_chunks)
        answer = connection.getresponse()
        assert answer.read() == b""
        return answer
    finally:
        connection.close()


def test_it_is_served_as_strictly_and_only_what_was_refused_is_written_down(web: Hotline) -> None:
    body = urlencode(FORM).encode()
    taken = call(web, body)
    assert taken.status == 204
    assert taken.headers["X-Content-Type-Options"] == "nosniff"
    assert call(web, body, in_chunks=True).status == 204
    assert call(web, body, signature="AAAA").status == 403
    assert call(web, body + b"&MessageStatus=failed").status == 403
    assert call(web, b"x" * 70_000).status == 413
    assert web.get("/healthz") == (200, "ok\n")
    web.stop("web")
    written = [line.rpartition(" bytes ")[0] for line in web.logs().splitlines() if " bytes " in line]
    assert sorted(line for line in written if "readyz" not in line) == [
        "GET /healthz 200 3", "POST /twilio/receipts 403 0", "POST /twilio/receipts 403 0", "POST /twilio/receipts 413 0",
    ]  # fmt: skip
