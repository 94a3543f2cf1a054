"""Do the real servers that the tests rely on behave as promised?"""

import sqlalchemy
from redis import Redis

from bot.store.engine import engine


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
