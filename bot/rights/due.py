"""What has somebody to read, call or sign, and by when? For the people who keep the texts; `doctor` says it in short."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.rights import library
from bot.rights.topic import Review
from messages import directory, languages


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to do. `by` is when it is, or was, to be done; nothing where it has never been done."""

    what: str
    why: str
    by: date | None = None

    def __str__(self) -> str:
        by = self.by.isoformat() if self.by else "never"
        return f"{by:10}  {self.what:24}  {self.why}"


WHY = {
    Review.MISSING: "nobody has reviewed it",
    Review.CHANGED: "its words have changed since it was signed",
    Review.DUE: "to be read again",
    Review.GOOD: "to be read again soon",
}


def due(today: date, within: timedelta = timedelta()) -> list[Due]:
    """Everything due by then: what was never done first, then by its day."""
    found = [*_topics(today, today + within), *_translations(), *_numbers(today + within)]
    return sorted(found, key=lambda each: (each.by is not None, each.by or today, each.what))


def _topics(today: date, until: date) -> Iterator[Due]:
    for topic in library.topics():
        if topic.review(until) is not Review.GOOD:
            why = WHY[topic.review(today)] + (": the law is moving" if topic.law_moving else "")
            yield Due(f"rights/{topic.id}", why, topic.review_by if topic.reviewed_by else None)


def _translations() -> Iterator[Due]:
    for code in library.translations():
        if not library.is_signed(code):
            signed = library.note(code).get("reviewed_by")
            yield Due(
                f"rights/words.{code}",
                f"{languages.language(code).english_name}: {WHY[Review.CHANGED if signed else Review.MISSING]}",
            )


def _numbers(until: date) -> Iterator[Due]:
    for entry in directory.overdue(until):
        why = (
            f"{entry.name}, {entry.number}: call it" if entry.is_phone else f"{entry.name}: look whether it still holds"
        )
        yield Due(entry.id, why, entry.verify_by)
