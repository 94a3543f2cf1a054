"""Somebody tells what they see: a receipt at once with what we understood, and at most two questions back."""

from bot.hotline.narrowing import narrowed
from bot.hotline.talk import Talk
from bot.moderation import paging
from bot.places import gazetteer, neighborhoods
from bot.places.found import Found
from bot.reports import adding, intake, matching
from bot.reports.intake import Sighting
from bot.reports.models import Report, ReportKind
from messages.formats import moment

MAX_QUESTIONS = 2
MOST_CHOICES = 5
"""More do not fit a text, nor a frightened reader."""


def report(talk: Talk) -> None:
    """Keep the report, let it find or open its incident, page verifiers, and answer."""
    sighting = talk.heard.understood.sighting or intake.read(talk.heard.text, talk.language)
    found = talk.heard.found
    if found is not None and found.outside:
        talk.answered()
        return talk.say("hotline.report_outside", place=found.outside)
    kept = file(talk, sighting, ReportKind.REPORT)
    if matching.too_late(kept):
        _too_late(talk, kept)
    elif found is None or not found.key:
        talk.say("hotline.report_no_place")
        talk.ask("report_place", report=kept.id, tries=1)
    elif found.ask:
        which(talk, found, report=kept.id)
    else:
        _receive(talk, kept, sighting)


def file(talk: Talk, sighting: Sighting, kind: ReportKind) -> Report:
    return matching.file(
        talk.session,
        contact=talk.contact,
        text=talk.heard.text,
        language=talk.heard_language or talk.language,
        kind=kind,
        sighting=sighting,
        at=talk.at,
    )


def placed(talk: Talk, report_id: int, tries: int) -> None:
    """The answer to "where?". After two tries the report stays for a dispatcher, and the person is not asked again."""
    kept = talk.session.get(Report, report_id)
    if kept is None:
        return talk.answered()
    if matching.too_late(kept):
        return _too_late(talk, kept)
    found = talk.heard.pin or _answered_place(kept.text, talk.heard.text)
    if found.outside:
        talk.answered()
        return talk.say("hotline.report_outside", place=found.outside)
    if found.key and not found.ask:
        return _located(talk, kept, found)
    if found.ask and found.choices:
        return which(talk, found, report=report_id, tries=tries + 1)
    if tries >= MAX_QUESTIONS:
        talk.answered()
        return talk.say("hotline.report_thanks")
    talk.say("hotline.report_still_no_place")
    talk.ask("report_place", report=report_id, tries=tries + 1)


def _answered_place(told: str, answer: str) -> Found:
    """What the answer names; where it is only half a corner, with the half they told before."""
    alone = gazetteer.find(answer)
    if alone.key and not alone.ask and alone.kind != "street":
        return alone
    together = gazetteer.find(f"{told} & {answer}")
    return together if together.key and not together.ask else alone


def chose_place(talk: Talk, report_id: int, choices: list[str]) -> None:
    """The answer to "which of these?": its number, or another street."""
    area = talk.chosen(choices)
    if area is None:
        return placed(talk, report_id, MAX_QUESTIONS)
    kept = talk.session.get(Report, report_id)
    if kept is None:
        return talk.answered()
    _located(talk, kept, narrowed(kept.text, area))


def told_more(talk: Talk, report_id: int) -> None:
    """The answer to our second questions: added to the report, never a new one."""
    kept = talk.session.get(Report, report_id)
    talk.answered()
    if kept is None:
        return talk.say("hotline.not_understood")
    adding.add(kept, talk.heard.message.text)
    talk.say("hotline.report_thanks")


def which(talk: Talk, found: Found, *, report: int, tries: int = 1) -> None:
    """A few neighborhoods are offered by number; of a street through all of town, the other street is asked."""
    if not 1 < len(found.choices) <= MOST_CHOICES:
        talk.say("hotline.report_other_street", place=found.place or found.matched)
        return talk.ask("report_place", report=report, tries=tries)
    names = [neighborhoods.name_of(area, talk.language) for area in found.choices]
    talk.say("hotline.report_which", choices=talk.numbered(names))
    talk.ask("report_which", report=report, choices=list(found.choices))


def _located(talk: Talk, kept: Report, found: Found) -> None:
    matching.locate(talk.session, kept, found)
    _receive(talk, kept, intake.read(kept.text, talk.language, place=found))


def _receive(talk: Talk, kept: Report, sighting: Sighting) -> None:
    """What we understood, whether anybody can look, and what is still missing. Pages go out with it."""
    if matching.too_late(kept):
        return _too_late(talk, kept)
    incident = kept.incident
    paged = paging.page(talk.session, incident) if incident is not None else []
    somebody = incident is not None and paging.somebody_looks(talk.session, incident, paged)
    asked = [talk.words(f"hotline.ask_{letter}") for letter in sighting.missing if letter != "place"][:MAX_QUESTIONS]
    talk.say(
        "hotline.report_received" if somebody else "hotline.report_received_nobody",
        understood=sighting.summary(talk.language) or talk.words("hotline.understood_nothing"),
        ask=" ".join(asked) or talk.words("hotline.no_question"),
    )
    if asked:
        talk.ask("report_more", report=kept.id)
    else:
        talk.answered()


def _too_late(talk: Talk, kept: Report) -> None:
    """Nobody can look at what was there then: say so, and ask to be told again if it is still there."""
    talk.answered()
    talk.say("hotline.report_too_late", time=moment(kept.received_at, talk.language))
