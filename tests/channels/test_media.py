"""A picture is fetched from the carrier and nowhere else, whatever a form, a redirect or a name server says (T16)."""

import base64
import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from werkzeug.datastructures import MultiDict

from bot.channels import media, media_address
from bot.channels.media import Fetched, Later, Never
from bot.hotline import inbound
from tests.services.carrier import ACCOUNT, CARRIER, TOKEN, Simulator
from tests.services.settings import Environment

MESSAGE, MEDIUM = "MM" + "a" * 32, "ME" + "b" * 32
PATH = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{MESSAGE}/Media/{MEDIUM}"
STORE = "mms.twiliocdn.com"
INSIDE = (
    "127.0.0.1", "127.1", "0.0.0.0", "2130706433", "0x7f000001", "017700000001", "127.0.0.1.nip.io", "localhost", "localhost.",  # noqa: S104
    "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1%25lo]",
    "[fd00:ec2::254]", "169.254.169.254", "2852039166", "0xa9fea9fe", "[::ffff:a9fe:a9fe]", "metadata.google.internal",
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "192.0.0.170", "198.18.0.1", "224.0.0.1", "255.255.255.255",
    "redis", "postgres", "db.internal", "①②⑦.⓪.⓪.①",
)  # fmt: skip
ODD = (
    f"http://{STORE}/x", f"https://{STORE}:22/x", f"https://{STORE}:99999/x", f"https://user@{STORE}/x", f"https://{STORE}@127.0.0.1/x",
    f"https://127.0.0.1#@{STORE}/x", f"https://127.0.0.1\\@{STORE}/x", f"https://{STORE}\\.evil.example/x", f"https://{STORE}.evil.example/x",
    f"https://evil{STORE}/x", f"https://{STORE}%2eevil.example/x", f"https://{STORE}%00.evil.example/x", f"https:///{STORE}/x",
    f"https:{STORE}/x", f"//{STORE}/x", "//127.0.0.1/x", "/\\127.0.0.1/x", "\\\\127.0.0.1\\x",
    f"https://{STORE}/x\r\nHost: redis",
    f"https://{STORE}/x HTTP/1.1\r\n\r\nGET /", f"https://{STORE}/\tx", "file:///etc/passwd", "gopher://127.0.0.1:6379/_FLUSHALL",
    "dict://127.0.0.1:6379/info", "ftp://127.0.0.1/x", "data:image/png;base64,AAAA", "javascript:alert(1)", "ldap://127.0.0.1/x",
    "", " ", "?", "x" * 5000, "https://", "https://[", "HTTPS://127.0.0.1/x",
    "jar:http://127.0.0.1!/", "unix:/var/run/docker.sock",
)  # fmt: skip
VECTORS = (*(f"{scheme}://{host}{{port}}/x" for host in INSIDE for scheme in ("http", "https")), *ODD)


@dataclass
class Api:
    """What stands where the carrier should: answers as a test wants, and counts."""

    address: str = ""
    location: str = ""
    status: int = 307
    body: bytes = b""
    asked: list[str] = field(default_factory=list)
    signed_in: list[str | None] = field(default_factory=list)


@pytest.fixture
def api(env: Environment) -> Iterator[Api]:
    """Listens on loopback; `TWILIO_API_BASE_URL` leads to it."""
    it = Api()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            it.asked.append(self.path)
            it.signed_in.append(self.headers.get("Authorization"))
            self.send_response_only(200 if "/store/" in self.path else it.status)
            if it.location and "/store/" not in self.path:
                self.wfile.write(
                    b"HTTP/1.1 %d Go\r\nLocation: %s\r\n" % (it.status, it.location.encode("utf-8", "replace"))
                )
                self._headers_buffer: list[bytes] = []
            self.send_header("Content-Length", str(len(it.body)))
            self.end_headers()
            self.wfile.write(it.body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    it.address = f"http://127.0.0.1:{server.server_port}"
    env.set(twilio_api_base_url=it.address, **CARRIER)
    yield it
    server.shutdown()
    server.server_close()
    thread.join()


_opened: list[int] = []
"""Threads that have made a socket, while somebody counts."""
_counting = threading.Event()


def _count(event: str, _arguments: object) -> None:
    if event == "socket.__new__" and _counting.is_set():
        _opened.append(threading.get_ident())


sys.addaudithook(_count)


def sockets_of(act: object) -> int:
    """How many sockets this thread opens meanwhile: each address that is connected to needs one of its own."""
    _opened.clear()
    _counting.set()
    try:
        act()  # type: ignore[operator]
    finally:
        _counting.clear()
    return _opened.count(threading.get_ident())


def test_there_are_sixty_vectors_and_more() -> None:
    assert len(set(VECTORS)) >= 100


@pytest.mark.threat("T16")
def test_an_address_in_a_form_is_never_asked(api: Api) -> None:
    """Nothing of it is kept but the last part, where that is a name of the carrier's for something in this very message."""
    for vector in VECTORS:
        for address in (vector.format(port=""), vector.format(port=":6379") + PATH, vector.format(port="") + PATH):
            form = MultiDict(
                {"MessageSid": MESSAGE, "AccountSid": ACCOUNT, "From": "+13235550101", "Body": "", "NumMedia": "1",
                 "MediaContentType0": "image/jpeg", "MediaUrl0": address}
            )  # fmt: skip
            try:
                (medium,) = inbound.read(form, ACCOUNT).media
            except inbound.Refused:
                continue
            assert medium.sid in ("", MEDIUM), address
            if medium.sid:
                api.asked.clear()
                assert sockets_of(lambda: media.fetch(MESSAGE, MEDIUM)) == 1
                assert api.asked == [PATH], address


@pytest.mark.threat("T16")
@pytest.mark.parametrize("status", media.REDIRECTS)
def test_a_redirect_leads_nowhere_but_to_the_store(api: Api, status: int) -> None:
    api.status = status
    vectors = VECTORS if status == 307 else VECTORS[::7]
    for vector in vectors:
        api.location = vector.format(port="")
        api.asked.clear()
        outcomes: list[media.Outcome] = []
        sockets = sockets_of(lambda: outcomes.append(media.fetch(MESSAGE, MEDIUM)))  # noqa: B023
        assert not isinstance(outcomes[0], Fetched), vector
        assert (sockets, api.asked) == (1, [PATH]), vector


@pytest.mark.threat("T16")
@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "0.0.0.0", "127.1", "2130706433", "0x7f.1"])  # noqa: S104
def test_a_known_host_whose_name_leads_inside_is_not_connected_to(api: Api, env: Environment, name: str) -> None:
    """Looked at when the socket is opened, with the address it is opened to: a name may say another one each time."""
    env.set(twilio_media_hosts=f"{STORE},{name}")
    api.location = f"https://{name}/x"
    outcomes: list[media.Outcome] = []
    assert sockets_of(lambda: outcomes.append(media.fetch(MESSAGE, MEDIUM))) == 1
    assert outcomes == [Never("private_address")]


@pytest.mark.threat("T16")
@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("8.8.8.8", True), ("2606:4700::1111", True), ("127.0.0.1", False), ("10.1.2.3", False), ("169.254.169.254", False),
        ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False), ("239.1.1.1", False), ("255.255.255.255", False),  # noqa: S104
        ("::1", False), ("::", False), ("::ffff:8.8.8.8", False), ("::ffff:127.0.0.1", False), ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False), ("2001:0:4136:e378::1", False), ("fe80::1%eth0", False), ("fd00:ec2::254", False),
        ("ff02::1", False), ("2001:db8::1", False), ("not an address", False), ("", False),
    ],
)  # fmt: skip
def test_which_addresses_are_out_there(host: str, public: bool) -> None:
    assert media_address.is_public(host) is public


@pytest.mark.threat("T16")
@pytest.mark.parametrize(
    ("message", "medium"),
    [
        ("MM" + "a" * 31, MEDIUM), (MESSAGE, "ME" + "b" * 33), (MESSAGE, "../" + MEDIUM), (MESSAGE + "\n", MEDIUM),
        ("MM" + "٣" * 32, MEDIUM), (MESSAGE, MEDIUM + "?x"), ("", ""), (MESSAGE, MEDIUM.lower()),
    ],
)  # fmt: skip
def test_only_the_carriers_own_names_make_an_address(api: Api, message: str, medium: str) -> None:
    for act in (media.fetch, media.delete):
        with pytest.raises(ValueError, match="names"):
            act(message, medium)
    assert api.asked == []


def test_the_carrier_is_asked_with_our_password_and_its_store_without(api: Api) -> None:
    api.location, api.body = "/store/x?Expires=1&Signature=a%2Fb~c", b"picture"
    assert media.fetch(MESSAGE, MEDIUM) == Fetched(b"picture")
    told = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    assert api.signed_in == [f"Basic {told}", None]
    assert api.asked == [PATH, "/store/x?Expires=1&Signature=a%2Fb~c"]


def test_twilios_store_is_where_a_redirect_may_lead(env: Environment) -> None:
    address = f"https://{STORE}/ACx/0a1b?Expires=1700000000&Signature=abc~d_&Key-Pair-Id=K"
    assert media_address.onwards(address) == address
    env.set(twilio_media_hosts="")
    assert media_address.onwards(address) is None


def test_it_does_not_go_round_and_round(api: Api) -> None:
    api.location = PATH
    assert media.fetch(MESSAGE, MEDIUM) == Never("leads_on_and_on")
    assert len(api.asked) == 1 + media.MOST_REDIRECTS


@pytest.mark.threat("T16")
def test_what_is_too_large_is_left_off(api: Api) -> None:
    api.status, api.body = 200, b"x" * (media.LARGEST_BYTES + 1)
    assert media.fetch(MESSAGE, MEDIUM) == Never("too_large")
    api.body = b"x" * media.LARGEST_BYTES
    assert media.fetch(MESSAGE, MEDIUM) == Fetched(api.body)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (404, Never("gone")), (410, Never("gone")), (400, Never("http_400")), (401, Later("http_401")), (429, Later("http_429")),
        (500, Later("http_500")), (503, Later("http_503")), (200, Later("empty")), (307, Never("leads_elsewhere")),
    ],
)  # fmt: skip
def test_what_the_carriers_answer_means(api: Api, status: int, outcome: media.Outcome) -> None:
    api.status = status
    assert media.fetch(MESSAGE, MEDIUM) == outcome


def test_a_carrier_that_is_away_is_asked_again(env: Environment) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        env.set(twilio_api_base_url=f"http://127.0.0.1:{nobody.getsockname()[1]}", **CARRIER)
        assert media.fetch(MESSAGE, MEDIUM) == Later("curl_7")
        assert media.delete(MESSAGE, MEDIUM) is False


@pytest.mark.threat("T16")
def test_one_that_only_drips_is_not_waited_for(env: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "LONGEST_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as slow:
        env.set(twilio_api_base_url=f"http://127.0.0.1:{slow.getsockname()[1]}", **CARRIER)
        assert media.fetch(MESSAGE, MEDIUM) == Later("curl_28")


def test_a_phones_picture_is_fetched_from_the_simulator_and_deleted_there(simulator: Simulator) -> None:
    picture = bytes(range(256)) * 100
    data = base64.b64encode(picture).decode()
    sid = simulator.phone("+13235550101").texts("", media=[{"content_type": "image/png", "data": data}])["sid"]
    (found,) = simulator.ask("GET", "phones/%2B13235550101")["texts"]
    medium = found["media"][0]["sid"]
    assert media.fetch(sid, medium) == Fetched(picture)
    assert media.delete(sid, medium) and media.delete(sid, medium), "it is gone either way"
    assert media.fetch(sid, medium) == Never("gone")


def test_nothing_of_a_picture_is_shown_by_accident() -> None:
    assert "secret" not in repr(Fetched(b"secret"))
