"""Does the stub take what HTTP clients send, whole or in pieces, and answer each once? With TLS, to those who trust it."""

import http.client
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.channels.transport import Reply, Transport
from runner.keeper import ROOT

POST = b"POST /2010-04-01/Accounts/AC1/Messages.json HTTP/1.1\r\nHost: x\r\ncontent-length: 5\r\n\r\nTo=+1"


@contextmanager
def stub(folder: Path, *options: str) -> Iterator[tuple[str, int]]:
    command = [sys.executable, "-m", "benchmarks.stub", str(folder), *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as running:
        try:
            assert running.stdout is not None
            where = urlsplit(running.stdout.readline().strip())
            yield str(where.hostname), where.port or 0
        finally:
            running.kill()


def sids(answers: bytes) -> list[str]:
    return [json.loads(part.partition(b"\r\n\r\n")[2])["sid"] for part in answers.split(b"HTTP/1.1 201 Created")[1:]]


def read_until(door: socket.socket, count: int) -> bytes:
    read = b""
    while read.count(b"HTTP/1.1 201") < count or not read.endswith(b"}"):
        read += door.recv(65536)
    return read


@pytest.mark.parametrize("pieces", [[POST], [POST[:20], POST[20:70], POST[70:]], [POST + POST[:30], POST[30:]]])
def test_each_whole_request_is_answered_once(tmp_path: Path, pieces: list[bytes]) -> None:
    requests = b"".join(pieces).count(b"POST")
    with stub(tmp_path) as address, socket.create_connection(address, timeout=10) as door:
        door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces:
            door.sendall(piece)
        found = sids(read_until(door, requests))
        assert len(found) == len(set(found)) == requests
        assert all(len(sid) == 34 for sid in found)
        asked = http.client.HTTPConnection(*address, timeout=10)
        asked.request("GET", "/")
        assert json.loads(asked.getresponse().read())["accepted"] == requests
        asked.close()


def wait_for(transport: Transport) -> Reply:
    replies: list[tuple[int, Reply]] = []
    while not replies:
        replies = transport.wait(1.0)
    return replies[0][1]


def test_our_client_sends_over_tls_only_where_the_certificate_is_trusted(tmp_path: Path) -> None:
    with stub(tmp_path, "--tls") as (host, port):
        for trusted, status in ((str(tmp_path / "carrier.pem"), 201), ("", 0)):
            transport = Transport(f"https://{host}:{port}/Messages.json", "AC1", "secret", 10.0, 1, trusted)
            transport.begin(1, b"To=%2B13235550101&Body=Hola")
            reply = wait_for(transport)
            transport.close()
            assert reply.status == status
            assert reply.may_have_left is (status == 201)
