"""The one true story, from HOLA to a cancelled notice, over HTTP with the real processes: the tour, on either database."""

import pytest

from tests.services.system import HotlineStarter


@pytest.mark.slow
def test_the_tour_holds(start_hotline: HotlineStarter, database_kind: str) -> None:
    hotline = start_hotline(database_kind, notice_quiet_from_hour=0, notice_quiet_until_hour=0)
    hotline.bot("demo", "people")
    assert "The story holds." in hotline.bot("demo", "tour")
    hotline.simulator.settle()
    assert hotline.simulator.ask("GET", "errors")["errors"] == []
