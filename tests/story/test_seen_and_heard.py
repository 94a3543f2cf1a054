"""A photo goes in and a voice comes out, over HTTP with the real processes: fetched, cleaned, shown; recorded, sent, played."""

import base64
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.photos.models import Original, Photo
from bot.store.session import reading
from tests.photos import files
from tests.services.recordings import record
from tests.services.settings import Environment
from tests.services.system import Hotline, HotlineStarter
from tests.services.waiting import eventually

ROSA, DARA = "+13235550101", "+15625550105"
SAW = "la migra esta en la pacific y florence ahorita son como 8, 2 camionetas blancas"


def photos(hotline: Hotline) -> list[bytes]:
    """The pictures that have come in."""
    with reading(hotline.database_url) as session:
        if session.scalar(select(Original.id).limit(1)) is not None:
            return []
        return [photo.picture or b"" for photo in session.scalars(select(Photo).order_by(Photo.id))]


@pytest.mark.slow
@pytest.mark.threat("T16")
def test_a_photo_from_a_phone_is_kept_clean_and_the_carrier_keeps_none(
    start_hotline: HotlineStarter, database_kind: str, env: Environment
) -> None:
    hotline = start_hotline(database_kind)
    raw = files.saved(files.painted(2000, 1500), "JPEG", exif=files.exif(6), comment=files.MARIA)
    media = [{"content_type": "image/jpeg", "data": base64.b64encode(raw).decode()}]
    rosa = hotline.phone(ROSA)
    rosa.texts(SAW, media=media)
    rosa.receives("Recibido")
    hotline.phone(DARA, "whatsapp").texts("", media=media)
    hotline.phone(DARA, "whatsapp").receives("foto")
    kept = eventually(lambda: len(found := photos(hotline)) == 2 and found, 30)
    assert isinstance(kept, list) and all(picture.startswith(b"\xff\xd8\xff") for picture in kept)
    assert not any(secret in picture for picture in kept for secret in (files.MARIA, b"Exif"))
    rows = hotline.simulator.ask("GET", "ledger?limit=100&direction=inbound")["messages"]
    assert [row["media"] for row in rows] == [[], []]


@pytest.mark.slow
def test_who_asked_for_mixtec_hears_it_on_either_channel(
    start_hotline: HotlineStarter, database_kind: str, tmp_path: Path
) -> None:
    record(tmp_path / "clips", "mixtec", "hotline.language_not_yet")
    hotline = start_hotline(database_kind, clips_folder=tmp_path / "clips")
    by_mms, by_whatsapp = hotline.phone(ROSA), hotline.phone(DARA, "whatsapp")
    for phone in (by_mms, by_whatsapp):
        phone.texts("LANG MIXTECO")
        phone.receives("Anotamos")
    eventually(lambda: len(hotline.simulator.sent()) == 3)
    hotline.simulator.settle()
    sent = {(row["channel"], bool(row["body"])): row for row in hotline.simulator.sent()}
    assert sent.keys() == {("sms", True), ("whatsapp", True), ("whatsapp", False)}
    for which in (("sms", True), ("whatsapp", False)):
        assert sent[which]["status"] == "delivered", sent[which]
        assert sent[which]["media"][0]["content_type"] == "audio/mpeg"
    assert sent["whatsapp", True]["media"] == []
    assert hotline.simulator.ask("GET", "errors")["errors"] == []


@pytest.mark.slow
def test_where_the_carrier_cannot_fetch_it_the_words_arrive_all_the_same(
    start_hotline: HotlineStarter, database_kind: str, tmp_path: Path
) -> None:
    record(tmp_path / "clips", "mixtec", "hotline.language_not_yet")
    hotline = start_hotline(database_kind, clips_folder=tmp_path / "clips")
    hotline.simulator.fault("fail", code=11200, status="failed", next=1)
    rosa = hotline.phone(ROSA)
    rosa.texts("LANG MIXTECO")
    rosa.receives("Anotamos", within=30)
    sent = hotline.simulator.sent()
    assert [(row["status"], bool(row["media"])) for row in sent] == [("failed", True), ("delivered", False)]
