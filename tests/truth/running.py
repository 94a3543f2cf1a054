"""How are many sequences tried, and what is said of one that fails? Its acts, one a line, and how to see it again."""

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.truth.machine import Truth
from tests.truth.world import WorldMaker

STEPS = 30


def try_out(worlds: WorldMaker, sequences: int, *, derandomize: bool = False) -> None:
    """So many sequences of up to `STEPS` acts. Raises what the first one that fails raises.

    They are not made shorter: a sequence takes a third of a second, and half a page is soon read.
    """

    class InTown(Truth):
        def __init__(self) -> None:
            super().__init__(worlds())

    run_state_machine_as_test(
        InTown,
        settings=settings(
            max_examples=sequences,
            stateful_step_count=STEPS,
            deadline=None,
            print_blob=True,
            derandomize=derandomize,
            database=None,
            report_multiple_bugs=False,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
