"""What does a carrier cost that does nothing but answer? POST .../Messages.json -> 201 and a sid of its own, after a set time.

A process of its own on one core: uvloop, no parsing beyond where a request ends. `python -m benchmarks.stub FOLDER [--latency S]
[--tls]` prints its address and counts what it accepted; `GET /` says how many, from when to when. In FOLDER it keeps the
certificate it made for itself.
"""

import argparse
import asyncio
import datetime as dt
import ipaddress
import json
import ssl
import time
from pathlib import Path
from typing import Any

import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
ACCOUNT = "AC" + "0" * 30 + "42"
SID_BYTES = 34
_SID = "S" * SID_BYTES
_PATH = f"/2010-04-01/Accounts/{ACCOUNT}/Messages"
_ANSWER: dict[str, Any] = {
    "account_sid": ACCOUNT, "api_version": "2010-04-01", "body": "HP: Comida en Pacific y Florence. Visto por voluntarios.",
    "date_created": "Sun, 22 Nov 2026 12:00:00 +0000", "date_sent": None,
    "date_updated": "Sun, 22 Nov 2026 12:00:00 +0000", "direction": "outbound-api", "error_code": None,
    "error_message": None, "from": "+15625550100", "messaging_service_sid": None, "num_media": "0", "num_segments": "1",
    "price": None, "price_unit": "USD", "sid": _SID, "status": "queued",
    "subresource_uris": {"media": f"{_PATH}/{_SID}/Media.json"}, "to": "+13235550101", "uri": f"{_PATH}/{_SID}.json",
}  # fmt: skip
"""As Twilio's own answer to a create: the SDK's baseline must have as much to read as in life."""

_NOT_FOR = ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "crl_sign")
_USAGE = x509.KeyUsage(
    digital_signature=True,
    key_cert_sign=True,
    encipher_only=False,
    decipher_only=False,
    **dict.fromkeys(_NOT_FOR, False),
)


class Counts:
    """What was accepted so far."""

    def __init__(self, latency: float) -> None:
        self.latency = latency
        self.accepted = self.connections = 0
        self.first = self.last = 0.0
        content = json.dumps(_ANSWER).encode()
        head = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(content)
        self._pieces = (head + content).split(_SID.encode())

    def accept(self) -> bytes:
        self.last = time.monotonic()
        self.first = self.first or self.last
        self.accepted += 1
        return (b"SM%032x" % self.accepted).join(self._pieces)

    def said(self) -> bytes:
        told = {"accepted": self.accepted, "connections": self.connections, "first": self.first, "last": self.last}
        content = json.dumps(told | {"cpu": time.process_time()}).encode()
        return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (
            len(content),
            content,
        )

    def forget(self) -> None:
        self.accepted, self.first, self.last = 0, 0.0, 0.0


class Connection(asyncio.Protocol):
    """One kept connection. Requests come whole or in pieces, one after the other."""

    def __init__(self, counts: Counts, loop: asyncio.AbstractEventLoop) -> None:
        self._counts = counts
        self._loop = loop
        self._read = b""
        self._out: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._out = transport  # type: ignore[assignment]
        self._counts.connections += 1

    def data_received(self, data: bytes) -> None:
        self._read = self._read + data if self._read else data
        while (ends := _end(self._read)) and len(self._read) >= ends:
            request, self._read = self._read[:ends], self._read[ends:]
            self._answer(request)

    def _answer(self, request: bytes) -> None:
        if not request.startswith(b"POST "):
            if request.startswith(b"DELETE "):
                self._counts.forget()
            self._out.write(self._counts.said())
        elif self._counts.latency:
            self._loop.call_later(self._counts.latency, self._out.write, self._counts.accept())
        else:
            self._out.write(self._counts.accept())


def _end(read: bytes) -> int:
    """Where the first request in `read` ends; 0 while its head is not whole."""
    head = read.find(b"\r\n\r\n") + 4
    if head < 4:
        return 0
    at = read.find(b"ontent-", 0, head)
    while at >= 0 and read[at + 7 : at + 13].lower() != b"length":
        at = read.find(b"ontent-", at + 7, head)
    return head + (int(read[at + 14 : read.index(b"\r", at)]) if at >= 0 else 0)


def certificate(folder: Path) -> Path:
    """A key and a certificate for the loopback address, in one file; whoever trusts it trusts this stub alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a carrier of this run")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_USAGE, critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    both = folder / "carrier.pem"
    both.touch(mode=0o600)
    both.write_bytes(plain + made.public_bytes(pem))
    return both


async def serve(folder: Path, latency: float, tls: bool) -> None:
    """Until killed."""
    loop = asyncio.get_running_loop()
    counts, context = Counts(latency), None
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(folder))
    server = await loop.create_server(lambda: Connection(counts, loop), HOST, 0, ssl=context, backlog=1024)
    port = server.sockets[0].getsockname()[1]
    print(f"{'https' if tls else 'http'}://{HOST}:{port}", flush=True)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stub", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--tls", action="store_true")
    given = parser.parse_args()
    uvloop.run(serve(given.folder, given.latency, given.tls))


if __name__ == "__main__":
    main()
