"""`python -m bot ...`: what an operator does from a shell."""

import json
import os
import subprocess
import sys

import pytest

from bot.doctor import examine
from bot.people import invitations
from bot.people.models import Role
from bot.store.session import writing
from tests.services.databases import ROOT
from tests.services.settings import Environment


def _bot(*arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments], cwd=ROOT, env=os.environ, input=said, text=True, capture_output=True,
        timeout=120, check=False,
    )  # fmt: skip


def test_understand_gives_one_json_line_for_each_text_in_order(env: Environment) -> None:
    texts = [
        "la migra esta en la pacific y florence ahorita son como 8",
        '{"text": "STOP", "language": "en"}',
        "",
        "{ok",
    ]
    done = _bot("understand", said="\n".join(texts) + "\n")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["intent"] for line in lines[:3]] == ["report", "command", "other"]
    assert len(lines) == 4
    assert lines[0]["language"] == "es"
    assert lines[0]["salute"]["size"] == 8
    assert "hp" in lines[0]["neighborhood"]
    assert all(line["reply"] for line in lines)
    assert set(lines[0]) >= {"language", "intent", "topic", "choices", "neighborhood", "place", "salute", "reply"}


def test_segments_counts_what_a_text_costs() -> None:
    told = json.loads(_bot("segments", said="¿Está la policía aquí?").stdout)
    assert told["encoding"] == "UCS-2"
    assert set("áí") <= set("".join(told["costly"]))
    lines = [json.dumps({"text": "a" * 161}), json.dumps({"text": "🙏"})]
    counted = [json.loads(line) for line in _bot("segments", "--jsonl", said="\n".join(lines)).stdout.splitlines()]
    assert counted == [
        {"encoding": "GSM-7", "units": 161, "segments": 2}, {"encoding": "UCS-2", "units": 2, "segments": 1},
    ]  # fmt: skip


def test_keys_are_fresh_each_time_and_all_different() -> None:
    sets = [dict(line.split("=", 1) for line in _bot("keys").stdout.splitlines()) for _ in range(2)]
    assert sets[0].keys() == sets[1].keys() >= {"NUMBER_PRIVATE_KEY", "TEXT_KEY"}
    assert len({*sets[0].values(), *sets[1].values()}) == 2 * len(sets[0])


@pytest.mark.parametrize("command", [("seed", "--subscribers", "3"), ("alert", "--neighborhood", "hp"), ("people",)])
def test_demo_commands_refuse_a_database_that_is_not_a_demos(
    database_url: str, env: Environment, command: tuple[str, ...]
) -> None:
    env.set(demo=False)
    assert _bot("demo", *command).returncode == 1
    env.set(demo=True)
    with writing() as session:
        invited = invitations.found(session, "norte", Role.COORDINATOR)
        invitations.accept(session, invited.token, invited.code, "Real Person", "tres gatos cruzan el puente")
    refused = _bot("demo", *command)
    assert refused.returncode == 1
    assert "not marked as a demo" in refused.stderr


def test_the_doctor_refuses_fewer_than_two_founders_and_names_every_mend(
    database_url: str, redis_url: str, env: Environment
) -> None:
    env.set(
        twilio_account_sid="AC" + "0" * 32, twilio_auth_token="t", twilio_from_number="+15625550100",
        public_base_url="https://hotline.example", demo=False,
    )  # fmt: skip
    assert [one.what for one in examine() if one.serious] == [
        "0 invitation line(s): no alert could ever be released by two independent people"
    ]
    for name, line in (("Carmen", "norte"), ("Teo", "sur")):
        with writing() as session:
            invited = invitations.found(session, line, Role.COORDINATOR)
            invitations.accept(session, invited.token, invited.code, name, "tres gatos cruzan el puente")
    assert [one for one in examine() if one.serious] == []
    assert all(one.mend for one in examine())
    assert any("not verified" in one.what for one in examine())


def test_the_doctor_speaks_and_exits_one_when_something_is_wrong(empty_database_url: str, env: Environment) -> None:
    env.unset("number_tag_key")
    done = _bot("doctor")
    assert done.returncode == 1
    assert "NUMBER_TAG_KEY" in done.stdout
    assert "python -m bot migrate" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
