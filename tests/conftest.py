"""What may every test rely on?

Real servers on this machine (`tests/services/`), settings of its own, and no way out to a network.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from bot.settings import Settings

pytest_plugins = [
    "tests.services.settings",
    "tests.services.databases",
    "tests.services.queue",
    "tests.services.carrier",
    "tests.services.system",
    "tests.services.browser",
    "tests.services.signing",
]

FOLDER = "CONTIGO_TEST_SERVICES"
"""Where the servers of one test run live; the controller makes it and its xdist workers share it."""


def pytest_configure(config: pytest.Config) -> None:
    Settings.model_config["env_file"] = None  # a developer's own .env is no part of a test
    for name in Settings.model_fields:
        os.environ.pop(name.upper(), None)
    if not hasattr(config, "workerinput"):
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="contigo-test-")
        Path(os.environ[FOLDER]).chmod(0o711)  # PostgreSQL runs as another user where we are root


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ[FOLDER], ignore_errors=True)


@pytest.fixture(scope="session")
def services_folder() -> Path:
    """This run's folder, the same for all of its xdist workers."""
    return Path(os.environ[FOLDER])
