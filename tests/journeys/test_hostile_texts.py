"""200 texts that want to run, by every way in, on every page: none runs, none breaks our policy, all are shown as written."""

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.alerts import desk
from bot.alerts.models import Alert
from bot.clock import ahead, now
from bot.console.app import make_app
from bot.incidents.models import Incident
from bot.moderation.emergency_models import Emergency
from bot.moderation.models import Saw
from bot.notices import drafts
from bot.people import invitations, recovery, roles, shifts
from bot.people.key_models import Passkey
from bot.people.models import InvitationLine, Person, Role
from bot.reports.models import Report
from bot.store.session import reading, writing
from bot.subscriptions.models import AidKind
from tests.journeys.conftest import Volunteer
from tests.journeys.hostile import NAMES, TEXTS
from tests.services.settings import Environment
from tests.services.system import Hotline
from tests.services.waiting import eventually

HANDS = 8
AREA_CODES = (213, 310, 323, 424, 562, 626, 657, 714, 747, 818, 909, 949)
NUMBERS = itertools.cycle(f"+1{code}555{last:04d}" for code in AREA_CODES for last in range(100, 200))
"""Each hotline hears from some six hundred of them."""
_one_at_a_time = Lock()
SAYS = "ice at slauson and pacific right now, 4 agents with vests {text}"
STRAY = """(() => {
    const leads = /^(href|src|srcset|action|formaction|data|poster|content|hx-get|hx-post)$/;
    const runs = (one) => /^on|^hx-on|^srcdoc$/.test(one.name) || /^\\s*javascript:/i.test(one.value)
        || leads.test(one.name) && /evil\\.test/.test(one.value);
    const shown = ['value', 'aria-label', 'title', 'alt'];
    const attributes = [...document.querySelectorAll('*')].flatMap(each => [...each.attributes]
        .filter(one => runs(one) && !shown.includes(one.name)).map(one => `${each.tagName} ${one.name}=${one.value}`));
    const elements = document.querySelectorAll('script:not([src]), style, iframe, object, embed, base, math');
    return attributes.concat([...elements].map(each => each.tagName));
})()"""
"""What of a page could run and is not ours: a page of ours has none of these, whoever wrote what stands on it."""
NOT_LOOKED_AT = {"static", "photo.show", "after_action.table", "me.here"}
"""No pages. Parts of a page are looked at where they stand: by themselves a browser asks for an icon that is not there."""

Makes = Callable[..., Volunteer]


def test_there_are_two_hundred_different_ones() -> None:
    assert len(set(TEXTS)) == 200
    assert len(NAMES) > 50


def test_what_runs_is_noticed(browser: Browser, env: Environment) -> None:
    """Without this the test below could not fail."""
    context = browser.new_context()
    page = context.new_page()
    noticed: list[str] = []

    def notice(dialog: Dialog) -> None:
        noticed.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", notice)
    page.set_content("<p>" + TEXTS[3] + TEXTS[15])
    eventually(lambda: bool(noticed), within=5, saying="an alert was not noticed")
    assert page.evaluate(STRAY) != []
    context.close()


@pytest.fixture
def full(hotline: Hotline, env: Environment) -> dict[str, Any]:
    """A hotline that was told all of it: by text, by WhatsApp with names, places and media, by its own volunteers."""
    env.set(redis_url=hotline.redis_url)
    if hotline.address not in _full:
        _tell(hotline)
        _full[hotline.address] = _write(hotline)
    return _full[hotline.address]


_full: dict[str, dict[str, Any]] = {}


@pytest.mark.slow
@pytest.mark.threat("T15")
@pytest.mark.parametrize(
    "role", [Role.COORDINATOR, Role.DISPATCHER], ids=["who may see most", "who took the cry for help"]
)
def test_none_of_them_runs_on_any_page(volunteer: Makes, full: dict[str, Any], role: Role) -> None:
    """`volunteer` fails the test for every dialog, refusal by our policy, error, and request to another host."""
    person = volunteer(role)
    absent: list[str] = []
    person.page.on("response", lambda answer: absent.append(answer.url) if answer.status == 404 else None)
    person.signs_in()
    if role is Role.DISPATCHER:
        _takes_the_emergency(person)
    for path in paths(full) if role is Role.COORDINATOR else ("/", "/people"):
        known = person.page.request.get(f"{person.desk}{path}")
        if known.ok and known.text().startswith("<!doctype html>"):
            person.page.goto(f"{person.desk}{path}", wait_until="domcontentloaded")
            assert person.page.evaluate(STRAY) == [], path
            assert absent == [], path
    said = ""
    for incident_id in full["incidents"]:
        person.page.goto(f"{person.desk}/incidents/{incident_id}?every=1", wait_until="domcontentloaded")
        assert person.page.evaluate(STRAY) == []
        said += person.page.locator("main").inner_text()
    assert absent == []
    _are_shown_as_written(said)


def paths(there: dict[str, Any]) -> Iterator[str]:
    """Every page that can be looked at, of what is there."""
    adapter = make_app().url_map.bind("localhost")
    for rule in adapter.map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in NOT_LOOKED_AT or not rule.arguments <= set(there):
            continue
        yield adapter.build(rule.endpoint, {name: there[name] for name in rule.arguments}, "GET")


def _are_shown_as_written(said: str) -> None:
    """Not swallowed, not altered: a volunteer reads what a resident wrote."""
    read = " ".join(said.split())
    missing = [text for text in TEXTS if " ".join(text.split()) not in read]
    assert len(missing) < len(TEXTS) / 4, f"{len(missing)} are not to be read, such as {missing[:60:4]}"


def _takes_the_emergency(person: Volunteer) -> None:
    person.opens("/")
    person.page.locator(".emergency button").first.click()
    person.page.wait_for_load_state()


def _tell(hotline: Hotline) -> None:
    with ThreadPoolExecutor(HANDS) as many:
        list(many.map(lambda text: _texts(hotline, text), TEXTS))
    hotline.phone(next(NUMBERS)).texts(f"ayuda la migra esta en mi puerta {TEXTS[3]}")
    eventually(lambda: _count(hotline) >= 2 * len(TEXTS), within=60, saying="the reports are not all in")


def _texts(hotline: Hotline, text: str) -> None:
    """In the words, in a WhatsApp profile's name and a place's label, in what a picture is called."""
    with _one_at_a_time:
        by_sms, by_whatsapp, with_picture = (next(NUMBERS) for _ in range(3))
    hotline.phone(by_sms).texts(SAYS.format(text=text))
    named = {"ProfileName": text, "Label": text, "Address": text, "ButtonText": text}
    hotline.phone(by_whatsapp, "whatsapp").texts(SAYS.format(text=text), name=text, params=named)
    medium = {"NumMedia": "1", "MediaUrl0": f"https://api.twilio.com/{text}", "MediaContentType0": text}
    hotline.phone(with_picture).texts(SAYS.format(text=text), params=medium)


def _count(hotline: Hotline) -> int:
    with reading(hotline.database_url) as session:
        return len(session.scalars(select(Report.id)).all())


def _write(hotline: Hotline) -> dict[str, Any]:
    """What staff write, and names: straight into the rows, so that no form's care stands before the page's."""
    words, names = itertools.cycle(TEXTS), itertools.cycle(NAMES)
    with writing(hotline.database_url) as session:
        vera, olga = _person(session, "Hostile vera", Role.VERIFIER), _person(session, "Hostile olga", Role.ORGANIZER)
        busiest = session.scalars(select(Report.incident_id).where(Report.incident_id.is_not(None))
                                  .group_by(Report.incident_id).order_by(func.count().desc())).first()  # fmt: skip
        incident = session.get_one(Incident, busiest)
        desk.found(session, incident, vera, Saw.IMMIGRATION, next(words), uniform="ICE")
        notice = drafts.write(
            session, olga, kind=AidKind.FOOD, neighborhoods=["hp"], texts={"en": "Food", "es": "Comida"},
            starts_at=ahead(minutes=5), ends_at=ahead(hours=30),
        )  # fmt: skip
        notice.texts = {"en": next(words), "es": next(words)}
        recovery.ask(session, vera, olga)
        roles.ask(session, vera, Role.DISPATCHER, olga)
        for person in (vera, olga):
            session.add(_key(person))
            shifts.on(session, person)
            person.name = next(names)
        for line in session.scalars(select(InvitationLine)):
            line.name = f"{next(words)[:50]} {line.id}"
        for each in session.scalars(select(Incident)):
            each.place = next(words)[:80]
        alert = session.scalars(select(Alert)).first()
        emergency = session.scalars(select(Emergency)).first()
        assert alert
        assert emergency
        return {
            "incident_id": incident.id, "person_id": vera.id, "alert_id": alert.id, "notice_id": notice.id,
            "emergency_id": emergency.id, "incidents": list(session.scalars(select(Incident.id))),
        }  # fmt: skip


def _person(session: Session, name: str, role: Role) -> Person:
    told = invitations.found(session, f"{name}'s line", role)
    return invitations.accept(session, told.token, told.code, name, "tres gatos cruzan el puente", secret="A" * 32)


def _key(person: Person) -> Passkey:
    name = f"key of {person.id}".encode()
    return Passkey(
        person_id=person.id, credential_id=name, public_key=name, name=NAMES[person.id % len(NAMES)], created_at=now()
    )
