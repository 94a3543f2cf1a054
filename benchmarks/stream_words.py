"""How do people tell of one thing in different words? Sentences put together from the word lists of `messages/understanding`.

What is seen is drawn for each incident; what of it a person notices, and how they say it, is drawn for each report. Only simple
words of the lists are used (no patterns); the few words that join them stand here.
"""

import random
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from messages.vocabulary import entries

SIMPLE = re.compile(r"[^\W\d_][\w' ]*", re.UNICODE)
ACTIVITIES = ("took_people", "stopped", "standing", "driving", "checkpoint", "workplace")
EQUIPMENT = ("vests", "masks", "helicopter", "dogs", "weapons", "unmarked")
COLOURS = ("white", "black", "grey", "blue", "silver")
KINDS = ("van", "suv", "truck", "car")

SHAPES = {
    "es": ("{now} {who} {doing} en {place} {cars} {gear}", "en {place} hay {who} {doing}, {cars} {gear} {now}",
           "{cars} de {who} {place} {gear}", "veo {who} en {place} {now} {doing} {size}", "{who} {place} {size} {cars}"),
    "en": ("{who} at {place} {now} {doing} {cars} {gear}", "i see {size} {who} on {place}, {cars} {gear}",
           "{place} {who} {doing} {now}", "{cars} {who} by {place} {gear}", "just saw {who} {place} {size} {cars}"),
    "vi": ("{who} ở {place} {now} {doing} {cars}", "thấy {size} {who} ở {place} {cars} {gear}", "{place} có {who} {gear}"),
    "zh": ("{place} 有{who} {doing} {cars}", "我看到{who}在 {place} {cars} {gear} {now}", "{now}{place} {who} {gear}"),
    "km": ("{who} នៅ {place} {now} {cars}", "ខ្ញុំឃើញ {who} នៅ {place} {doing} {gear}", "{place} មាន {who} {cars}"),
    "ko": ("{place} 에 {who} {now} {cars}", "{who} 봤어요 {place} {doing} {gear}", "{now} {place} {who} {gear}"),
    "tl": ("may {who} sa {place} {now} {cars}", "nakita ko {who} sa {place} {doing} {gear}", "{place} may {who} {size} {cars}"),
}  # fmt: skip
AND = {"es": " y ", "en": " and ", "vi": " và ", "zh": " 和 ", "km": " និង ", "ko": " & ", "tl": " at "}
HEARD = {
    "es": "me dijeron que ", "en": "i heard that ", "vi": "nghe nói ", "zh": "听说 ", "km": "គេថា ", "ko": "들었는데 ",
    "tl": "sabi nila ",
}  # fmt: skip
MOVED = {"es": "se movieron a ", "en": "they moved to "}
FORWARDED = ("Reenviado: ", "FWD: ", "pasen la voz ", "ojo vecinos ", "repost ")
CHATTER = (
    "gracias por avisar", "que hago si tocan la puerta", "hola", "good morning everyone", "stay safe out there",
    "cuando abre la clinica", "necesito un abogado", "do i have to show my papers", "buenas tardes a todos", "cảm ơn",
    "谢谢", "감사합니다", "salamat po", "អរគុណ", "is the food bank open today", "mi primo juega futbol en el parque",
)  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """What one incident looks like to who stands there."""

    agency: str
    activity: str
    size: int
    vehicles: int
    kind: str
    colour: str
    gear: tuple[str, ...]


def drawn(dice: random.Random) -> Seen:
    return Seen(
        agency=dice.choices(("immigration", "ice", "cbp", "hsi"), (5, 6, 3, 1))[0],
        activity=dice.choice(ACTIVITIES),
        size=dice.choice((2, 3, 4, 5, 6, 8, 10, 12, 15, 20)),
        vehicles=dice.randint(1, 6),
        kind=dice.choice(KINDS),
        colour=dice.choice(COLOURS),
        gear=tuple(dice.sample(EQUIPMENT, dice.randint(0, 2))),
    )


def sentence(dice: random.Random, seen: Seen, place: str, language: str) -> str:
    """One person's text about it. A mix says it in Spanish with English words, or the other way round."""
    shape = dice.choice(SHAPES["es" if language == "mix" else language])
    tongue = (lambda: dice.choice(("es", "en"))) if language == "mix" else (lambda: language)
    said = shape.format(
        place=place,
        who=_word(dice, f"agents_{seen.agency if dice.random() < 0.8 else 'immigration'}", tongue()),
        doing=_word(dice, f"activity_{seen.activity}", tongue()) if dice.random() < 0.6 else "",
        now=_word(dice, "time_now", tongue()) if dice.random() < 0.6 else "",
        size=str(max(1, round(seen.size * dice.uniform(0.7, 1.4)))) if dice.random() < 0.6 else "",
        cars=_cars(dice, seen, tongue()) if dice.random() < 0.75 else "",
        gear=" ".join(_word(dice, thing, tongue()) for thing in seen.gear if dice.random() < 0.6),
    )
    return _slip(dice, re.sub(r" +", " ", said).strip(" ,"))


def _cars(dice: random.Random, seen: Seen, language: str) -> str:
    count = max(1, seen.vehicles + dice.choice((0, 0, 0, 1, -1)))
    colour = seen.colour if dice.random() < 0.9 else dice.choice(COLOURS)
    noun = _word(dice, "vehicles", language, seen.kind) or _word(dice, "vehicles", language, "car")
    named = _word(dice, "colours", language, colour) if dice.random() < 0.75 else ""
    parts = (str(count), noun, named) if language in ("es", "km", "vi", "ko") else (str(count), named, noun)
    return " ".join(part for part in parts if part)


def _slip(dice: random.Random, text: str) -> str:
    """One letter left out in one text of eight, as thumbs do."""
    if dice.random() > 0.12 or len(text) < 20 or not text.isascii():
        return text
    at = dice.randrange(len(text))
    return text[:at] + text[at + 1 :] if text[at].isalpha() else text


def _word(dice: random.Random, name: str, language: str, within: str | None = None) -> str:
    options = _words(name, language, within) or _words(name, "en", within)
    return dice.choice(options) if options else ""


@cache
def _words(name: str, language: str, within: str | None) -> tuple[str, ...]:
    content: Any = entries("understanding").get(language, {}).get(name) or []
    listed = content.get(within, []) if within is not None else content
    return tuple(str(word) for word in listed if SIMPLE.fullmatch(str(word)))[:12]
