"""How is it put on paper? One HTML page that needs nothing beside it, topic by topic, with room for a reviewer's pen."""

from collections.abc import Sequence
from datetime import date
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from bot.rights import library, review
from bot.rights.topic import Topic
from messages import catalog, directory, languages

REMARK_LINES = 4


def page(today: date, codes: Sequence[str], topics: Sequence[Topic]) -> str:
    """The sheet of these topics. `codes`: which languages stand beside the English; with none it is a sheet of the English."""
    beside = tuple(code for code in codes if code != review.SOURCE)
    spoken = "es" if beside == ("es",) else "en"
    return _template().render(
        spoken=spoken,
        say=lambda key, **values: catalog.text(f"console.sheet.{key}", spoken, **values),
        today=today,
        beside=[languages.language(code) for code in beside],
        signed=[
            (languages.language(code), library.note(code), library.translation_mark(code)) for code in _apart(beside)
        ],
        signs_topics=set(beside) <= set(languages.STAFF),
        shared=review.shared(beside),
        topics=[(topic, topic.review(today), review.parts(topic, beside), review.numbers(topic)) for topic in topics],
        filled=directory.filled,
        remark_lines=REMARK_LINES,
    )


def _apart(codes: Sequence[str]) -> list[str]:
    """English and Spanish are signed with the topic; a translation in a file of its own is signed there."""
    return [code for code in codes if code in library.translations()]


@cache
def _template() -> Template:
    read = Environment(
        loader=PackageLoader("bot.rights"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return read.get_template("sheet.html")
