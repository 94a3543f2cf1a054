"""What did an organizer type into the form of a notice? Words in each language, where, which aid, from when to when."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import request

from bot.clock import ahead, local
from bot.notices import wording
from bot.notices.models import Notice
from bot.places import neighborhoods
from bot.settings import settings
from bot.subscriptions.models import AidKind
from messages import languages

WRITTEN_IN = ("es", "en")
"""Side by side, in this order."""
LONGEST_WORDS = 600
LOCAL_MINUTES = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True)
class Written:
    """The form as it stands; moments are `None` where they cannot be read."""

    kind: str
    neighborhoods: list[str]
    texts: dict[str, str]
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None

    @property
    def is_whole(self) -> bool:
        return self.kind in set(AidKind) and self.starts_at is not None and self.ends_at is not None

    def measured(self, frame: str) -> list[wording.Preview]:
        """Each language as a phone will show it."""
        return wording.preview(self.texts, self.ends_at or ahead(days=1), frame)


def typed() -> Written:
    """What came with this request. Neighborhoods we do not know are dropped."""
    known = {area.id for area in neighborhoods.all_neighborhoods()}
    return Written(
        kind=request.form.get("kind", ""),
        neighborhoods=[area for area in request.form.getlist("neighborhoods") if area in known],
        texts={code: request.form.get(f"text_{code}", "").strip()[:LONGEST_WORDS] for code in WRITTEN_IN},
        starts_at=_moment(request.form.get("starts_at", "")),
        ends_at=_moment(request.form.get("ends_at", "")),
    )


def of(notice: Notice) -> Written:
    """A kept notice, to be edited or changed."""
    return Written(notice.kind, notice.neighborhoods, notice.texts, notice.starts_at, notice.ends_at)


def blank() -> Written:
    return Written(AidKind.FOOD, [], dict.fromkeys(WRITTEN_IN, ""), None, None)


def choices() -> dict[str, object]:
    """What the form offers."""
    return {
        "kinds": tuple(AidKind),
        "areas": [area.id for area in neighborhoods.all_neighborhoods()],
        "written_in": WRITTEN_IN,
        "languages": languages.LANGUAGES,
        "field": _field,
        "longest": LONGEST_WORDS,
    }


def _field(moment: dt.datetime | None) -> str:
    return local(moment).strftime(LOCAL_MINUTES) if moment else ""


def _moment(typed_in: str) -> dt.datetime | None:
    """The browser's `datetime-local`, which is the time here."""
    try:
        return dt.datetime.strptime(typed_in, LOCAL_MINUTES).replace(tzinfo=ZoneInfo(settings().time_zone))
    except ValueError:
        return None
