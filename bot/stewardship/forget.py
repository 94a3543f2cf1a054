"""DELETE: what happens to everything that hangs on one contact? The columns say it (`of_contact`), nothing is listed twice."""

from collections.abc import Iterator

from sqlalchemy import Column, Table, delete, update
from sqlalchemy.orm import Session

from bot.contacts.models import Contact
from bot.outbox.delivery_models import Delivery, State
from bot.privacy import marks
from bot.store.schema import metadata

UNREADABLE_DAYS = 35
"""Backups die, and old sealing keys with them, after this (docs/privacy.md)."""


def forget(session: Session, contact: Contact) -> None:
    """Remove the contact and all that is theirs; what others need (a report's facts) stays without the person.

    A copy already in a worker's hands may still arrive; every waiting one is dropped here.
    """
    for copies in Delivery.of_contact(contact.id):
        waiting = update(Delivery).where(copies, Delivery.state == State.WAITING)
        session.execute(waiting.values(state=State.DROPPED, failure="forgotten", values={}))
        session.execute(update(Delivery).where(copies).values(contact_id=None))
    for table, column, on_forget in hanging_on_contact():
        if table is Delivery.__table__:
            continue  # a day's copies are too many to be looked through for one person's
        if on_forget == "delete":
            session.execute(delete(table).where(column == contact.id))
        else:
            session.execute(update(table).where(column == contact.id).values({column.name: None}))
    for table, marked, purpose in known_by_mark():
        session.execute(delete(table).where(marked == marks.mark(purpose, contact.tag)))
    session.delete(contact)
    session.flush()


def hanging_on_contact() -> Iterator[tuple[Table, Column[int], str]]:
    """Every column that points at a contact, with what DELETE does to its rows."""
    for table in metadata().sorted_tables:
        for column in table.columns:
            if "on_forget" in column.info:
                yield table, column, column.info["on_forget"]


def known_by_mark() -> Iterator[tuple[Table, Column[bytes], str]]:
    """Every column that knows a contact only by a keyed mark: no id leads there, so DELETE computes the mark."""
    for table in metadata().sorted_tables:
        for column in table.columns:
            if "marked_for" in column.info:
                yield table, column, column.info["marked_for"]
