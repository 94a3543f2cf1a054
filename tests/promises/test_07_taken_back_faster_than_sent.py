"""Promise 7. A correction goes ahead of everything, to everyone who was reached or cannot be ruled out, and to nobody else."""

from bot.outbox.delivery_models import Delivery, State
from bot.outbox.models import Kind, Lane
from tests.alerts.stage import Stage


def test_a_correction_reaches_all_who_may_have_been_told_and_only_them(stage: Stage) -> None:
    from bot.alerts import correction

    town = stage.town
    told, maybe, never, gone = (town.neighbor() for _ in range(4))
    stage.found()
    alert = stage.release()
    stage.plan(alert.broadcast_id)
    stage.hand(alert.broadcast_id, told, gone)
    for copy in town.session.query(Delivery).filter(
        Delivery.contact_id == maybe.id, Delivery.broadcast_id.is_not(None)
    ):
        copy.state = State.UNKNOWN
    gone.stop()
    town.session.flush()
    correction.propose_correction(town.session, stage.incident, stage.omar, "police")
    released = stage.release(Kind.CORRECTION, by=stage.olga)
    assert stage.plan(released.broadcast_id) == {told.id, maybe.id}
    assert released.broadcast.lane == Lane.CORRECTION == min(Lane)
    unsent = (
        town.session.query(Delivery).filter(Delivery.contact_id == never.id, Delivery.broadcast_id.is_not(None)).one()
    )
    assert unsent.state is State.DROPPED
