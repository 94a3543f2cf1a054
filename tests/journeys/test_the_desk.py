"""Coming in, being cut off, freezing and writing aid: the console as people live with it."""

import re
from collections.abc import Callable

from bot.clock import now
from bot.people import sign_in, totp
from bot.people.models import Role
from bot.store.session import writing
from tests.journeys.conftest import Volunteer
from tests.services.system import Hotline
from tests.services.waiting import patient

Makes = Callable[..., Volunteer]
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> ice at {street} and {crossing} right now"


def test_an_invited_person_joins_and_signs_in(volunteer: Makes) -> None:
    ana, tomas = volunteer(Role.COORDINATOR), volunteer(Role.VERIFIER)
    ana.signs_in()
    ana.opens("/people")
    ana.page.select_option("[name=role]", "verifier")
    ana.presses("Make an invitation")
    link, code = ana.page.locator("input[readonly]").input_value(), ana.page.locator("code").inner_text()
    page = tomas.page
    page.goto(link)
    page.fill("[name=code]", code)
    page.fill("[name=name]", "Tomas of the lake")
    page.fill("[name=passphrase]", "ocho nubes y un tambor")
    page.get_by_label("Huntington Park").check()
    page.get_by_role("button", name="Next").click()
    page.wait_for_function("(image => image?.complete && image.naturalWidth > 100)(document.querySelector('img.qr'))")
    secret = page.locator(".secret").inner_text()
    page.fill("[name=totp]", totp.code_at(secret, now()))
    page.get_by_role("button", name="Done").click()
    tomas.sees("You are one of us now")


def test_a_revoked_session_is_cut_off_in_the_middle_of_a_page(volunteer: Makes, hotline: Hotline) -> None:
    vera = volunteer(Role.VERIFIER)
    vera.signs_in()
    with writing(hotline.database_url) as session:
        person = sign_in.known(session, vera.name)
        assert person
        sign_in.revoke(session, person)
    vera.page.wait_for_url(re.compile(r"/sign-in$"), timeout=patient(3))


def test_what_a_resident_wrote_is_shown_and_does_not_run(volunteer: Makes, reported: Callable[..., str]) -> None:
    dora = volunteer(Role.DISPATCHER)
    dora.signs_in()
    street = reported(HOSTILE)
    dora.sees(street)
    dora.page.locator(".row", has_text=street).get_by_role("link").click()
    dora.sees("<script>alert(1)</script>")


def test_anybody_freezes_from_any_page_and_two_thaw(volunteer: Makes) -> None:
    vera, luz, ana = volunteer(Role.VERIFIER), volunteer(Role.ORGANIZER), volunteer(Role.COORDINATOR)
    for person in (vera, luz, ana):
        person.signs_in()
    vera.opens("/notices")
    vera.page.locator("summary", has_text="Freeze").click()
    vera.presses("Freeze all alerts and notices")
    vera.sees("Frozen by")
    for person, says in ((luz, "A second person of another invitation line"), (ana, "Thawed by two people")):
        person.opens("/freeze")
        person.presses("Thaw")
        person.sees(says)


def test_words_of_a_notice_are_counted_while_they_are_typed(volunteer: Makes) -> None:
    luz = volunteer(Role.ORGANIZER)
    luz.signs_in()
    luz.opens("/notices/new")
    luz.page.fill("[name=text_es]", "Comida gratis el domingo en Salt Lake Park. Traiga bolsas.")
    luz.page.fill("[name=text_en]", "Free food on Sunday at Salt Lake Park \N{RED APPLE}")
    luz.sees("GSM-7")
    luz.sees("UCS-2")
    luz.sees("These signs make it dearer")


def test_a_page_that_shows_the_same_is_not_sent_again(volunteer: Makes) -> None:
    luz = volunteer(Role.ORGANIZER)
    luz.signs_in()
    with luz.page.expect_response(
        lambda answer: answer.url.endswith("/queue/rows") and answer.status == 304, timeout=patient(10)
    ):
        pass
