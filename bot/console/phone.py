"""On which phone is a volunteer paged? They type its number once and show that it is theirs; no page ever shows it again.

Whoever is paged there decides by text what is seen at a place: so each step asks for a fresh code of the authenticator, which
somebody with a stolen session does not have.
"""

import datetime as dt
import hmac
import secrets

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, case, func, literal, select, update
from sqlalchemy.orm import Session

from bot.clock import ago, now
from bot.console import carried
from bot.console.doors import Visit, act
from bot.console.refusals import Refused, done
from bot.contacts.models import Channel, Contact, find_or_add
from bot.moderation import texting
from bot.outbox import answers
from bot.outbox.delivery_models import Delivery, Reason, State
from bot.outbox.models import Lane
from bot.people import throttle
from bot.people.models import Person
from bot.privacy import audit, numbers
from bot.privacy.audit import AuditEntry
from bot.settings import settings

pages = Blueprint("phone", __name__, url_prefix="/me/phone")

CODE_TEXT, FORGOTTEN = "console.phone_code", "------"
CODE_MINUTES = 10
ASKS_AN_HOUR = 3
"""Codes are texts to a number somebody typed: few, so that nobody is pestered through us."""


@act(pages, "", proved="me.show")
def ask(visit: Visit) -> ResponseReturnValue:
    """Text a code to the number that was typed."""
    contact = _contact(visit, request.form.get("number", ""))
    _forget_codes(visit.session, contact)
    code = f"{secrets.randbelow(10**6):06d}"
    answers.answer(
        visit.session,
        contact,
        CODE_TEXT,
        reason=Reason.ON_SHIFT,
        lane=Lane.REPLY,
        language=visit.person.language,
        minutes=CODE_MINUTES,
        code=code,
    )
    audit.record(visit.session, "phone.asked", f"person:{visit.person.id}", visit.person.id)
    given = carried.sealed({"contact": contact.id, "code": code}, _mine(visit.person), minutes=CODE_MINUTES)
    return _second_page(given)


@act(pages, "/code", proved="me.show")
def prove(visit: Visit) -> ResponseReturnValue:
    """The code came back: pages go to this phone from now on."""
    given = carried.opened(request.form.get("given", ""), _mine(visit.person))
    if given is None:
        raise Refused(url_for("me.show"), "console.phone.too_late")
    typed = "".join(request.form.get("texted", "").split())
    throttle.one_at_a_time(visit.session, visit.person)
    may_try = throttle.may_try_code(visit.person)
    if not may_try or not hmac.compare_digest(given["code"].encode(), typed.encode("utf-8", "replace")):
        if may_try:
            throttle.wrong_code(visit.session, visit.person)
        return _second_page(request.form["given"], wrong=True), 422
    contact = visit.session.get(Contact, given["contact"])
    if contact is None or _is_anothers(visit, contact):
        raise Refused(url_for("me.show"), "console.phone.cannot")
    visit.person.contact = contact
    _forget_codes(visit.session, contact)
    audit.record(visit.session, "phone.linked", f"person:{visit.person.id}", visit.person.id)
    done("phone.linked")
    return redirect(url_for("me.show"), 303)


@act(pages, "/forget", proved="me.show")
def forget(visit: Visit) -> ResponseReturnValue:
    texting.text(visit.session, visit.person, "console.phone_unlinked")
    visit.person.contact = None
    audit.record(visit.session, "phone.forgotten", f"person:{visit.person.id}", visit.person.id)
    done("phone.forgotten")
    return redirect(url_for("me.show"), 303)


def _second_page(given: str, wrong: bool = False) -> str:
    """Where the texted code is typed; and one of the authenticator too, should the last grow old while the text is on its way."""
    return render_template("phone.html", given=given, wrong=wrong, minutes=settings().step_up_minutes)


def _contact(visit: Visit, typed: str) -> Contact:
    """The contact of this number, if we may text it. Every refusal of the number itself reads the same."""
    throttle.one_at_a_time(visit.session, visit.person)  # else ten at once would all be the first
    if _asked_lately(visit.session, visit.person) >= ASKS_AN_HOUR:
        raise Refused(url_for("me.show"), "console.phone.wait")
    try:
        address = numbers.address(typed)
    except numbers.NotAnAddress:
        raise Refused(url_for("me.show"), "console.phone.cannot") from None
    if numbers.country_code(address) not in settings().reply_country_codes:
        raise Refused(url_for("me.show"), "console.phone.cannot")
    contact = find_or_add(visit.session, address, Channel.SMS)
    if contact.is_stopped or contact.suppressed or _is_anothers(visit, contact):
        raise Refused(url_for("me.show"), "console.phone.cannot")
    return contact


def _forget_codes(session: Session, contact: Contact) -> None:
    """A code that was used, or gave way to a newer one, is in our books no more, and leaves no more.

    An unused one is worth nothing after `CODE_MINUTES`, nor ever without the sealed field of the page that asked for it. What a
    worker has in its hands, or may have sent, keeps its words: by them it is found on the carrier's list.
    """
    told = update(Delivery).where(Delivery.of_contact(contact.id)[0], Delivery.key == CODE_TEXT)
    told = told.where(Delivery.state.not_in((State.CLAIMED, State.UNKNOWN)))
    told = told.values(values={"code": FORGOTTEN}, expires_at=_at_once())
    session.execute(told.execution_options(synchronize_session=False))


def _is_anothers(visit: Visit, contact: Contact) -> bool:
    owner = select(Person.id).where(Person.contact_id == contact.id, Person.id != visit.person.id)
    return visit.session.scalar(owner) is not None


def _asked_lately(session: Session, person: Person) -> int:
    asked = select(func.count()).where(
        AuditEntry.person_id == person.id,
        AuditEntry.act == "phone.asked",
        AuditEntry.created_at > ago(hours=1),
    )
    return session.scalar(asked) or 0


def _mine(person: Person) -> str:
    return f"phone:{person.id}"


def _at_once() -> ColumnElement[dt.datetime]:
    """Now; of a copy whose time was up already, then: no end is moved away (`bot/store/no_later`)."""
    moment = literal(now(), Delivery.expires_at.type)
    return case((Delivery.expires_at > moment, moment), else_=Delivery.expires_at)
