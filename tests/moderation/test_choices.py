"""Is each answer its own number, for one person, once?"""

import itertools

import time_machine

from bot.moderation import choices
from bot.moderation.asking_models import Choice
from tests.moderation.cast import Town, later


def slips(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


def test_numbers_are_four_digits_that_no_slip_of_the_thumb_confuses(town: Town) -> None:
    vera = town.person("Vera")
    numbers = [choices.give(town.session, vera, choices.GOING, minutes=45) for _ in range(60)]
    assert all(len(number) == 4 and number.isdecimal() and "911" not in number for number in numbers)
    assert all(slips(a, b) >= 2 for i, a in enumerate(numbers) for b in numbers[:i])
    assert sum(abs(int(a) - int(b)) == 1 for a, b in itertools.pairwise(numbers)) == 0


def test_a_used_number_never_comes_back_to_the_same_person(town: Town) -> None:
    vera = town.person("Vera")
    given = []
    for _ in range(200):
        given.append(choices.give(town.session, vera, choices.GOING, minutes=45))
        answer = choices.read(town.session, vera, given[-1])
        assert answer is not None and choices.use(town.session, answer.choice)
    assert len(set(given)) == 200


def test_a_number_works_once(town: Town) -> None:
    vera = town.person("Vera")
    number = choices.give(town.session, vera, choices.GOING, minutes=45)
    answer = choices.read(town.session, vera, number)
    assert answer is not None
    assert choices.use(town.session, answer.choice) and not choices.use(town.session, answer.choice)


def test_a_number_of_somebody_else_means_nothing(town: Town) -> None:
    vera, otto = town.person("Vera"), town.person("Otto")
    number = choices.give(town.session, vera, choices.GOING, minutes=45)
    assert choices.read(town.session, otto, number) is None


def test_a_number_runs_out(clock: time_machine.Traveller, town: Town) -> None:
    vera = town.person("Vera")
    number = choices.give(town.session, vera, choices.GOING, minutes=45)
    later(clock, minutes=46)
    answer = choices.read(town.session, vera, number)
    assert answer is not None and not answer.is_open and not choices.use(town.session, answer.choice)


def test_a_salute_line_may_follow(town: Town) -> None:
    vera = town.person("Vera")
    number = choices.give(town.session, vera, "immigration", minutes=45)
    for text in (
        f"{number} 6 agents, vests say ICE",
        f" {number}: 6 agents, vests say ICE",
        f"#{number}. 6 agents, vests say ICE",
    ):
        answer = choices.read(town.session, vera, text)
        assert answer is not None and answer.words == "6 agents, vests say ICE"


def test_what_only_looks_like_a_number_is_none(town: Town) -> None:
    vera = town.person("Vera")
    number = choices.give(town.session, vera, choices.GOING, minutes=45)
    for text in (f"{number}5", number[:3], f"see you at the corner of {number}", "", "1", "hola"):
        assert choices.read(town.session, vera, text) is None


def test_a_bare_one_is_known_by_its_looks(town: Town) -> None:
    assert all(choices.is_bare(text) for text in ("1", " 1 ", "1.", "#1", "1)"))
    assert not any(choices.is_bare(text) for text in ("2", "11", "1 2", "1a", "one", "", "4471"))


def test_numbers_of_two_people_do_not_follow_from_each_other(town: Town) -> None:
    people = [town.person(f"P{n}") for n in range(12)]
    first = [int(choices.give(town.session, person, choices.GOING, minutes=45)) for person in people]
    steps = {b - a for a, b in itertools.pairwise(first)}
    assert len(steps) > 6 and town.session.query(Choice).count() == 12
