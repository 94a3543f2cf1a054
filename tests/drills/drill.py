"""One drill: a crew that tells people something, what is done to them meanwhile, and the count at the phones."""

from collections.abc import Callable, Collection

from bot.outbox.models import Lane
from bot.store.session import writing
from tests.drills import fan_out
from tests.drills.crew import Crew
from tests.drills.fan_out import FanOut, Neighbors
from tests.drills.sizes import LOOK_SECONDS
from tests.outbox.conftest import Staff, hire
from tests.services.carrier import Simulator
from tests.services.system import Hotline
from tests.services.waiting import eventually

AREAS = ("hp", "bell", "cudahy", "maywood")
"""One for each fan-out of a drill: its people hear of nothing else."""
LOOKS, GRACE_SECONDS = 2, 60.0
"""Settled within two looks and a minute of the fault's end, once everybody had their turn at the sender's pace ..."""
BUSY = 4
"""... or at a quarter of it, where the machine has much else to do."""
FIRST = 100
"""The people before it belong to the drills themselves: reporters, strangers."""


class Drill:
    """Everything a drill needs at hand."""

    def __init__(self, hotline: Hotline, crew: Crew) -> None:
        self.hotline, self.crew = hotline, crew
        self.carrier: Simulator = hotline.simulator
        self._staff: Staff | None = None
        self._next = FIRST
        self._areas = iter(AREAS)
        self._troubles: list[int] = []
        self._unheard = self.carrier.fault("receipt_dropped")

    @property
    def pace(self) -> float:
        """Segments a second, as this drill's hotline was told."""
        return float(self.hotline.settings["SENDER_SEGMENTS_PER_SECOND"])

    def opens_its_doors(self) -> None:
        """The web process takes texts, and receipts. Without it no receipt is sent: what is lost is looked up."""
        self.crew.start("web")
        self.hotline.wait_until_ready()
        self.carrier.ask("DELETE", f"faults/{self._unheard}")

    def settle_in(self, count: int) -> Neighbors:
        """So many new people, of an area of their own."""
        new = Neighbors(next(self._areas), range(self._next, self._next + count))
        self._next += count
        fan_out.settle_in(new)
        return new

    def tell(self, whom: int | Neighbors, *, lane: Lane = Lane.ALERT, seconds: float = 7200) -> FanOut:
        """Something is released to them (so many new people), and dead after so many seconds."""
        if self._staff is None:
            with writing() as session:
                self._staff = hire(session)
        people = self.settle_in(whom) if isinstance(whom, int) else whom
        return fan_out.tell(self.carrier, self._staff, people, lane, seconds)

    def reaches(self, told: FanOut, count: float) -> None:
        """Wait until so many copies are at the carrier."""
        most = min(count, len(told.people) - 1)
        self._wait_for(lambda: told.phones.look() > most, told)

    def settles(self, *all_told: FanOut) -> None:
        """Every fault is over: now it must come to an end, and every process end when it is asked to."""
        for told in all_told:
            self._wait_for(told.books.are_closed, told)
        assert self.crew.fallen() == [], "ended without being asked to"
        self.crew.stop_all()
        self.carrier.settle()

    def _wait_for(self, condition: Callable[[], bool], told: FanOut) -> None:
        to_go = max(0, len(told.people) - told.phones.look())
        try:
            eventually(condition, LOOKS * LOOK_SECONDS + GRACE_SECONDS + BUSY * to_go / self.pace)
        except AssertionError:
            self.crew.say_where_they_are()
            raise AssertionError(f"stands still: {told.phones.look()} copies, {told.books.states()}") from None

    def trouble(self, kind: str, **how: object) -> None:
        """Something goes wrong at the carrier, until `mend`."""
        self._troubles.append(self.carrier.fault(kind, **how))

    def mend(self) -> None:
        """Nothing goes wrong at the carrier any more."""
        while self._troubles:
            self.carrier.ask("DELETE", f"faults/{self._troubles.pop()}")


def everyone_has_one(told: FanOut, but: Collection[str] = ()) -> None:
    """Nobody lost (`but` who said STOP), nobody doubled, and our books say of each copy what the carrier says."""
    copies = set(told.phones.by_person())
    lost = told.people - copies - set(but)
    assert not lost, f"{len(lost)} were never told:\n{told.books.of(lost)}"
    nobody_has_two(told)
    assert set(told.phones.arrived()) == copies
    assert set(told.books.sids()) == {arrival.sid for arrival in told.phones.arrivals}


def nobody_has_two(told: FanOut) -> None:
    """Counted where they were taken, and where they arrived."""
    copies = told.phones.by_person()
    twice = {to: [f"{arrival.at:.3f} {arrival.sid}" for arrival in of] for to, of in copies.items() if len(of) > 1}
    assert not twice, f"{len(twice)} were told twice: {list(twice.values())[:20]}\n{told.books.of(twice)}"
    assert set(copies) <= told.people
    arrived = told.phones.arrived()
    assert len(arrived) == len(set(arrived))
