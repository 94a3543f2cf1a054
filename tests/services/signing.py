"""Nobody has signed a rights text or called a number, whatever the files say: what tests of that state stand on.

Our files change with every lawyer and every call; no test may break because somebody did their work.
"""

from dataclasses import replace

import pytest

from bot.rights import library
from messages import directory


@pytest.fixture
def nobody_called(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {name: replace(entry, verified_on=None) for name, entry in directory._entries().items()}
    monkeypatch.setattr(directory, "_entries", lambda: known)


@pytest.fixture
def nobody_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    unsigned = {"reviewed_by": None, "reviewed_on": None, "reviewed_mark": None}
    topics = {name: replace(topic, **unsigned) for name, topic in library._topics().items()}  # type: ignore[arg-type]
    translations = {code: replace(known, note=dict(unsigned)) for code, known in library._translations().items()}
    monkeypatch.setattr(library, "_topics", lambda: topics)
    monkeypatch.setattr(library, "_translations", lambda: translations)
