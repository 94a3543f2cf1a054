"""Freezing is anybody's, thawing two people's; access ends at once; everybody sees where they are signed in."""

import pytest
from flask import Flask
from sqlalchemy import update

from bot.clock import now
from bot.outbox import freezing
from bot.people import sessions, sign_in
from bot.people.models import Person
from bot.store.session import reading, writing
from tests.console.conftest import People
from tests.console.desk import Browser, browser_of


def test_freezing_is_one_button_on_every_page(vera: Browser) -> None:
    for path in ("/", "/notices", "/people", "/me"):
        assert 'action="/freeze"' in vera.reads(path)


def test_a_verifier_freezes_and_two_lines_thaw(vera: Browser, ana: Browser, nora: Browser, luz: Browser) -> None:
    assert "Frozen by Vera" in vera.does("/freeze")
    assert "Sending is frozen" in luz.reads("/notices")
    with reading() as session:
        held = freezing.frozen(session)
    assert held
    thaw = f"/freeze/{held.id}/thaw"
    assert vera.sends(thaw).status_code == 403
    assert "A second person" in ana.does(thaw)
    assert "You have agreed already" in ana.does(thaw)
    assert "same invitation line" in nora.does(thaw)
    assert "Thawed by two people" in luz.does(thaw)
    assert "Sending is frozen" not in luz.reads("/notices")


def test_the_first_to_thaw_counts_only_while_they_work_here(
    vera: Browser, nora: Browser, luz: Browser, ana: Browser, people: People
) -> None:
    vera.does("/freeze")
    with reading() as session:
        held = freezing.frozen(session)
    assert held
    thaw = f"/freeze/{held.id}/thaw"
    assert "A second person" in luz.does(thaw)
    assert "Luz has agreed" in ana.reads("/freeze")
    with writing() as session:
        sign_in.revoke(session, session.get_one(Person, people.luz.id))
    assert "Luz has agreed" not in ana.reads("/freeze")
    assert "A second person" in ana.does(thaw)
    with reading() as session:
        assert freezing.frozen(session) is not None
    assert "same invitation line" in nora.does(thaw)


def test_nobody_thaws_whose_access_ended_meanwhile(people: People) -> None:
    with writing() as session:
        luz = session.get_one(Person, people.luz.id)
        held = freezing.freeze(session, luz)
        ended = update(Person).where(Person.id == luz.id).values(revoked_at=now())
        session.execute(ended.execution_options(synchronize_session=False))
        with pytest.raises(freezing.ThawRefused, match="revoked"):
            freezing.thaw(session, held.id, luz)


def test_access_ends_at_once_on_every_device(ana: Browser, vera: Browser, people: People, app: Flask) -> None:
    phone = browser_of(app, people.vera)
    assert "End Vera" in ana.reads(f"/people/{people.vera.id}/revoke")
    assert "no access any more" in ana.does(f"/people/{people.vera.id}/revoke")
    assert vera.opens("/").location == "/sign-in"
    assert phone.opens("/").location == "/sign-in"
    assert "Vera" not in ana.reads("/people").split("</p>", 1)[1]


def test_nobody_ends_their_own_access_by_mistake(ana: Browser, people: People) -> None:
    assert "cannot end your own" in ana.does(f"/people/{people.ana.id}/revoke")


def test_an_organizer_cannot_invite_a_coordinator(luz: Browser, people: People) -> None:
    assert "does not invite" in luz.does("/people/invitations", role="coordinator")


def test_others_sessions_of_mine_end_with_one_button(vera: Browser, people: People, app: Flask) -> None:
    lost = browser_of(app, people.vera)
    assert "All your other sessions were ended" in vera.does("/me/sessions/end-others")
    assert lost.opens("/").location == "/sign-in"
    assert vera.opens("/").status_code == 200


def test_shifts_begin_and_end_with_a_button(vera: Browser) -> None:
    assert "Your shift has begun" in vera.does("/me/shift", on="1")
    assert "on shift" in vera.reads("/people")
    assert "Your shift is over" in vera.does("/me/shift", on="0")


def test_empty_shifts_are_said_before_they_hurt(vera: Browser, people: People) -> None:
    assert "no alert can leave" in vera.reads("/")
    with writing() as session:
        sessions.open_session(session, session.get_one(Person, people.luz.id))
    assert "Until somebody is, no alert can leave" not in vera.reads("/")


def test_a_new_role_holds_with_the_next_request(luz: Browser, people: People) -> None:
    assert luz.opens("/notices/new").status_code == 200
    with writing() as session:
        session.get_one(Person, people.luz.id).role = people.vera.role
    assert luz.opens("/notices/new").status_code == 403
