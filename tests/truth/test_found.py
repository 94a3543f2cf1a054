"""What did random sequences come upon that nobody had thought of? Each stays here, as short as it could be told."""

from tests.truth import said
from tests.truth.machine import Truth
from tests.truth.people import REPORTERS, SENIOR, VERIFIERS, VOLUNTEERS
from tests.truth.town import worlds
from tests.truth.world import SEE_OTHER, WorldMaker

__all__ = ["worlds"]

DAN = VOLUNTEERS[6]


def test_whoever_tells_of_it_long_after_it_was_closed_is_answered_too(worlds: WorldMaker) -> None:
    """The same words as before open nothing again; an hour after it was closed nobody looked for who was owed an answer."""
    play = Truth(worlds())
    play.begins(so_far="told")
    play.holds()
    play.looks(who=SENIOR, at=0, saw="nobody")
    play.holds()
    for who in REPORTERS[1:3]:
        play.passes(minutes=46)
        play.reports(who=who, told=said.SIGHTINGS[0])
        play.holds()
    play.teardown()


def test_of_an_alert_that_was_changed_by_hand_a_doubt_is_refused_and_no_error(worlds: WorldMaker) -> None:
    """There is nothing any more that one person's fixed words could be about."""
    play = Truth(worlds())
    play.begins(so_far="out")
    play.holds()
    play.edits(at=0, what=said.EDITS[0])
    play.holds()
    assert play.world.clicks(DAN, "/incidents/1/doubt") == SEE_OTHER
    play.holds()
    assert [row.kind.value for row in play.world.books.release.values()] == ["alert"]


def test_whoever_tells_of_it_while_it_is_in_doubt_is_answered_though_no_update_went_out(worlds: WorldMaker) -> None:
    """Seen again after all; nobody let the update out, and what had been told ran out."""
    play = Truth(worlds())
    play.begins(so_far="out")
    play.holds()
    assert play.world.clicks(DAN, "/incidents/1/doubt") == SEE_OTHER
    play.holds()
    play.reports(who=REPORTERS[1], told=said.SIGHTINGS[1])
    play.holds()
    play.looks(who=SENIOR, at=0, saw="ice")
    play.holds()
    assert [row.state.value for row in play.world.books.incident.values()] == ["confirmed"]
    play.teardown()


def test_whoever_tells_again_after_they_heard_it_hears_it_of_that_as_well_when_a_dispatcher_brings_it_there(
    worlds: WorldMaker,
) -> None:
    play = Truth(worlds())
    play.begins(so_far="out")
    play.holds()
    play.passes(minutes=16)
    play.reports(who=REPORTERS[0], told=said.SIGHTINGS[2])
    play.holds()
    play.merges(away=1, into=0)
    play.holds()
    assert [row.merged_into for row in play.world.books.incident.values()] == [None, 1]
    play.teardown()


def test_what_a_dispatcher_parts_and_closes_by_the_same_word_is_said_once(worlds: WorldMaker) -> None:
    play = Truth(worlds())
    play.begins(so_far="told")
    play.holds()
    play.reports(who=REPORTERS[3], told=said.SIGHTINGS[0])
    play.holds()
    play.passes(minutes=0.2)
    play.decides_by_word(at=0, word="city_office")
    play.holds()
    play.splits(at=0, place=said.PLACES[0])
    play.holds()
    play.decides_by_word(at=1, word="city_office")
    play.holds()
    assert [row.state.value for row in play.world.books.incident.values()] == ["debunked"] * 2
    play.teardown()


def test_who_can_no_longer_tell_and_who_sees_nobody_are_a_yes_and_a_no(worlds: WorldMaker) -> None:
    play = Truth(worlds())
    play.begins(so_far="out")
    play.holds()
    play.looks(who=VERIFIERS[0], at=0, saw="perhaps")
    play.holds()
    play.looks(who=SENIOR, at=0, saw="nobody")
    play.holds()
    play.teardown()
