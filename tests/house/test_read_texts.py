"""Is every text we keep in eight languages read by something?"""

import pytest

from messages import catalog
from tests.house import read_texts


def test_nothing_is_translated_that_nobody_reads() -> None:
    assert read_texts.unread() == []


@pytest.mark.parametrize("key", ["hotline.kept_for_nobody", "console.queue.last_sheep", "intake.colours_blue"])
def test_a_key_that_nothing_asks_for_is_found(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    space, known = key.partition(".")[0], catalog.keys
    monkeypatch.setattr(catalog, "keys", lambda name: (*known(name), *([key] if name == space else [])))
    assert key in read_texts.unread()
