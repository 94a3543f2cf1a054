"""What can be wrong with our texts? Each check names what is wrong in those it is given; `test_checks` breaks each on purpose."""

import re
from collections.abc import Iterable, Iterator

import i18n

from bot.channels.segments import for_sms, measure
from bot.rights.topic import Saying, Topic
from messages import catalog, directory, languages
from tests.messages.every_text import Said
from tests.messages.written_in import languages_of

FORMS = ("zero", "one", "two", "few", "many", "other")
EVERYDAY = range(200)
"""Spanish `many` begins at a million: `other` serves."""
GSM_7 = ("en", "es", "tl")
STRAY_PERCENT = re.compile(r"%(?!\{(?:phone|web)_[a-z0-9_]+\})")


def keys() -> list[str]:
    return [key for namespace in catalog.namespaces() for key in catalog.keys(namespace)]


def absent(language: str, known: Iterable[str]) -> list[str]:
    """The texts that a language does not have."""
    return [key for key in known if language not in languages_of(_stem(key) or key)]


def absent_forms(language: str, known: Iterable[str]) -> list[str]:
    """The plural forms that a language uses every day (CLDR) and that a text with a number does not have in it."""
    needed = {languages.plural_form(count, language) for count in EVERYDAY}
    stems = {stem for key in known if (stem := _stem(key)) and language in languages_of(stem)}
    return sorted(f"{stem}_{form}" for stem in stems for form in needed if not _has(f"{stem}_{form}", language))


def other_values(known: Iterable[str]) -> list[str]:
    """The texts that ask for other values in one language than in another."""
    return [key for key in known if len({catalog.placeholders(key, code) for code in _stored_in(key)}) > 1]


def over_budget(said: Iterable[Said], most: dict[str, int]) -> list[str]:
    """The texts that take more segments than their script allows. `most`: by encoding's kind of language, `GSM-7` or `UCS-2`."""
    found = [(each, measure(for_sms(each.text, each.language)).segments) for each in said]
    return [f"{each.where} ({each.language}): {cost}" for each, cost in found if cost > most[_script(each.language)]]


def other_numbers(topic: Topic) -> list[str]:
    """The languages in which a part of a topic names other numbers or pages than its English."""
    english = [_named(saying) for saying in _sayings(topic, "en")]
    return [
        f"{topic.id} ({code})"
        for code in topic.words
        if [_named(saying) for saying in _sayings(topic, code)] != english
    ]


def stray_percents(topic: Topic) -> list[str]:
    """What would leave as `%` and a name: a number that the directory does not know, or one misspelt."""
    texts = [(code, text) for code in topic.words for saying in _sayings(topic, code) for text in _texts(saying)]
    return [
        f"{topic.id} ({code}): {text}"
        for code, text in texts
        if STRAY_PERCENT.search(text) or not set(directory.named_in(text)) <= {each.id for each in directory.entries()}
    ]


def _stem(key: str) -> str | None:
    """`people` for `people_one`. A key may also just end in `_other`: only a text with a number has forms."""
    stem, _, form = key.rpartition("_")
    if form not in FORMS:
        return None
    spoken = [code for code in languages.LANGUAGES if _has(f"{stem}_other", code)]
    return stem if any("count" in catalog.placeholders(f"{stem}_other", code) for code in spoken) else None


def _has(key: str, language: str) -> bool:
    return bool(i18n.translations.has(key, language))


def _stored_in(key: str) -> list[str]:
    return [code for code in languages.LANGUAGES if _has(key, code)]


def _script(language: str) -> str:
    return "GSM-7" if language in GSM_7 else "UCS-2"


def _sayings(topic: Topic, code: str) -> Iterator[Saying]:
    yield topic.words[code].short
    yield from topic.words[code].more


def _texts(saying: Saying) -> tuple[str, str, str]:
    return saying.text, saying.with_phone, saying.without_phone


def _named(saying: Saying) -> set[str]:
    return {name for text in _texts(saying) for name in directory.named_in(text)}
