"""Which passphrases are taken, and what a sign-in learns from them."""

from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from threading import Barrier

import pytest

from bot.demo import people as demo
from bot.people import passphrases


@pytest.mark.parametrize(
    "weak",
    ["short one", "aaaaaaaaaaaaaaaaaaaa", "passwordpassword1234", "qwertyuiopasdfghjkl", "correcthorsebatterystaple",
     "huntingtonpark2026!", "123456789012345678", "Contigo contigo 90255", "hello hello hello 99"],
)  # fmt: skip
def test_what_is_short_or_easy_to_guess_is_refused(weak: str) -> None:
    assert passphrases.trouble(weak) is not None


def test_ones_own_name_does_not_count() -> None:
    assert passphrases.trouble("Marigold Marigold 1984", "Marigold") == "too_common"


def test_every_passphrase_that_the_demo_can_draw_is_taken() -> None:
    drawn = ("-".join(words) for words in combinations(demo.WORDS, 4))
    names = [name for name, *_ in demo.CAST]
    assert not [words for words in drawn if any(passphrases.trouble(words, name) for name in names)]
    assert len(set(demo._passphrase().split("-"))) == 4


@pytest.mark.parametrize("good", ["tres gatos cruzan el puente", "elbow trumpet glacier 4", "ลูกแมวสามตัวข้ามสะพาน"])
def test_several_words_of_ones_own_are_taken(good: str) -> None:
    assert passphrases.trouble(good, "Ana") is None


def test_the_same_keys_on_two_phones_are_one_passphrase() -> None:
    kept = passphrases.hashed("mañana cruzamos el puente")
    assert passphrases.right(kept, "man\u0303ana cruzamos el puente ")
    assert not passphrases.right(kept, "manana cruzamos el puente")


def test_it_is_kept_as_argon2id_only() -> None:
    assert passphrases.hashed("tres gatos cruzan el puente").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_nobodys_passphrase_costs_the_same_work_as_a_wrong_one() -> None:
    """Unknown names must not answer faster: the same algorithm with the same parameters is run for them."""
    assert _parameters(passphrases._of_nobody()) == _parameters(passphrases.hashed("tres gatos cruzan el puente"))


def _parameters(kept: str) -> str:
    return kept.rpartition("$")[0].rpartition("$")[0]


def test_nobodys_passphrase_is_never_right() -> None:
    assert not passphrases.right(None, passphrases._NO_ONES)


def test_a_crowd_is_sent_away_at_once_and_nobody_waits_behind_it() -> None:
    """A stranger's guesses share their threads with residents' texts: four at most are worked on or wait."""
    kept = passphrases.hashed("tres gatos cruzan el puente")
    together = Barrier(24)

    def tries(_: int) -> bool | None:
        together.wait()
        try:
            return passphrases.right(kept, "tres gatos cruzan el puente")
        except passphrases.Busy:
            return None

    with ThreadPoolExecutor(24) as threads:
        answers = list(threads.map(tries, range(24)))
    assert None in answers
    assert set(answers) == {True, None}
    assert passphrases.right(kept, "tres gatos cruzan el puente")


def test_places_are_given_back_after_a_wrong_one_too() -> None:
    for _ in range(5):
        assert not passphrases.right("no hash at all", "not the right one at all")
