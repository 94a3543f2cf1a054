"""What the carrier fetches: our recordings as what they are, and nothing else that lies there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.services.recordings import AMR, MP3, opus, record
from tests.services.settings import Environment

MENU = "hotline.menu"


@pytest.fixture
def door(redis_url: str, env: Environment, tmp_path: Path) -> Iterator[FlaskClient]:
    env.set(clips_folder=tmp_path)
    from bot.wsgi import make_door

    with make_door().test_client() as client:
        yield client


@pytest.mark.parametrize(
    ("kind", "raw", "content_type"),
    [("mp3", MP3, "audio/mpeg"), ("amr", AMR, "audio/amr"), ("ogg", opus(), "audio/ogg; codecs=opus")],
)
def test_a_recording_is_served_as_what_it_is(
    door: FlaskClient, tmp_path: Path, kind: str, raw: bytes, content_type: str
) -> None:
    record(tmp_path, "mixtec", MENU, kind, raw=raw)
    with door.get(f"/clips/mixtec/{MENU}.{kind}?v=whatever") as answer:
        assert (answer.status_code, answer.data, answer.headers["Content-Type"]) == (200, raw, content_type)
        assert answer.headers["Content-Length"] == str(len(raw))
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"] == f'inline; filename="contigo.{kind}"'
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    with door.head(f"/clips/mixtec/{MENU}.{kind}") as head:
        assert (head.status_code, head.headers["Content-Type"]) == (200, content_type)


@pytest.mark.parametrize(
    "path",
    ["mixtec/clips.yml", "mixtec/", "mixtec", "", "mixtec/..%2f..%2fsecret", "..%2fsecret/x", "mixtec/%2e%2e/secret.mp3",
     "mixtec/hotline.help.mp3", "zap/hotline.menu.mp3", "es/hotline.menu.mp3", "mixtec/hotline.menu.mp3/", "mixtec/%00"],
)  # fmt: skip
def test_nothing_else_is(door: FlaskClient, tmp_path: Path, path: str) -> None:
    record(tmp_path, "mixtec", MENU)
    record(tmp_path, "mixtec", "hotline.help", note={"heard_by": None})
    (tmp_path / "secret.mp3").write_bytes(MP3)
    assert door.get(f"/clips/{path}").status_code == 404


def test_none_of_them_ships() -> None:
    """Nobody has recorded any; whoever adds one has it heard (`messages/clips/README.md`)."""
    from bot.outbox import clips

    assert clips.known() == []
