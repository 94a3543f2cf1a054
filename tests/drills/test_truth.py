"""Whatever is texted, clicked and let pass, by whomever, in whatever order: nothing false is told, and nobody waits for ever."""

import pytest

from tests.drills.sizes import Sizes
from tests.services.settings import Environment
from tests.truth.running import try_out
from tests.truth.town import worlds
from tests.truth.world import WorldMaker

__all__ = ["worlds"]

pytestmark = pytest.mark.slow
POSTGRESQL_SHARE = 20
"""A sequence on PostgreSQL begins with a database of its own, and its commits are somebody else's."""
AT_NIGHT_SHARE = 3


@pytest.fixture
def sequences(database_kind: str, size: Sizes) -> int:
    return size.sequences if database_kind == "sqlite" else size.sequences // POSTGRESQL_SHARE


def test_no_sequence_of_texts_clicks_clocks_and_people_tells_what_is_not_so(worlds: WorldMaker, sequences: int) -> None:
    try_out(worlds, sequences - sequences // AT_NIGHT_SHARE)


def test_nor_does_any_where_one_hand_may_release_at_night(worlds: WorldMaker, sequences: int, env: Environment) -> None:
    env.set(night_rule=True)
    try_out(worlds, sequences // AT_NIGHT_SHARE)
