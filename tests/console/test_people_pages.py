"""The people page: invitations that wait for a second, roles and new keys by two, who was not here; one's own neighborhoods."""

import re
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select, update

from bot.clock import ago, now
from bot.outbox.delivery_models import Delivery
from bot.people import review, totp
from bot.people.agreed_models import Recovery, RoleChange
from bot.people.models import Invitation, Person, Role
from bot.store.session import reading, writing
from tests.console.conftest import PASSPHRASE, SECRET, People
from tests.console.desk import Browser, browser_of, hidden, secret_of, stranger

LINK = re.compile(r'value="(http[^"]+/(?:invitation|return)/[^"]+)"')
CODE = re.compile(r"<code>(\d{6})</code>")
NEW = "nueve lunas sobre el tejado"


def _link(page: str) -> str:
    found = LINK.search(page)
    assert found, page
    return urlsplit(found[1]).path


def _code(page: str) -> str:
    found = CODE.search(page)
    assert found, page
    return found[1]


def _only(kind: type) -> int:
    with reading() as session:
        return int(session.scalars(select(kind)).all()[-1].id)


def test_an_invitation_above_verifier_opens_when_another_line_agrees(
    luz: Browser, ana: Browser, nora: Browser, vera: Browser, nobody: Browser
) -> None:
    page = luz.sends("/people/invitations", role="dispatcher").text
    assert "opens once an organizer of another line" in page
    link, code = _link(page), _code(page)
    assert "One more person has to say yes" in nobody.reads(link)
    assert "One more person has to say yes" in nobody.sends(link, code=code, name="Dario", passphrase=NEW).text
    vouch = f"/people/invitations/{_only(Invitation)}/vouch"
    assert vouch not in luz.reads("/people")
    assert "same invitation line" in luz.does(vouch)
    assert vera.sends(vouch).status_code == 403
    assert vouch in ana.reads("/people")
    assert "The invitation is open now" in ana.does(vouch)
    assert "The code you were told" in nobody.reads(link)


def test_anybody_who_organizes_takes_an_invitation_back(luz: Browser, ana: Browser, nobody: Browser) -> None:
    page = ana.sends("/people/invitations", role="verifier").text
    assert "opens once" not in page
    assert nobody.opens(_link(page)).status_code == 200
    assert "Taken back" in luz.does(f"/people/invitations/{_only(Invitation)}/take-back")
    assert nobody.opens(_link(page)).status_code == 404


def test_who_lost_everything_comes_back_by_two_halves(
    luz: Browser, ana: Browser, vera: Browser, people: People, nobody: Browser, app: Flask
) -> None:
    link = _link(luz.sends(f"/people/{people.vera.id}/recovery").text)
    assert "One more person has to say yes" in nobody.reads(link)
    assert vera.opens("/").status_code == 200
    agree = f"/people/recoveries/{_only(Recovery)}/agree"
    assert agree in ana.reads("/people")
    page = ana.sends(agree).text
    assert "/return/" not in page
    code = _code(page)
    assert vera.opens("/").location == "/sign-in"
    assert "This is not the code" in nobody.sends(link, code="x", passphrase=NEW).text
    assert "easy to guess" in nobody.sends(link, code=code, passphrase="passwordpassword123").text
    second = nobody.sends(link, code=code, passphrase=NEW).text
    assert NEW not in second
    secret = secret_of(second)
    wrong = nobody.sends(f"{link}/authenticator", given=hidden(second, "given"), totp="000000")
    assert wrong.status_code == 422
    done = nobody.sends(f"{link}/authenticator", given=hidden(wrong.text, "given"), totp=totp.code_at(secret, now()))
    assert done.status_code == 303
    assert nobody.opens(link).status_code == 404
    fresh = stranger(app)
    assert (
        fresh.sends("/sign-in", name="Vera", passphrase=PASSPHRASE, code=totp.code_at(SECRET, now())).status_code == 401
    )
    assert fresh.sends("/sign-in", name="Vera", passphrase=NEW, code=totp.code_at(secret, now())).status_code == 303
    with reading() as session:
        assert session.get_one(Person, people.vera.id).line_id == people.vera.line_id
        assert session.scalars(select(Delivery.key)).all() == ["console.keys_new"], "it may not have been she"


def test_five_wrong_codes_close_a_return_too(luz: Browser, ana: Browser, people: People, nobody: Browser) -> None:
    link = _link(luz.sends(f"/people/{people.vera.id}/recovery").text)
    code = _code(ana.sends(f"/people/recoveries/{_only(Recovery)}/agree").text)
    for _ in range(5):
        nobody.sends(link, code="12", passphrase=NEW)
    assert nobody.sends(link, code=code, passphrase=NEW).status_code == 404


def test_what_a_return_carries_opens_for_its_link_only(
    luz: Browser, ana: Browser, people: People, nobody: Browser
) -> None:
    links, pages = [], []
    for whom in (people.vera, people.dora):
        links.append(_link(luz.sends(f"/people/{whom.id}/recovery").text))
        code = _code(ana.sends(f"/people/recoveries/{_only(Recovery)}/agree").text)
        pages.append(nobody.sends(links[-1], code=code, passphrase=NEW).text)
    moved = nobody.sends(
        f"{links[1]}/authenticator", given=hidden(pages[0], "given"), totp=totp.code_at(secret_of(pages[0]), now())
    )
    assert (moved.status_code, moved.location) == (303, links[1])


def test_one_of_the_same_line_is_no_second_and_one_alone_stops_it(
    ana: Browser, nora: Browser, luz: Browser, people: People
) -> None:
    ana.sends(f"/people/{people.vera.id}/recovery")
    running = f"/people/recoveries/{_only(Recovery)}"
    assert "same invitation line" in nora.reads("/people")
    assert "same invitation line" in nora.does(f"{running}/agree")
    assert "Taken back" in nora.does(f"{running}/take-back")
    assert "is over" in luz.does(f"{running}/agree")


def test_a_role_changes_by_two_and_holds_with_the_next_click(
    ana: Browser, nora: Browser, luz: Browser, vera: Browser, people: People
) -> None:
    assert vera.opens("/notices/new").status_code == 403
    assert "has to agree now" in ana.does(f"/people/{people.vera.id}/role", role="organizer")
    assert vera.opens("/notices/new").status_code == 403
    agree = f"/people/roles/{_only(RoleChange)}/agree"
    assert "same invitation line" in nora.does(agree)
    assert "has the new role" in luz.does(agree)
    assert vera.opens("/notices/new").status_code == 200


def test_who_settles_disputes_is_made_so_by_two(ana: Browser, luz: Browser, people: People) -> None:
    assert "senior verifier" in ana.reads(f"/people/{people.nora.id}")
    for began, said in ((now(), "do not count yet"), (None, "has to agree now")):
        with writing() as session:
            session.get_one(Person, people.nora.id).trial_began_at = began
        assert said in ana.does(f"/people/{people.nora.id}/role", role="senior")
    assert "senior verifier" in luz.reads("/people"), "it says what would be agreed to"
    assert "has the new role" in luz.does(f"/people/roles/{_only(RoleChange)}/agree")
    page = luz.reads(f"/people/{people.nora.id}")
    assert "senior verifier" in page and 'value="senior"' not in page


@pytest.mark.parametrize("role", ["", "admin", "verifier; drop table person"])
def test_a_role_we_do_not_have_is_refused(ana: Browser, people: People, role: str) -> None:
    assert "Choose" in ana.does(f"/people/{people.vera.id}/role", role=role)


def test_nobody_decides_about_themselves(ana: Browser, people: People) -> None:
    assert "Nobody decides about themselves" in ana.reads(f"/people/{people.ana.id}")
    assert "Nobody decides about themselves" in ana.does(f"/people/{people.ana.id}/role", role="verifier")
    assert "Nobody decides about themselves" in ana.does(f"/people/{people.ana.id}/recovery")


def test_who_was_not_here_is_shown_and_let_back_in(ana: Browser, luz: Browser, people: People, app: Flask) -> None:
    with writing() as session:
        session.execute(update(Person).where(Person.id == people.vera.id).values(last_here_at=ago(days=31)))
    assert "not here since" in luz.reads("/people")
    with writing() as session:
        session.execute(update(Person).where(Person.id == people.vera.id).values(last_here_at=ago(days=46)))
    review.suspend_idle()
    page = luz.reads("/people")
    assert "Access ended by itself" in page
    assert "Another role" not in luz.reads(f"/people/{people.vera.id}")
    luz.sends(f"/people/{people.vera.id}/recovery")
    assert "Every old key and session" in ana.sends(f"/people/recoveries/{_only(Recovery)}/agree").text


def test_somebody_whose_access_was_ended_has_no_page(ana: Browser, luz: Browser, people: People) -> None:
    ana.does(f"/people/{people.vera.id}/revoke")
    assert luz.opens(f"/people/{people.vera.id}").status_code == 404


def test_ones_own_neighborhoods_are_ones_own_word(vera: Browser, people: People) -> None:
    assert "Kept" in vera.does("/me/areas", neighborhoods=["hp", "bell", "nowhere"])
    with reading() as session:
        assert session.get_one(Person, people.vera.id).neighborhoods == ("bell", "hp")
    assert "Kept" in vera.does("/me/areas")
    with reading() as session:
        assert session.get_one(Person, people.vera.id).neighborhoods == ()


def test_what_waits_is_shown_to_those_who_organize(ana: Browser, vera: Browser, dora: Browser, people: People) -> None:
    ana.does(f"/people/{people.vera.id}/role", role="organizer")
    assert "Waits for a second person" in ana.reads("/people")
    for browser in (vera, dora):
        assert "Waits for a second person" not in browser.reads("/people")


def test_the_pages_speak_spanish(luz: Browser, ana: Browser, people: People, app: Flask) -> None:
    with writing() as session:
        session.get_one(Person, people.luz.id).language = "es"
    ana.does(f"/people/{people.vera.id}/role", role="organizer")
    assert "Falta una segunda persona" in luz.reads("/people")
    assert "Pedir llaves nuevas" in luz.reads(f"/people/{people.vera.id}")
    assert "Su mitad es el enlace" in luz.sends(f"/people/{people.dora.id}/recovery").text
    assert browser_of(app, people.luz).opens("/people").status_code == 200


def test_every_role_has_words(luz: Browser, people: People) -> None:
    page = luz.reads(f"/people/{people.vera.id}")
    assert page.count("<option") == len(Role) - 1
