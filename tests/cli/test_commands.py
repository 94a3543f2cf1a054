"""`python -m bot ...`: what an operator does from a shell."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from sqlalchemy import delete, update

from bot.clock import ago
from bot.doctor import examine
from bot.people import invitations
from bot.people.models import InvitationLine, Role
from bot.privacy import audit
from bot.store.session import writing
from messages import catalog
from tests.services.databases import ROOT
from tests.services.recordings import record
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


def test_clips_lists_recordings_and_prints_the_lines_that_a_listener_signs(env: Environment, tmp_path: Path) -> None:
    assert "Nobody has recorded anything yet" in _bot("clips").stdout
    env.set(clips_folder=tmp_path)
    record(tmp_path, "mixtec", "hotline.menu")
    file = record(tmp_path, "mixtec", "hotline.help", note={"heard_by": None})
    told = _bot("clips").stdout
    assert "mixtec/hotline.menu.mp3" in told and "sent, heard by M. L." in told
    assert "mixtec/hotline.help.mp3" in told and "not sent: unheard" in told
    lines = "\n".join(line for line in told.splitlines() if line.startswith("    "))
    signed = yaml.safe_load(lines)["hotline.help"]
    assert signed["says"] == catalog.raw("hotline.help", "es")
    assert signed["files"] == {"mp3": hashlib.sha256(file.read_bytes()).hexdigest()}


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


@pytest.mark.usefixtures("nobody_called")
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


@pytest.mark.threat("T28")
def test_the_doctor_says_that_the_record_of_what_volunteers_did_was_altered(database_url: str) -> None:
    with writing() as session:
        ids = [audit.record(session, "incident.claimed", f"incident:{n}", 1).id for n in range(3)]
    assert not any("the record" in one.what for one in examine())
    with writing() as session:
        session.execute(update(audit.AuditEntry).where(audit.AuditEntry.id == ids[1]).values(person_id=2))
    (said,) = (one for one in examine() if "the record" in one.what)
    assert said.serious and f"entry {ids[1]}" in said.what


def test_the_doctor_lets_the_purge_take_the_beginning_of_an_old_record(database_url: str) -> None:
    with writing() as session:
        ids = [audit.record(session, "incident.claimed", f"incident:{n}", 1).id for n in range(3)]
        session.add(InvitationLine(name="norte", created_at=ago(days=audit.KEPT_DAYS + 1)))
        session.execute(delete(audit.AuditEntry).where(audit.AuditEntry.id == ids[0]))
    assert not any("the record" in one.what for one in examine())


def test_the_doctor_speaks_and_exits_one_when_something_is_wrong(empty_database_url: str, env: Environment) -> None:
    env.unset("number_tag_key")
    done = _bot("doctor")
    assert done.returncode == 1
    assert "NUMBER_TAG_KEY" in done.stdout
    assert "python -m bot migrate" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
