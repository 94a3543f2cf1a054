"""The story, scene by scene: what is done, and what must then be seen. Each scene yields a line for what has come true."""

import re
from collections.abc import Callable, Iterator

from bot.clock import ahead, now
from bot.demo.tour.acts import (
    alert_link,
    delivered,
    field,
    has_release,
    incident_page,
    join,
    latest_notice,
    let_out,
    see,
    with_link,
)
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
from bot.demo.tour.phones import NotSo, wait_for
from bot.settings import settings

Scene = Callable[[], Iterator[str]]


def joining() -> Iterator[str]:
    """Rosa, Ben and others ask for alerts"""
    ROSA.asks("HOLA", "ZIP")
    ROSA.asks("90255", "Huntington Park", "1")
    ROSA.asks("1", "Ya recibe", "Huntington Park")
    yield "Rosa is welcomed in Spanish, gives her ZIP, confirms, and is subscribed to Huntington Park"
    join(BEN, "HELLO", "Huntington Park", "You now get")
    yield "Ben joins in English by the neighborhood's name"
    join(MARTA, "HOLA", "90270", "Ya recibe")
    join(DARA, "HELLO", "Cambodia Town", "You now get")
    join(VERA, "HOLA", "Huntington Park", "Ya recibe")
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
    incident = incident_page(TEO, "Pacific")
    if len(set(re.findall(r"Reporter [0-9a-f]{6}", incident.text))) != 2:
        raise NotSo(f"two reports should be one incident; the page says: {incident.text[:300]}")
    yield "Both reports stand in one incident, under pseudonyms"


def verifying() -> Iterator[str]:
    """Ana goes and looks"""
    see(ANA, "Pacific", "chalecos de ICE, 8 agentes, 2 camionetas blancas")
    yield "Ana claims the page with its number, and texts what she saw"
    page = wait_for(lambda: with_link(TEO, "Pacific", "/alerts/"), "the incident did not become confirmed")
    if "Confirmed" not in page.text:
        raise NotSo(f"not confirmed: {page.text[:300]}")
    yield "The incident is confirmed, on Ana's eyes"
    CARMEN.sign_in()
    if has_release(CARMEN.open(alert_link(CARMEN, "Pacific"))):
        raise NotSo("Carmen is of Ana's invitation line and must not be able to release")
    yield "Carmen, of Ana's own invitation line, cannot release it"


def releasing() -> Iterator[str]:
    """A second person, of another line, lets it out"""
    heard = {phone: len(phone.received()) for phone in (ROSA, BEN, MARTA, DARA, LUIS, LUPE)}
    page = TEO.open(alert_link(TEO, "Pacific"))
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
    join(NICO, "HOLA", "90255", "Ya recibe")
    NICO.hears("CONFIRMADO", after=before)
    yield "Nico joins while it is live, and is told of it"
    wait_for(lambda: delivered(TEO) >= 3, "the console does not show the copies as delivered")
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
    let_out(TEO, "Pacific")
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
    see(ANA, "Slauson", "dice ICE en el chaleco")
    let_out(TEO, "Slauson")
    MARTA.hears("CONFIRMADO", "Slauson", after=heard)
    yield "A second alert is confirmed, released, and told to Maywood"
    PAUL.sign_in()
    PAUL.submit(incident_page(PAUL, "Slauson"), "/doubt")
    MARTA.hears("dudamos", after=heard)
    yield "Paul doubts it: one person alone halts what has not left, and sends the one fixed text"
    PAUL.submit(incident_page(PAUL, "Slauson"), "/correct", was="police")
    let_out(CARMEN, "Slauson")
    MARTA.hears("CORRECCI", after=heard)
    yield "The correction takes two: Paul proposes, Carmen of the other line releases, Marta is told"


def aiding() -> Iterator[str]:
    """Food on Thursday"""
    ROSA.asks("APOYO COMIDA", "comida", "Huntington Park")
    heard = len(ROSA.received()), len(BEN.received())
    INES.sign_in()
    page = INES.open("/console/notices/new")
    page = INES.submit(page, "/notices/new", **NOTICE, starts_at=field(now()), ends_at=field(ahead(hours=6)))
    page = INES.submit(page, "/submit")
    yield "Ines writes a food notice in Spanish and English and submits it"
    PAUL.submit(PAUL.open(latest_notice(PAUL)), "/approve")
    ROSA.hears("comida", "Salt Lake Park", after=heard[0])
    yield "Paul, of another line, approves it; Rosa, who asked for food, gets it"
    BEN.asks("AID FOOD", "food")
    BEN.asks("AID", "Salt Lake Park")
    yield "AID says what is on now"
    INES.submit(INES.submit(INES.open(latest_notice(INES)), "/cancel"), "/submit")
    PAUL.submit(PAUL.open(latest_notice(PAUL)), "/approve")
    ROSA.hears("CANCEL", after=heard[0])
    yield "It is cancelled: those it was sent to are told"


NOTICE = {
    "kind": "food",
    "neighborhoods": "hp",
    "text_es": "Comida gratis en Salt Lake Park, de 10 a 2. No hace falta cita ni identificación.",
    "text_en": "Free food at Salt Lake Park, 10 to 2. No appointment or ID needed.",
}

SCENES: tuple[Scene, ...] = (joining, reporting, verifying, releasing, asking, ending, taking_back, aiding)
