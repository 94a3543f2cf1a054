"""What becomes of a picture or a sound that the hotline sends? It is fetched first, and whoever gets it can look at it."""

import urllib.request

import pytest

from tests.services.carrier import Simulator
from tests.simulator.conftest import NUMBER, ROSA, Hotline, ends_as, post, twiml

CLIP = ("audio/mpeg", b"\xff\xfb" + b"\x00" * 400)


def send(
    carrier: Simulator, hotline: Hotline, *, whatsapp: bool = False, path: str = "/clip.mp3", body: str = "hola"
) -> str:
    prefix = "whatsapp:" if whatsapp else ""
    link = path if path.startswith("http") else f"{hotline.address}{path}"
    answer = post(carrier, To=prefix + ROSA, From=prefix + NUMBER, Body=body, MediaUrl=link)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["sid"])


def test_a_sound_arrives_with_its_words_by_mms_and_counts_as_one_segment(carrier: Simulator, hotline: Hotline) -> None:
    hotline.files["/clip.mp3"] = CLIP
    sid = send(carrier, hotline, body="á" * 100)
    end = ends_as(carrier, sid)
    assert sid.startswith("MM")
    assert (end["status"], end["body"], end["segments"]) == ("delivered", "á" * 100, 1)
    assert end["media"][0]["content_type"] == "audio/mpeg"
    with urllib.request.urlopen(f"{carrier.address}{end['media'][0]['url']}?message={sid}") as heard:
        assert heard.read() == CLIP[1]


def test_by_whatsapp_a_voice_carries_no_words(carrier: Simulator, hotline: Hotline) -> None:
    hotline.files["/clip.mp3"] = CLIP
    carrier.phone(ROSA, "whatsapp").texts("hola")
    end = ends_as(carrier, send(carrier, hotline, whatsapp=True))
    assert (end["status"], end["body"], end["media"][0]["content_type"]) == ("delivered", "", "audio/mpeg")


@pytest.mark.parametrize(
    ("file", "whatsapp", "code"),
    [
        (None, False, 11200),
        (None, True, 63019),
        (("audio/mpeg", b""), False, 11200),
        (("text/html", b"<html>"), False, 12300),
        (("audio/midi", b"MThd"), True, 12300),
        (("audio/mpeg", b"\xff" * (5 * 1024 * 1024 + 1)), False, 11751),
    ],
)
def test_what_cannot_be_fetched_or_carried_fails(
    carrier: Simulator, hotline: Hotline, file: tuple[str, bytes] | None, whatsapp: bool, code: int
) -> None:
    if file:
        hotline.files["/clip.mp3"] = file
    carrier.phone(ROSA, "whatsapp").texts("hola")
    end = ends_as(carrier, send(carrier, hotline, whatsapp=whatsapp))
    assert (end["status"], end["error_code"]) == ("failed", code)


def test_nobody_but_the_hotline_is_ever_asked_for_a_medium(carrier: Simulator, hotline: Hotline) -> None:
    end = ends_as(carrier, send(carrier, hotline, path="http://clips.example/clip.mp3"))
    assert (end["status"], end["media"][0]["url"]) == ("delivered", "http://clips.example/clip.mp3")


def test_an_answer_in_twiml_may_carry_one_too(carrier: Simulator, hotline: Hotline) -> None:
    hotline.files["/clip.mp3"] = CLIP
    hotline.reply = lambda call: twiml(
        "<Response><Message><Body>hola</Body><Media>/clip.mp3</Media></Message></Response>"
    )
    (sid,) = carrier.phone(ROSA).texts("HOLA")["replies"]
    end = ends_as(carrier, sid)
    assert (end["body"], end["media"][0]["content_type"]) == ("hola", "audio/mpeg")
