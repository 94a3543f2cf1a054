"""What shall go wrong, how often, for whom?"""

import random
import time
from dataclasses import asdict, dataclass, field, fields
from itertools import count
from typing import Any

KINDS = {
    "too_many": "REST: answer 429/20429, nothing accepted",
    "refuse": "REST: answer 400 (or `status`) with `code`, nothing accepted",
    "server_error": "REST: answer 500 (or `status` 503), nothing accepted",
    "server_error_accepted": "REST: accept, then answer 500 (or `status`)",
    "hang": "REST: never answer, nothing accepted",
    "hang_accepted": "REST: accept, then never answer",
    "reset": "REST: reset the connection, nothing accepted",
    "reset_accepted": "REST: accept, then reset the connection",
    "latency": "REST: answer after `seconds`",
    "fail": "delivery ends with `code`, as `status` undelivered or failed",
    "list_lag": "a new message is absent from the list for `seconds`",
    "list_by_number": "the list's next page is named by its number alone: rows that come in shift it, and repeat",
    "webhook_lost": "no connection to the hotline (`when` before), or its answer is lost (`when` after)",
    "receipt_dropped": "a status callback is never sent",
    "receipt_repeated": "a status callback is sent twice",
    "receipt_late": "a status callback waits up to `seconds`, so that order is lost",
}
REST_KINDS = ("create", "list", "fetch", "change", "any")
WEBHOOK_KINDS = ("inbound", "receipt", "voice", "any")


class BadFault(ValueError):
    """A fault that cannot be understood; its text says why."""


@dataclass(slots=True)
class Fault:
    """A rule: strikes the `next` N times, or a `share` of the time (always, when neither is given)."""

    kind: str
    share: float | None = None
    next: int | None = None
    to: str = ""
    """Only numbers that begin with this."""
    on: str = ""
    """REST: create (default), list, fetch, change, any. Webhooks: inbound (default), receipt, voice, any."""
    status: int | str | None = None
    code: int | None = None
    seconds: float | None = None
    when: str = "before"
    for_seconds: float | None = None
    """The rule ends by itself after this."""
    id: int = 0
    struck: int = 0
    until: float = field(default=float("inf"), repr=False)

    def view(self) -> dict[str, Any]:
        shown = {name: value for name, value in asdict(self).items() if value not in (None, "") and name != "until"}
        return shown | {"means": KINDS[self.kind]}


class Faults:
    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._ids = count(1)
        self.rules: dict[str, list[Fault]] = {}

    def add(self, given: dict[str, Any]) -> Fault:
        known = {f.name for f in fields(Fault)} - {"id", "struck", "until"}
        if unknown := set(given) - known:
            raise BadFault(f"unknown fields {sorted(unknown)}; known are {sorted(known)}")
        if given.get("kind") not in KINDS:
            raise BadFault(f"kind must be one of {sorted(KINDS)}")
        fault = Fault(**given)
        try:
            self._check(fault)
        except TypeError as error:
            raise BadFault(f"a number is not a number: {error}") from error
        fault.id = next(self._ids)
        if fault.for_seconds is not None:
            fault.until = time.time() + fault.for_seconds
        self.rules.setdefault(fault.kind, []).append(fault)
        return fault

    def _check(self, fault: Fault) -> None:
        if fault.share is not None and not 0 <= fault.share <= 1:
            raise BadFault("share must be between 0 and 1")
        if fault.next is not None and fault.next < 1:
            raise BadFault("next must be at least 1")
        if fault.kind in ("fail", "refuse") and fault.code is None:
            raise BadFault(f"{fault.kind} needs a code, such as 30003")
        if fault.kind in ("latency", "list_lag", "receipt_late") and fault.seconds is None:
            raise BadFault(f"{fault.kind} needs seconds")
        if fault.on and fault.on not in REST_KINDS + WEBHOOK_KINDS:
            raise BadFault(f"on must be one of {sorted(set(REST_KINDS + WEBHOOK_KINDS))}")
        if fault.when not in ("before", "after"):
            raise BadFault("when must be before or after")

    def strike(self, kind: str, on: str = "", phone: str = "") -> Fault | None:
        """The first rule of this kind that strikes now; counts down `next`."""
        rules = self.rules.get(kind)
        if not rules:
            return None
        now = time.time()
        for fault in rules:
            if fault.until < now or fault.next == 0 or not self._concerns(fault, on, phone):
                continue
            if fault.next is None and fault.share is not None and self._rng.random() >= fault.share:
                continue
            fault.struck += 1
            if fault.next is not None:
                fault.next -= 1
            return fault
        return None

    @staticmethod
    def _concerns(fault: Fault, on: str, phone: str) -> bool:
        if fault.to and not phone.startswith(fault.to):
            return False
        default = "inbound" if fault.kind == "webhook_lost" else "create"
        return not on or fault.on == "any" or (fault.on or default) == on

    def remove(self, fault_id: int) -> bool:
        for rules in self.rules.values():
            for fault in rules:
                if fault.id == fault_id:
                    rules.remove(fault)
                    return True
        return False

    def clear(self) -> None:
        self.rules.clear()

    def view(self) -> list[dict[str, Any]]:
        return [fault.view() for rules in self.rules.values() for fault in rules]
