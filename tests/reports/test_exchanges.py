"""Numbers that begin alike are a sign in words, when there are many; how they begin stands nowhere."""

from bot.clock import now
from bot.moderation import queue
from bot.reports import intake, matching, surge
from bot.reports.exchanges import exchange
from bot.reports.models import ReportKind
from tests.moderation.cast import Town
from tests.services.settings import Environment

AREA_CODES = (213, 310, 323, 424, 442, 562, 626, 657, 714, 747, 818)


def told_from(town: Town, addresses: list[str]) -> None:
    for n, address in enumerate(addresses):
        text = f"veo {n + 2} agentes de ICE en Pacific y Florence"
        matching.file(
            town.session,
            contact=town.phone(),
            text=text,
            language="es",
            kind=ReportKind.REPORT,
            sighting=intake.read(text, "es"),
            at=now(),
            address=address,
        )


def test_many_numbers_of_one_exchange_are_a_sign_on_the_row_and_in_the_banner(town: Town, env: Environment) -> None:
    env.set(surge_reports=20)
    told_from(town, [f"+13235550{n}" for n in range(100, 124)])
    (row,) = queue.waiting(town.session)
    found = surge.now(town.session)
    assert {"pages.why_few_exchanges", "pages.why_first_timers"} <= set(row.reasons)
    assert found is not None and {"one_exchange", "first_timers"} <= set(found.signs)


def test_neighbors_have_numbers_of_many_exchanges(town: Town) -> None:
    told_from(town, [f"+1{code}5550{n}" for code in AREA_CODES for n in (101, 102)])
    (row,) = queue.waiting(town.session)
    assert "pages.why_few_exchanges" not in row.reasons


def test_only_a_mark_of_the_first_digits_is_kept(env: Environment) -> None:
    assert exchange("+13235550101") == exchange("+13235550142") != exchange("+15625550101")
    assert "323555" not in (exchange("+13235550101") or "") and exchange("whatsapp:US.abc") is None
