"""Does it start where it is told, stop when it is told, and stay within its bounds?"""

import asyncio
import json
import socket
import subprocess
import sys
import urllib.request

import pytest
import requests
from aiohttp.test_utils import TestClient, TestServer

from simulator import process
from simulator.app import make_app
from simulator.config import Config, read_config
from simulator.ledger import Ledger
from simulator.messages import Message
from simulator.segments import measure
from tests.services.carrier import Simulator


def test_it_says_where_it_listens_and_ends_cleanly_on_sigterm() -> None:
    running, address = process.start("--rate", "5")
    try:
        with urllib.request.urlopen(f"{address}/simulator/health", timeout=5) as answer:
            assert json.load(answer) == {"ready": True}
    finally:
        code = process.stop(running)
    assert code == 0


def test_it_can_be_served_in_the_process_of_who_needs_it() -> None:
    async def serve() -> dict[str, object]:
        async with TestClient(TestServer(make_app(Config(deliver_seconds=0)))) as client:
            await client.post("/simulator/rogue", json={"to": "+13235550101", "body": "x"})
            assert (await (await client.get("/simulator/settle?wait=5")).json())["quiet"]
            found: dict[str, object] = await (await client.get("/simulator/phones/+13235550101")).json()
            return found

    assert asyncio.run(serve())["received"] == 1


def test_a_port_in_use_is_said_and_not_waited_for() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command = [sys.executable, "-m", "simulator", "--port", str(taken.getsockname()[1])]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=20, cwd=process.ROOT)
    assert ended.returncode == 1
    assert "cannot listen" in ended.stderr


def test_every_flag_has_its_variable_and_the_flag_wins() -> None:
    config = read_config(
        ["--rate", "3"],
        {
            "SIMULATOR_PORT": "9", "SENDER_SEGMENTS_PER_SECOND": "100", "TWILIO_AUTH_TOKEN": "a, b",
            "TWILIO_WHATSAPP_FROM": "whatsapp:+15625550111", "TWILIO_FROM_NUMBER": "",
            "SIMULATOR_PHONES": '[{"number": "+13235550150", "name": "Eva"}]',
        },
    )  # fmt: skip
    assert (config.port, config.segments_per_second, config.auth_tokens) == (9, 3.0, ("a", "b"))
    assert (config.whatsapp, config.numbers) == (("+15625550111",), ("+15625550100",))
    assert [phone.name for phone in config.phones] == ["Eva"]


def test_a_value_that_makes_no_sense_is_said() -> None:
    with pytest.raises(SystemExit):
        read_config(["--port", "many"], {})


async def fill(ledger: Ledger, count: int) -> None:
    text = measure("x")
    for n in range(count):
        number = f"+1323555{n % 100:04d}"
        ledger.add(Message(f"SM{n:032x}", "outbound-api", "client", number, "+15625550100", text, 0.0))


def test_old_messages_are_forgotten_and_counted() -> None:
    ledger = Ledger(keep=1000)
    asyncio.run(fill(ledger, 2500))
    assert len(ledger.rows) <= 1000
    assert ledger.accepted == len(ledger.rows) + ledger.forgotten == 2500
    assert len(ledger.by_sid) == len(ledger.rows) == sum(len(rows) for rows in ledger.by_phone.values())
    assert sum(counted[0] for counted in ledger.copies.values()) == len(ledger.rows)
    for message in ledger.rows[::2]:
        ledger.depart(message)
    asyncio.run(fill(ledger, 250))  # again some are forgotten
    assert len(listed := list(ledger.listed())) == len(ledger.rows)
    assert [row.place for row in listed] == sorted(row.place for row in listed)
    assert list(ledger.listed(below=listed[700].place)) == listed[701:]


def test_the_page_asks_nobody_else_for_anything(carrier: Simulator) -> None:
    page = requests.get(carrier.address + "/", timeout=5)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    for name in ("", "page/page.css", "page/page.js", "page/phone.js", "page/log.js", "page/faults.js"):
        content = requests.get(f"{carrier.address}/{name}", timeout=5)
        assert content.status_code == 200
        assert "https://" not in content.text and "//cdn" not in content.text
    assert requests.get(carrier.address + "/page/../app.py", timeout=5).status_code == 404


def test_the_control_routes_take_json_only(carrier: Simulator) -> None:
    answer = requests.post(f"{carrier.address}/simulator/reset", data="x=1", timeout=5)
    assert answer.status_code == 415


def test_a_watcher_is_told_of_a_change_at_once(carrier: Simulator) -> None:
    now = carrier.ask("GET", "changes?since=9e15")
    assert now["again"]
    carrier.rogue("+13235550101", "x")
    news = carrier.ask("GET", f"changes?since={now['change']}&wait=10")
    assert [row["body"] for row in news["messages"]] == ["x"]
