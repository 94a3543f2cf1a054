"""Thousands of false reports in ten minutes, and three true ones among them: what a brigade sends, drawn from a seed.

Four styles: one `copied` text with another corner each time, `one_place` in many wordings, `scattered` over all corners, and
`own_place`, where each number keeps to a corner of its own. Each number is new to us and writes ten times. The three who tell the
truth are new to us too, and write once; where a slip of theirs hides the corner ("oto y bandini"), we ask, and they answer.
"""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass

import time_machine

from benchmarks.stream import BEGINS, Spot, spots
from benchmarks.stream_words import drawn, sentence
from bot.contacts.models import Channel, Contact, find_or_add
from bot.moderation import queue
from bot.places import gazetteer
from bot.reports import intake, matching
from bot.reports.intake import Sighting
from bot.reports.models import ReportKind
from bot.store.session import reading, writing

STYLES = ("copied", "one_place", "scattered", "own_place")
REPORTS, NUMBERS, MINUTES, TRUE_ONES = 5_000, 500, 10.0, 3
CHAIN = "urgente vecinos hay agentes de la migra con armas largas en {} cuidense mucho no salgan de sus casas"
AT_ONCE = 50
AREA_CODES = (213, 310, 323, 424, 442, 562, 626, 657, 714, 747, 818)


@dataclass(frozen=True)
class Sent:
    number: str
    text: str
    at: dt.datetime
    answer: str = ""

    @property
    def true(self) -> bool:
        return bool(self.answer)


def brigade(style: str, seed: int, reports: int = REPORTS, numbers: int = NUMBERS) -> list[Sent]:
    """What arrives, in order."""
    dice = random.Random(f"{style}{seed}")
    places = list(spots())
    dice.shuffle(places)
    true_places, theirs = places[:TRUE_ONES], places[TRUE_ONES:]
    sent = [Sent(number(n % numbers), _text(dice, style, theirs, n % numbers), _moment(dice)) for n in range(reports)]
    sent += [
        Sent(number(numbers + n), sentence(dice, drawn(dice), _corner(spot), "es"), _moment(dice), _corner(spot))
        for n, spot in enumerate(true_places)
    ]
    return sorted(sent, key=lambda one: one.at)


def number(n: int) -> str:
    """A fictional one."""
    return f"+1{AREA_CODES[n // 100]}55501{n % 100:02d}"


def _moment(dice: random.Random) -> dt.datetime:
    return BEGINS + dt.timedelta(minutes=dice.uniform(0, MINUTES))


def _text(dice: random.Random, style: str, places: Sequence[Spot], sender: int) -> str:
    spot = {"one_place": places[0], "own_place": places[sender % len(places)]}.get(style) or dice.choice(places)
    if style == "copied":
        return CHAIN.format(_corner(spot))
    return sentence(dice, drawn(dice), _corner(spot), dice.choice(("es", "es", "en", "vi", "zh")))


def _corner(spot: Spot) -> str:
    first, second = (street.replace("_", " ") for street in spot.streets)
    return f"{first} y {second}"


def arrive(sent: Sequence[Sent]) -> list[int]:
    """All of it reaches us, each at its moment. The incidents that the true ones are in."""
    read: dict[str, Sighting] = {}
    true: list[int] = []
    for start in range(0, len(sent), AT_ONCE):
        with writing() as session:
            for one in sent[start : start + AT_ONCE]:
                with time_machine.travel(one.at, tick=False):
                    sighting = read.get(one.text) or read.setdefault(one.text, _read(one))
                    contact: Contact = find_or_add(session, one.number, Channel.SMS)
                    report = matching.file(
                        session,
                        contact=contact,
                        text=one.text,
                        language="es",
                        kind=ReportKind.REPORT,
                        sighting=sighting,
                    )
                if one.true and report.incident_id is not None:
                    true.append(report.incident_id)
    return true


def _read(one: Sent) -> Sighting:
    sighting = intake.read(one.text, "es")
    if one.answer and sighting.place.ask:
        return intake.read(one.text, "es", place=gazetteer.find(one.answer))
    return sighting


def ranks(incidents: Sequence[int]) -> list[int]:
    """Where these stand in the queue, counted from 1, ten minutes in."""
    with time_machine.travel(BEGINS + dt.timedelta(minutes=MINUTES), tick=False), reading() as session:
        order = [row.incident.id for row in queue.waiting(session)]
    return sorted(order.index(one) + 1 for one in incidents)


def folded() -> tuple[int, int]:
    """How many incidents stand in line, and how many in the fold."""
    with time_machine.travel(BEGINS + dt.timedelta(minutes=MINUTES), tick=False), reading() as session:
        screen = queue.screen(session)
        return screen.total, screen.folded


__all__ = ["REPORTS", "STYLES", "TRUE_ONES", "Sent", "arrive", "brigade", "folded", "ranks"]
