"""What does this person want? One reading of one text: emergency, command, report, rumor check, question, or other.

In that order. A sighting beats a question (a report with a question tacked on is a report), and what somebody was told
is checked, not reported. Nothing here reads or writes anything but the text.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.hotline import commands, emergency, resemblance, sense
from bot.hotline.commands import Command
from bot.places import gazetteer
from bot.places.found import Found
from bot.reports import intake
from bot.reports.intake import Sighting
from bot.rights import finder
from messages import formats, tongue

RUMOR = "rumor"
"""The know-your-rights topic that says how we check."""
DESPAIR = "mental_health"
"""The one that names those who listen at any hour."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """`language` is None where neither the text nor the caller tells; `language_sure` only where the text does."""

    language: str | None
    language_sure: bool
    intent: str
    command: Command | None = None
    topic: str | None = None
    choices: tuple[str, ...] = ()
    sighting: Sighting | None = None
    found: Found | None = None


def warm() -> None:
    """Everything is read and compiled now, so that nobody's first text waits for it."""
    gazetteer.warm_up()
    finder.warm()
    tongue.warm()
    resemblance.learned()
    formats.warm()
    understand("ICE at Pacific and Gage, 2 white vans, about 8 agents")


def understand(
    text: str, language: str | None = None, hint: str | None = None, answering: bool = False
) -> Understanding:
    """What is meant. `language`: the sender's, where we know it; `hint`: a neighborhood of theirs.

    `answering`: we have just asked them something; then likeness to a cry alone is none ("aqui por mi casa").
    """
    found = gazetteer.find(text, hint)
    guess = tongue.guess(text, found.matched)
    spoken = guess.code if guess.sure or language is None else language
    danger = emergency.told(text, found.kind)
    command = None if danger else commands.read(text, spoken)
    if command:
        spoken = command.language if command.language and not guess.sure else spoken
        return Understanding(spoken, guess.sure, "command", command=command, found=found)
    if danger is None and emergency.own_life(text):
        return Understanding(spoken, guess.sure, "question", topic=DESPAIR, found=found)
    plainly_told = answering or finder.situation(text, spoken) is not None
    if danger := danger or (None if plainly_told else emergency.resembles(text, found.kind)):
        sighting = intake.read(text, spoken, hint, found)
        return Understanding(spoken, guess.sure, "emergency", topic=danger.topic, sighting=sighting, found=found)
    return _told_or_asked(text, spoken, guess.sure, hint, found)


def _told_or_asked(text: str, spoken: str | None, sure: bool, hint: str | None, found: Found) -> Understanding:
    if topic := finder.situation(text, spoken or "es"):
        return Understanding(spoken, sure, "question", topic=topic, found=found)
    sighting = intake.read(text, spoken, hint, found)
    meaning = sense.read(text, sighting)
    if meaning == "other":
        return Understanding(spoken, sure, "other", found=found)
    if meaning in ("report", "rumor_check"):
        topic = RUMOR if meaning == "rumor_check" else None
        return Understanding(spoken, sure, meaning, topic=topic, sighting=sighting, found=found)
    if meaning == "asks_event":
        return Understanding(spoken, sure, "question", topic=RUMOR, sighting=sighting, found=found)
    asked = finder.find(text, spoken or "es")
    if asked.topic or asked.choices:
        return Understanding(spoken, sure, "question", topic=asked.topic, choices=asked.choices, found=found)
    return Understanding(spoken, sure, "other", found=found)


def as_json(
    text: str, language: str | None = None, reply: Callable[[Understanding], str] | None = None
) -> dict[str, Any]:
    """One line of `python -m bot understand`. `reply` says what we would answer."""
    understood = understand(text, language)
    return {
        "language": understood.language,
        "intent": understood.intent,
        "topic": understood.topic,
        "choices": list(understood.choices),
        "neighborhood": _neighborhood(understood.found),
        "place": (understood.found.place or understood.found.outside) if understood.found else None,
        "salute": _salute(understood.sighting or intake.read(text, language, None, understood.found)),
        "reply": reply(understood) if reply else None,
    }


def _neighborhood(found: Found | None) -> str | list[str] | None:
    """An id; a list where we would ask back, or where a border touches both; `outside`; or nothing known."""
    if found is None:
        return None
    if found.outside:
        return "outside"
    areas = found.neighborhoods or found.choices
    return None if not areas else areas[0] if len(areas) == 1 else list(areas)


def _salute(sighting: Sighting) -> dict[str, Any]:
    return {
        "size": sighting.size,
        "activity": sighting.activity,
        "uniform": sighting.uniform,
        "time": sighting.time,
        "vehicles": sighting.vehicles,
        "equipment": list(sighting.equipment),
        "first_hand": sighting.first_hand,
    }


def cannot_wait(text: str) -> bool:
    """STOP, or somebody in danger, as far as a glance tells: for whoever has to choose which text comes first."""
    return emergency.told(text) is not None or commands.says_stop(text)
