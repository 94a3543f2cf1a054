"""The crew among themselves: who joins and rises, the phone they are paged on, a rehearsal, aid that two people let out."""

import datetime as dt
import re
from collections.abc import Callable

from bot.clock import local, now
from bot.people.models import Role
from tests.journeys.verbs import WHERE, How, Makes, links, numbers_of, pair
from tests.services.system import Hotline
from tests.services.waiting import eventually


@WHERE
def test_an_invitation_closes_after_five_wrong_codes(volunteer: Makes, how: How) -> None:
    (ana,) = pair(volunteer, how, Role.COORDINATOR)
    ana.opens("/people")
    ana.page.select_option("[name=role]", "verifier")
    ana.taps("people.invite_do")
    link, code = ana.page.locator("input[readonly]").input_value(), ana.page.locator(".big code").inner_text()
    stranger = ana.page.context.browser.new_context().new_page()  # type: ignore[union-attr]
    for guess in range(5):
        stranger.goto(link)
        stranger.fill("[name=code]", f"{(int(code) + 1 + guess) % 10**6:06d}")
        stranger.fill("[name=name]", "Somebody else")
        stranger.fill("[name=passphrase]", "ocho nubes y un tambor")
        stranger.locator("form button").last.click()
        stranger.locator(".said.refused, h1").first.wait_for()
    stranger.goto(link)
    assert stranger.locator("[name=code]").count() == 0, "after five wrong codes the link opens nothing"
    stranger.context.close()


@WHERE
def test_a_verifier_becomes_a_dispatcher_by_two(volunteer: Makes, how: How) -> None:
    luz, ana, vera = pair(volunteer, how, Role.ORGANIZER, Role.COORDINATOR, Role.VERIFIER)
    luz.opens("/people")
    luz.page.get_by_role("link", name=f"{luz.says('people.more')} {vera.name}").click()
    luz.page.select_option("[name=role]", "dispatcher")
    luz.taps("person.role_do")
    luz.reads("people.role_asked")
    assert vera.page.request.get(f"{vera.desk}/calls/new").status == 403
    ana.opens("/people")
    ana.page.locator("li", has_text=vera.name).get_by_role("button", name=ana.says("people.agree.role")).click()
    ana.reads("people.role_changed", name=vera.name)
    assert vera.page.request.get(f"{vera.desk}/calls/new").status == 200


@WHERE
def test_who_asked_cannot_be_the_second_and_takes_it_back(volunteer: Makes, how: How) -> None:
    luz, vera = pair(volunteer, how, Role.ORGANIZER, Role.VERIFIER)
    luz.opens("/people")
    luz.page.get_by_role("link", name=f"{luz.says('people.more')} {vera.name}").click()
    luz.page.select_option("[name=role]", "dispatcher")
    luz.taps("person.role_do")
    luz.reads("people.role_asked")
    row = luz.page.locator("li", has_text=luz.says("people.pending_role", name=vera.name, role="").strip())
    assert row.get_by_role("button", name=luz.says("people.agree.role")).count() == 0
    row.get_by_role("button", name=luz.says("people.take_back")).click()
    luz.reads("people.taken_back")
    assert vera.page.request.get(f"{vera.desk}/calls/new").status == 403


@WHERE
def test_access_is_ended_in_front_of_whoever_has_it(volunteer: Makes, how: How) -> None:
    ana, vera = pair(volunteer, how, Role.COORDINATOR, Role.VERIFIER)
    vera.opens("/shifts")
    ana.opens("/people")
    ana.page.get_by_role("link", name=f"{ana.says('people.revoke')} {vera.name}").click()
    ana.page.locator("main form button").last.click()
    ana.page.get_by_text(vera.name).first.wait_for()
    vera.page.wait_for_url(re.compile(r"/sign-in"))


@WHERE
def test_a_sample_comes_to_ones_own_phone_and_says_that_it_is_one(
    volunteer: Makes, hotline: Hotline, new_number: Callable[[], str], how: How
) -> None:
    (vera,) = pair(volunteer, how, Role.VERIFIER)
    phone = hotline.phone(new_number())
    links(vera, phone)
    vera.opens("/texts/es")
    file = vera.page.locator("details", has=vera.page.locator("button[name=key]")).first
    file.locator("summary").click()
    before = len(phone.received())
    file.locator("button[name=key]").first.click()
    vera.reads("texts.sent")
    assert "muestra" in phone.receives("", after=before).casefold()


@WHERE
def test_a_rehearsal_reaches_who_takes_part_and_nobody_else(
    volunteer: Makes, hotline: Hotline, new_number: Callable[[], str], subscribed: list[str], how: How
) -> None:
    ana, vera = pair(volunteer, how, Role.COORDINATOR, Role.VERIFIER)
    phone = hotline.phone(new_number())
    links(vera, phone)
    ana.opens("/simulacro")
    ana.page.select_option("[name=scene]", "tow_truck")
    ana.page.fill("[name=place]", "slauson y pacific")
    ana.page.get_by_label(vera.name).check()
    ana.taps("simulacro.start")
    ana.reads("simulacro.started")
    prefix, over = {"es": ("SIMULACRO", "Fin del SIMULACRO"), "en": ("DRILL", "DRILL over")}[vera.language]
    going = numbers_of(phone.receives(prefix))[0]
    before = len(phone.received())
    phone.texts(going)
    something_else = numbers_of(phone.receives(prefix, after=before))[2]
    before = len(phone.received())
    phone.texts(something_else)
    phone.receives(prefix, after=before)
    ana.page.reload()
    ana.page.locator("tr", has_text=vera.name).wait_for()
    ana.taps("simulacro.end")
    ana.reads("simulacro.ended")
    phone.receives(over)
    hotline.simulator.settle()
    assert not [text for number in subscribed for text in hotline.phone(number).received() if prefix in text]


@WHERE
def test_aid_is_let_out_by_two_and_called_off_by_two(volunteer: Makes, how: How) -> None:
    luz, ana = pair(volunteer, how, Role.ORGANIZER, Role.COORDINATOR)
    luz.opens("/notices/new")
    luz.page.fill("[name=text_es]", "Despensa gratis el martes en Keller Park. Traiga bolsas.")
    luz.page.fill("[name=text_en]", "Free groceries on Tuesday at Keller Park. Bring bags.")
    luz.page.locator("[name=neighborhoods][value=hp]").check()
    for name, hours in (("starts_at", 20), ("ends_at", 40)):
        luz.page.fill(f"[name={name}]", local(now() + dt.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M"))
    luz.taps("notice.keep")
    luz.page.wait_for_url(re.compile(r"/notices/\d+$"))
    address = luz.page.url.partition("/console")[2]
    luz.taps("notice.submit")
    luz.reads("notice.submitted")
    assert luz.page.get_by_role("button", name=luz.says("notice.approve_uncounted")[:7]).count() == 0
    ana.opens(address)
    ana.page.locator("button.go").click()
    ana.reads("notice.approved")
    luz.opens(address)
    luz.taps("notice.cancel")
    luz.reads("notice.cancelled")
    luz.opens("/notices")
    eventually(lambda: luz.page.get_by_text(luz.says("notice.cancels")).count() > 0, within=5)


@WHERE
def test_the_health_of_it_all_is_one_page_in_words(volunteer: Makes, how: How) -> None:
    (luz,) = pair(volunteer, how, Role.ORGANIZER)
    luz.opens("/health")
    luz.page.locator("h1.health[role=status]").wait_for()
    assert luz.page.locator(".signs li, .sign").count() > 5
    assert luz.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
