"""Where does a test's Redis come from? A real Valkey, one for each test process, emptied before each test."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from runner import keeper, servers
from tests.services.settings import Environment


@pytest.fixture(scope="session")
def redis_server(services_folder: Path) -> Iterator[str]:
    """The address of this process's own server."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    server, url = servers.redis(services_folder / f"redis-{worker}", append_only=False)
    held = keeper.use(server)
    yield url
    os.close(held)


@pytest.fixture
def redis_url(redis_server: str, env: Environment) -> str:
    """An empty Redis of this test's own, set as `REDIS_URL`."""
    with Redis.from_url(redis_server) as redis:
        redis.flushall()
    env.set(redis_url=redis_server)
    return redis_server
