"""5,000 false reports from 500 numbers in ten minutes, three true ones among them: nothing goes out, the true ones are seen."""

import pytest
from sqlalchemy import func, select

from benchmarks import brigade
from bot.outbox.delivery_models import Delivery
from bot.outbox.models import Release
from bot.reports.models import Report
from bot.settings import settings
from bot.store.session import reading
from tests.services.settings import Environment

SEED = 7


@pytest.mark.parametrize("style", brigade.STYLES)
def test_the_true_ones_stand_on_the_first_screen_and_nothing_goes_out(
    database_url: str, env: Environment, style: str
) -> None:
    true = brigade.arrive(brigade.brigade(style, SEED))
    ranks = brigade.ranks(true)
    in_line, folded = brigade.folded()
    print(f"{style}: the true ones stand at {ranks}; {in_line} in line, {folded} folded")  # noqa: T201
    assert len(ranks) == brigade.TRUE_ONES and ranks[-1] <= settings().queue_screen_rows
    with reading() as session:
        assert session.scalar(select(func.count(Release.broadcast_id))) == 0
        assert session.scalar(select(func.count(Delivery.id)).where(Delivery.broadcast_id.is_not(None))) == 0
        kept, joined = session.execute(select(func.count(Report.id), func.count(Report.incident_id))).one()
    assert kept == brigade.REPORTS + brigade.TRUE_ONES, "nothing is dropped"
    assert joined >= 0.95 * kept, "what names a place is in an incident, folded or not"
