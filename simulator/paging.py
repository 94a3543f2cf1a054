"""Which messages does a list show, and on which page?"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from simulator.messages import Message
from simulator.refusals import Refusal

if TYPE_CHECKING:
    from simulator.exchange import Exchange

DEFAULT_SIZE, LARGEST_SIZE = 50, 1000
FILTERS = ("To", "From", "DateSent", "DateSent<", "DateSent>")
Test = Callable[[Message], bool]


def page(exchange: "Exchange", query: dict[str, str]) -> dict[str, Any]:
    """The page token names the last row of the page before: new rows do not shift it, as they do a page asked for by number."""
    account = exchange.config.account_sid
    base = f"/2010-04-01/Accounts/{account}/Messages.json"
    size = _number(query, "PageSize", DEFAULT_SIZE, 1, LARGEST_SIZE)
    number = _number(query, "Page", 0, 0, 10**9)
    tests = _tests(query)
    token = query.get("PageToken", "")
    to = query.get("To", "")
    ours = to if exchange.pool.find(to) else None
    phone = to.removeprefix("whatsapp:") if to and ours is None else None
    now = time.time()
    rows = (
        row
        for row in exchange.ledger.listed(phone, ours, _below(exchange, token))
        if row.listed <= now and all(test(row) for test in tests)
    )
    start = 0 if token else number * size
    found = list(islice(rows, start, start + size + 1))
    more, found = len(found) > size, found[:size]
    if found:
        found[-1].page_ended = found[-1].place
    by_number = exchange.faults.strike("list_by_number") is not None
    kept = {name: query[name] for name in FILTERS if name in query}

    def uri(index: int, token: str = "") -> str:
        token_part = {"PageToken": token} if token else {}
        return f"{base}?{urlencode({**kept, 'PageSize': size, 'Page': index, **token_part})}"

    return {
        "messages": [row.resource(account) for row in found],
        "page": number,
        "page_size": size,
        "start": number * size,
        "end": number * size + max(len(found) - 1, 0),
        "uri": uri(number, token),
        "first_page_uri": uri(0),
        "previous_page_uri": uri(number - 1, "PB" + found[0].sid) if number and found else None,
        "next_page_uri": uri(number + 1, "" if by_number else "PA" + found[-1].sid) if more else None,
    }


def _number(query: dict[str, str], name: str, default: int, least: int, most: int) -> int:
    text = query.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise Refusal(20001, name)
    return min(max(int(text), least), most)


def _below(exchange: "Exchange", token: str) -> tuple[int, int] | None:
    if not token:
        return None
    row = exchange.ledger.by_sid.get(token[2:])
    if not token.startswith("PA") or row is None:
        raise Refusal(20001, "PageToken")
    return row.page_ended or row.place


def _tests(query: dict[str, str]) -> list[Test]:
    tests: list[Test] = []
    if to := query.get("To"):
        tests.append(lambda row: row.to == to)
    if from_ := query.get("From"):
        tests.append(lambda row: row.from_ == from_)
    tests += [_date_test(name, query[name]) for name in FILTERS[2:] if query.get(name)]
    return tests


def _date_test(name: str, text: str) -> Test:
    """On, on or before, on or after. A message without date_sent is in none of them."""
    moment, whole_day = _date(text)
    end = moment + 86_400 if whole_day else moment + 1
    if name == "DateSent<":
        return lambda row: row.sent is not None and row.sent < end
    if name == "DateSent>":
        return lambda row: row.sent is not None and row.sent >= moment
    if not whole_day:  # a moment: that day
        moment -= moment % 86_400
        end = moment + 86_400
    return lambda row: row.sent is not None and moment <= row.sent < end


def _date(text: str) -> tuple[float, bool]:
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        try:
            parsed = parsedate_to_datetime(text)
        except ValueError as error:
            raise Refusal(20001, "DateSent") from error
    aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    return aware.timestamp(), len(text) == 10
