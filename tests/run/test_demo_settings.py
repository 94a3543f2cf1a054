"""Does the demo make its settings once, keep them to itself, and give way to those that are given?"""

import socket
from pathlib import Path

import pytest

from runner import demo_settings, local
from runner.demo import demo
from runner.demo_settings import demo_settings as settings_of
from runner.demo_settings import with_free_ports


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("demo")
    settings_of(made, {})
    return made


def test_keys_are_made_once_and_kept(folder: Path) -> None:
    first, second = settings_of(folder, {}), settings_of(folder, {})
    assert first == second
    assert len(first["NUMBER_PRIVATE_KEY"]) == 44
    assert first["NUMBER_TAG_KEY"] != first["LEDGER_TAG_KEY"]


def test_only_the_owner_can_read_them(folder: Path) -> None:
    assert (folder / "env").stat().st_mode & 0o777 == 0o600


def test_it_is_marked_as_a_demo_and_sends_nothing_to_the_real_carrier(folder: Path) -> None:
    settings = settings_of(folder, {})
    assert settings["DEMO"] == "true"
    assert settings["TWILIO_API_BASE_URL"] == f"http://127.0.0.1:{settings['SIMULATOR_PORT']}"
    assert settings["DATABASE_URL"] == f"sqlite:///{folder}/contigo.sqlite3"


def test_what_is_given_wins_and_what_follows_from_it_follows(folder: Path) -> None:
    given = {
        "PORT": "8123",
        "TWILIO_API_BASE_URL": "http://127.0.0.1:9",
        "DATABASE_URL": "postgresql://elsewhere/x",
    }
    settings = settings_of(folder, given)
    assert settings | given == settings
    assert settings["PUBLIC_BASE_URL"] == "http://127.0.0.1:8123"


def test_an_empty_setting_counts_as_not_given(folder: Path) -> None:
    assert settings_of(folder, {"TWILIO_ACCOUNT_SID": ""})["TWILIO_ACCOUNT_SID"].startswith("AC")


def test_a_port_somebody_has_taken_since_is_changed_and_the_new_one_remembered(folder: Path) -> None:
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        taken = str(squatter.getsockname()[1])
        content = (folder / "env").read_text().splitlines()
        changed = [f"PORT={taken}" if line.startswith("PORT=") else line for line in content]
        (folder / "env").write_text("\n".join(changed) + "\n")
        settings = with_free_ports(folder, {})
        assert settings["PORT"] != taken
        assert settings_of(folder, {})["PORT"] == settings["PORT"]
        assert with_free_ports(folder, {"PORT": taken})["PORT"] == taken, "a port that is given is never changed"


def test_a_checkout_with_an_env_file_is_a_real_hotline(tmp_path: Path) -> None:
    assert not demo_settings.is_real(tmp_path)
    (tmp_path / ".env").touch()
    assert demo_settings.is_real(tmp_path)


def test_the_demo_refuses_a_real_hotlines_checkout(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo_settings, "is_real", lambda: True)
    assert demo(tour=False) == 2
    assert "real hotline" in capsys.readouterr().err


def test_a_given_redis_is_used_as_it_is() -> None:
    assert local.with_redis({"REDIS_URL": "redis://elsewhere/0"}) == {"REDIS_URL": "redis://elsewhere/0"}
