"""Which states does an incident have, and which step may follow which?"""

from enum import StrEnum


class IncidentState(StrEnum):
    UNCONFIRMED = "unconfirmed"
    VERIFYING = "verifying"
    CONFIRMED = "confirmed"
    DEBUNKED = "debunked"
    """Positively something else. Seeing nobody is `not_seen`."""
    NOT_SEEN = "not_seen"
    UNVERIFIABLE = "unverifiable"
    DISPUTED = "disputed"
    ENDED = "ended"
    RETRACTED = "retracted"
    MERGED = "merged"
    """One thing with another incident, which alone is looked at from then on (`merged_into`)."""


class WordOf(StrEnum):
    """By whose word it was something else, when none of ours saw it: a place that can be asked, never a person."""

    POLICE_DESK = "police_desk"
    SCHOOL_OFFICE = "school_office"
    CITY_OFFICE = "city_office"
    ON_SITE = "on_site"
    """Whoever is in charge there: a shop, a clinic, a church."""
    PARTNER_NETWORK = "partner_network"
    SENT_IT = "sent_it"
    """Whoever made or passed it on says so themselves."""


S = IncidentState
STEPS: dict[IncidentState, tuple[IncidentState, ...]] = {
    S.UNCONFIRMED: (S.VERIFYING, S.DEBUNKED, S.UNVERIFIABLE, S.MERGED),
    S.VERIFYING: (S.CONFIRMED, S.DEBUNKED, S.NOT_SEEN, S.UNVERIFIABLE, S.DISPUTED, S.UNCONFIRMED, S.MERGED),
    S.DISPUTED: (S.CONFIRMED, S.DEBUNKED, S.NOT_SEEN, S.UNVERIFIABLE, S.RETRACTED),
    S.CONFIRMED: (S.ENDED, S.RETRACTED, S.DISPUTED),
    S.NOT_SEEN: (S.UNCONFIRMED, S.RETRACTED),
    S.UNVERIFIABLE: (S.UNCONFIRMED, S.RETRACTED),
    S.DEBUNKED: (S.UNCONFIRMED, S.RETRACTED),
    S.ENDED: (S.UNCONFIRMED, S.RETRACTED),
    S.MERGED: (S.UNCONFIRMED,),
}
"""Which state may follow which (docs/truth.md). A new report reopens what was only looked at or not looked at; a look
also what ended and was told to nobody (`moderation.reopening`); what was told to people can be taken back from wherever it
stands by then."""
OPEN = (S.UNCONFIRMED, S.VERIFYING, S.DISPUTED, S.CONFIRMED)
REOPENED_BY_A_REPORT = (S.NOT_SEEN, S.UNVERIFIABLE, S.DEBUNKED)


class StepRefused(RuntimeError):
    """This step is not allowed from here, or somebody else stepped first. Look again, then decide."""
