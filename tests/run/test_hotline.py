"""Does the whole hotline start from its Procfile, on either database, and take a text?"""

import pytest

from tests.services.system import Hotline

pytestmark = pytest.mark.slow


def test_it_is_ready_and_answers_a_stranger(hotline: Hotline) -> None:
    assert hotline.get("/healthz")[0] == 200
    assert hotline.phone("+13235550151").answers_with("HOLA", "Contigo")


def test_no_process_is_given_the_key_that_opens_numbers_but_the_workers(hotline: Hotline) -> None:
    assert "NUMBER_PRIVATE_KEY" not in [name for name, value in hotline.environment_of("web").items() if value]
    assert hotline.environment_of("urgent")["NUMBER_PRIVATE_KEY"]
