"""Does the page of phones work for a person with a browser? Played in a real Chromium."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.services.carrier import Simulator
from tests.services.waiting import eventually
from tests.simulator.conftest import NUMBER, ROSA, Hotline, post, twiml

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (apt-get install chromium)")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, carrier: Simulator) -> Iterator[Page]:
    """The page, opened; whatever it complains of fails the test."""
    complaints: list[str] = []
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(carrier.address)
    expect(page.get_by_role("status")).to_have_text("Live")
    yield page
    page.close()
    assert complaints == []


def test_a_person_texts_as_rosa_and_sees_the_answer_with_its_segments(page: Page, hotline: Hotline) -> None:
    hotline.reply = lambda call: twiml("<Response><Message>¿Qué pasó?</Message></Response>")
    rosa = page.get_by_role("article", name="Rosa")
    rosa.get_by_role("textbox").fill("HOLA")
    rosa.get_by_role("button", name="Send", exact=True).click()
    texts = rosa.get_by_role("log").get_by_role("listitem")
    expect(texts).to_have_count(2)
    expect(texts.nth(1)).to_contain_text("¿Qué pasó?")
    expect(texts.nth(1)).to_contain_text("1 segment UCS-2")
    expect(texts.nth(1)).to_contain_text("delivered")
    log = page.get_by_role("list", name="Messages, newest first")
    expect(log).to_contain_text("Rosa to hotline")
    expect(log).to_contain_text("hotline to Rosa")


def test_what_did_not_arrive_is_seen_not_to_have_arrived(page: Page, carrier: Simulator) -> None:
    carrier.fault("fail", code=30003, next=1)
    post(carrier, To=ROSA, From=NUMBER, Body="x")
    expect(page.get_by_role("article", name="Rosa")).to_contain_text("did not arrive: undelivered, 30003")


def test_a_text_on_the_other_channel_is_announced(page: Page, carrier: Simulator) -> None:
    rosa = page.get_by_role("article", name="Rosa")
    rosa.get_by_text("WhatsApp", exact=True).click()
    post(carrier, To=ROSA, From=NUMBER, Body="x")
    expect(rosa.locator(".channel .news")).to_have_text("SMS")
    rosa.locator(".channel .news").click()
    expect(rosa.locator(".channel .news")).to_have_count(0)
    expect(rosa.get_by_role("log")).to_contain_text("x")


def test_a_pin_goes_out_by_whatsapp_only(page: Page, hotline: Hotline) -> None:
    rosa = page.get_by_role("article", name="Rosa")
    expect(rosa.get_by_role("button", name="Pin", exact=True)).to_be_hidden()
    rosa.get_by_text("WhatsApp", exact=True).click()
    rosa.get_by_role("button", name="Pin", exact=True).click()
    rosa.get_by_role("button", name="Send pin").click()
    expect(rosa).to_contain_text("Pin: Pacific and Florence")
    eventually(lambda: hotline.calls)
    assert hotline.calls[0].form["MessageType"] == "location"


def test_a_photo_is_sent_and_shown(page: Page, hotline: Hotline, tmp_path: Path) -> None:
    photo = tmp_path / "corner.svg"
    photo.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>')
    rosa = page.get_by_role("article", name="Rosa")
    rosa.locator("input[type=file]").set_input_files(photo)
    expect(rosa).to_contain_text("corner.svg")
    rosa.get_by_role("button", name="Send", exact=True).click()
    expect(rosa.get_by_role("img", name="Photo")).to_be_visible()
    eventually(lambda: hotline.calls)
    assert hotline.calls[0].form["MediaContentType0"] == "image/svg+xml"


def test_a_sound_that_the_hotline_sends_can_be_played(page: Page, carrier: Simulator, hotline: Hotline) -> None:
    hotline.files["/clip.mp3"] = ("audio/mpeg", b"\xff\xfb\x90\xc4" + b"\x00" * 413)
    post(carrier, To=ROSA, From=NUMBER, Body="hola", MediaUrl=f"{hotline.address}/clip.mp3")
    rosa = page.get_by_role("article", name="Rosa")
    expect(rosa.locator("audio")).to_have_count(1)
    expect(rosa.get_by_role("log")).to_contain_text("hola")


def test_a_call_is_heard(page: Page, hotline: Hotline) -> None:
    hotline.reply = lambda call: twiml("<Response><Say>Text line only.</Say></Response>")
    rosa = page.get_by_role("article", name="Rosa")
    rosa.get_by_role("button", name="Call").click()
    expect(rosa).to_contain_text("A voice says: Text line only.")


def test_a_hotline_that_fails_is_said_on_the_phone(page: Page, carrier: Simulator) -> None:
    carrier.fault("webhook_lost", next=2)
    rosa = page.get_by_role("article", name="Rosa")
    rosa.get_by_role("textbox").fill("HOLA")
    rosa.get_by_role("textbox").press("Enter")
    expect(rosa).to_contain_text("The hotline did not answer as it should")


def test_a_phone_can_be_added_and_removed(page: Page) -> None:
    page.get_by_text("Add a phone").click()
    page.get_by_label("Name").fill("Eva")
    page.get_by_role("button", name="Add phone").click()
    eva = page.get_by_role("article", name="Eva")
    expect(eva).to_contain_text("+13235550111")
    eva.locator("summary").click()
    eva.get_by_role("button", name="Remove phone").click()
    expect(eva).to_have_count(0)


def test_a_fault_is_added_and_removed_by_hand(page: Page, carrier: Simulator) -> None:
    page.get_by_text("Make things fail").click()
    page.get_by_role("combobox", name="What", exact=True).select_option("server_error")
    page.get_by_role("button", name="Add fault").click()
    expect(page.locator("#faults")).to_contain_text("server error: next 1")
    assert carrier.state()["faults"][0]["kind"] == "server_error"
    page.get_by_role("button", name="Remove all faults").click()
    expect(page.locator("#faults li")).to_have_count(0)


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_sticks_out_at_any_width(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
