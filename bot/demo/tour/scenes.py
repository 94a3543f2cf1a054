"""The story, scene by scene: what is done, and what must then be seen. Each scene yields a line for what has come true."""

import datetime as dt
import re
from collections.abc import Callable, Iterator

from bot.clock import ahead, local, now
from bot.demo.tour.browser import Browser, Page
from bot.demo.tour.cast import (
    ANA,
    BEN,
    CARMEN,
    DARA,
    INES,
    LUIS,
    LUPE,
    MARTA,
    NICO,
    OMAR,
    PAUL,
    ROSA,
    TEO,
    VERA,
    first_number,
)
from bot.demo.tour.phones import NotSo, Phone, wait_for
from bot.settings import settings

Scene = Callable[[], Iterator[str]]


def joining() -> Iterator[str]:
    """Rosa, Ben and others ask for alerts"""
    ROSA.asks("HOLA", "ZIP")
    ROSA.asks("90255", "Huntington Park", "1")
    ROSA.asks("1", "Ya recibe", "Huntington Park")
    yield "Rosa is welcomed in Spanish, gives her ZIP, confirms, and is subscribed to Huntington Park"
    _join(BEN, "HELLO", "Huntington Park", "You now get")
    yield "Ben joins in English by the neighborhood's name"
    _join(MARTA, "HOLA", "90270", "Ya recibe")
    _join(DARA, "HELLO", "Cambodia Town", "You now get")
    _join(VERA, "HOLA", "Huntington Park", "Ya recibe")
    yield "Marta joins Maywood; Dara joins Cambodia Town by WhatsApp"


def reporting() -> Iterator[str]:
    """Luis tells what he sees"""
    before = len(ANA.received()), len(OMAR.received())
    said = LUIS.asks(
        "la migra esta en la pacific y florence ahorita son como 8, 2 camionetas blancas", "Recibido", "Pacific"
    )
    yield f"Luis gets a receipt with what was understood: {said!r}"
    LUPE.asks("hay migra en la florence y pacific, dos camionetas blancas", "Recibido")
    yield "Lupe reports the same corner"
    ANA.hears("Pacific", after=before[0])
    OMAR.hears("Pacific", after=before[1])
    yield "Ana and Omar, on shift near by, are paged"
    incident = _incident_page(TEO, "Pacific")
    if len(set(re.findall(r"Reporter [0-9a-f]{6}", incident.text))) != 2:
        raise NotSo(f"two reports should be one incident; the page says: {incident.text[:300]}")
    yield "Both reports stand in one incident, under pseudonyms"


def verifying() -> Iterator[str]:
    """Ana goes and looks"""
    _see(ANA, "1", "chalecos de ICE, 8 agentes, 2 camionetas blancas")
    yield "Ana claims the page with 1, and texts what she saw"
    page = wait_for(lambda: _with_link(TEO, "Pacific", "/alerts/"), "the incident did not become confirmed")
    if "Confirmed" not in page.text:
        raise NotSo(f"not confirmed: {page.text[:300]}")
    yield "The incident is confirmed, on Ana's eyes"
    CARMEN.sign_in()
    if _has_release(CARMEN.open(_alert_link(CARMEN, "Pacific"))):
        raise NotSo("Carmen is of Ana's invitation line and must not be able to release")
    yield "Carmen, of Ana's own invitation line, cannot release it"


def releasing() -> Iterator[str]:
    """A second person, of another line, lets it out"""
    heard = {phone: len(phone.received()) for phone in (ROSA, BEN, MARTA, DARA, LUIS, LUPE)}
    page = TEO.open(_alert_link(TEO, "Pacific"))
    for part in ("CONFIRMADO", "CONFIRMED", "GSM-7"):
        if part not in page.text:
            raise NotSo(f"the release page does not show {part}: {page.text[:400]}")
    yield "Teo reads the exact text in each language, with audience and segments"
    TEO.submit(page, "/release")
    ROSA.hears("CONTIGO", "CONFIRMADO", "Pacific y Florence", after=heard[ROSA])
    BEN.hears("CONTIGO", "CONFIRMED", "Pacific & Florence", after=heard[BEN])
    yield "Rosa reads it in Spanish, Ben in English"
    LUIS.hears("Pacific", after=heard[LUIS])
    LUPE.hears("Pacific", after=heard[LUPE])
    yield "Both reporters hear that it was confirmed"
    before = len(NICO.received())
    _join(NICO, "HOLA", "90255", "Ya recibe")
    NICO.hears("CONFIRMADO", after=before)
    yield "Nico joins while it is live, and is told of it"
    wait_for(lambda: _delivered(TEO) >= 3, "the console does not show the copies as delivered")
    for phone in (MARTA, DARA):
        if len(phone.received()) != heard[phone]:
            raise NotSo(f"{phone.name} is not subscribed to Huntington Park and was told")
    if sum("CONFIRMADO" in text for text in ROSA.received()[heard[ROSA] :]) != 1:
        raise NotSo("Rosa did not get exactly one copy")
    yield "The console counts the copies delivered; Maywood and Cambodia Town were told nothing; nobody twice"


def asking() -> Iterator[str]:
    """What a text can ask"""
    ROSA.asks("CHECAR pacific y florence", "Pacific", "es nuestro")
    yield "CHECAR pacific y florence says what is known, and when it was seen"
    ROSA.asks("DERECHOS", "PUERTA")
    ROSA.asks("que hago si tocan a mi puerta", "abra")
    yield "A question about her rights is answered, in Spanish"
    BEN.asks("HELP", "911", settings().operator_name)
    BEN.asks("are you ICE?", "not ICE")
    BEN.asks("DATA", "Huntington Park", "en")
    yield "HELP, WHO and DATA say who we are and what we hold"
    before = len(VERA.received())
    VERA.text("STOP")
    wait_for(lambda: len(VERA.received()) == before + 1, "STOP has no confirmation")
    yield "Vera's STOP has one confirmation, the carrier's"
    before = len(NICO.received())
    NICO.asks("ya no me manden mensajes", "ya no le escribimos")
    if len(NICO.received()) != before + 1:
        raise NotSo("more than one confirmation of a STOP")
    yield "Nico's 'ya no me manden mensajes' has one confirmation, ours"
    NICO.asks("BORRAR", "Borrado")
    yield "BORRAR deletes, in one step"


def ending() -> Iterator[str]:
    """It is over"""
    heard = {phone: len(phone.received()) for phone in (ROSA, BEN, LUIS, LUPE, VERA, NICO)}
    ANA.text(first_number(ANA.received()[-1]))
    _let_out(TEO, "Pacific")
    ROSA.hears("ya no vemos", after=heard[ROSA])
    BEN.hears("no longer see", after=heard[BEN])
    yield "Ana texts that it is over, Teo releases it: the same people are told"
    LUIS.hears("ya no", after=heard[LUIS])
    LUPE.hears("ya no", after=heard[LUPE])
    yield "Both reporters hear the outcome"
    if any(len(phone.received()) != heard[phone] for phone in (VERA, NICO)):
        raise NotSo("somebody who said STOP was written to")
    yield "Those who said STOP hear nothing"


def taking_back() -> Iterator[str]:
    """An alert that was wrong"""
    heard = len(MARTA.received())
    LUIS.asks("ICE en la atlantic y slauson en maywood, 4 agentes ahorita", "Recibido")
    _see(ANA, "1", "dice ICE en el chaleco")
    _let_out(TEO, "Slauson")
    MARTA.hears("CONFIRMADO", "Slauson", after=heard)
    yield "A second alert is confirmed, released, and told to Maywood"
    PAUL.sign_in()
    PAUL.submit(_incident_page(PAUL, "Slauson"), "/doubt")
    MARTA.hears("dudamos", after=heard)
    yield "Paul doubts it: one person alone halts what has not left, and sends the one fixed text"
    PAUL.submit(_incident_page(PAUL, "Slauson"), "/correct", was="police")
    _let_out(CARMEN, "Slauson")
    MARTA.hears("CORRECCI", after=heard)
    yield "The correction takes two: Paul proposes, Carmen of the other line releases, Marta is told"


def aiding() -> Iterator[str]:
    """Food on Thursday"""
    ROSA.asks("APOYO COMIDA", "comida", "Huntington Park")
    heard = len(ROSA.received()), len(BEN.received())
    INES.sign_in()
    page = INES.open("/console/notices/new")
    page = INES.submit(page, "/notices/new", **NOTICE, starts_at=_field(now()), ends_at=_field(ahead(hours=6)))
    page = INES.submit(page, "/submit")
    yield "Ines writes a food notice in Spanish and English and submits it"
    PAUL.submit(PAUL.open(_latest_notice(PAUL)), "/approve")
    ROSA.hears("comida", "Salt Lake Park", after=heard[0])
    yield "Paul, of another line, approves it; Rosa, who asked for food, gets it"
    BEN.asks("AID FOOD", "food")
    BEN.asks("AID", "Salt Lake Park")
    yield "AID says what is on now"
    INES.submit(INES.submit(INES.open(_latest_notice(INES)), "/cancel"), "/submit")
    PAUL.submit(PAUL.open(_latest_notice(PAUL)), "/approve")
    ROSA.hears("CANCEL", after=heard[0])
    yield "It is cancelled: those it was sent to are told"


NOTICE = {
    "kind": "food",
    "neighborhoods": "hp",
    "text_es": "Comida gratis en Salt Lake Park, de 10 a 2. No hace falta cita ni identificación.",
    "text_en": "Free food at Salt Lake Park, 10 to 2. No appointment or ID needed.",
}

SCENES: tuple[Scene, ...] = (joining, reporting, verifying, releasing, asking, ending, taking_back, aiding)


def _field(moment: dt.datetime) -> str:
    """A moment as a browser's date field sends it."""
    return f"{local(moment):%Y-%m-%dT%H:%M}"


def _join(phone: Phone, word: str, area: str, joined: str) -> None:
    phone.asks(word, "ZIP")
    phone.asks(area, "1")
    phone.asks("1", joined)


def _see(verifier: Phone, claim: str, words: str) -> None:
    """Claim the open page, then say: immigration, and what says so."""
    asked = verifier.asks(claim, "?")
    verifier.asks(f"{first_number(asked)} {words}", "")


def _incident_page(browser: Browser, place: str) -> Page:
    queue = browser.open("/console/")
    for link in dict.fromkeys(link for link in queue.links if re.search(r"/incidents/\d+$", link)):
        page = browser.open(link)
        if place.lower() in page.text.lower():
            return page
    raise NotSo(f"no incident at {place} in {browser.name}'s queue: {queue.text[:300]}")


def _with_link(browser: Browser, place: str, part: str) -> Page | None:
    page = _incident_page(browser, place)
    return page if any(part in link for link in page.links) else None


def _find_alert(browser: Browser, place: str) -> str | None:
    """The newest alert of an incident that this person could open to release."""
    links = [link for link in _incident_page(browser, place).links if "/alerts/" in link]
    return next((link for link in reversed(links) if _has_release(browser.open(link))), None)


def _let_out(browser: Browser, place: str) -> None:
    """Read what waits at this place for its second person, and release it."""
    link = wait_for(lambda: _find_alert(browser, place), f"nothing for {browser.name} to release at {place}")
    browser.submit(browser.open(link), "/release")


def _alert_link(browser: Browser, place: str) -> str:
    links = [link for link in _incident_page(browser, place).links if "/alerts/" in link]
    if not links:
        raise NotSo(f"no alert on {browser.name}'s page of {place}")
    return links[-1]


def _has_release(page: Page) -> bool:
    return any(form.action.endswith("/release") for form in page.forms)


def _delivered(browser: Browser) -> int:
    found = re.search(r"(\d+) delivered", browser.open(_alert_link(browser, "Pacific")).text, re.IGNORECASE)
    return int(found[1]) if found else 0


def _latest_notice(browser: Browser) -> str:
    page = browser.open("/console/notices")
    links = sorted({int(found[1]) for link in page.links if (found := re.search(r"/notices/(\d+)$", link))})
    if not links:
        raise NotSo(f"no notice on {browser.name}'s page: {page.text[:300]}")
    return f"/console/notices/{links[-1]}"
