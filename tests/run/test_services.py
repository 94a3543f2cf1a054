"""Do the real servers that the tests rely on behave as promised?"""

import pytest
import sqlalchemy
from playwright.sync_api import Page, expect
from redis import Redis

from bot.store.engine import engine
from tests.services.carrier import Simulator
from tests.services.logs import numbers_in


def test_each_database_is_empty_and_its_own(empty_database_url: str) -> None:
    with engine().begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE only_here (id INTEGER)"))
    assert sqlalchemy.inspect(engine()).get_table_names() == ["only_here"]


def test_another_database_does_not_see_it(empty_database_url: str) -> None:
    assert sqlalchemy.inspect(engine()).get_table_names() == []


def test_redis_is_empty_for_each_test(redis_url: str) -> None:
    with Redis.from_url(redis_url) as redis:
        assert redis.dbsize() == 0
        redis.set("left", "behind")


def test_redis_is_empty_for_the_next_test(redis_url: str) -> None:
    with Redis.from_url(redis_url) as redis:
        assert redis.dbsize() == 0
        redis.set("left", "behind")


def test_the_simulator_carries_a_text_of_ours(simulator: Simulator) -> None:
    assert simulator.state()["accepted"] == 0
    simulator.rogue("+13235550142", "hola")
    assert simulator.phone("+13235550142").receives("hola") == "hola"


@pytest.mark.parametrize(
    "text",
    ["to +13235550142.", "3235550142", "(323) 555-0142", "323.555.0142", "at 5550142", "tel=1-323-555-0142"],
)
def test_a_number_in_a_log_is_found_in_every_form(text: str) -> None:
    assert numbers_in(text)


@pytest.mark.parametrize("text", ["from +15625550100", "sid 93235550142991", "took 555 ms", ""])
def test_what_is_nobodys_number_is_not_taken_for_one(text: str) -> None:
    assert not numbers_in(text)


def test_a_browser_shows_a_page_of_ours(page: Page, simulator: Simulator) -> None:
    page.goto(simulator.address)
    expect(page.get_by_role("article", name="Rosa")).to_be_visible()
