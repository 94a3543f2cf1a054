"""Is aid told by two hands, to those who asked, by day, and does a change reach whoever got the old word?"""

import datetime as dt
from dataclasses import dataclass

import pytest
import time_machine
from sqlalchemy import select, update

from bot.clock import ahead, local, now
from bot.contacts.models import Contact
from bot.notices import approval, changes, current, drafts, wording
from bot.notices.drafts import NoticeRefused
from bot.notices.models import Notice, NoticeState
from bot.outbox import freezing, fuse, planning
from bot.outbox.delivery_models import Delivery, State
from bot.outbox.models import Broadcast, BroadcastState, Lane, Release
from bot.people.models import Person, Role
from bot.subscriptions.models import AidKind
from tests.moderation.cast import Town, later

S = NoticeState
FOOD = {
    "es": "HP Con Usted: comida gratis en Salt Lake Park, puerta norte. Traiga bolsa.",
    "en": "HP With You: free food at Salt Lake Park, north gate. Bring a bag.",
}
LATER = {language: text.replace("north", "south").replace("norte", "sur") for language, text in FOOD.items()}


@dataclass
class Office:
    town: Town
    ana: Person
    berta: Person
    """Of another line."""
    carla: Person
    """Of Ana's line."""

    def write(self, **more: object) -> Notice:
        given: dict[str, object] = {
            "kind": AidKind.FOOD,
            "neighborhoods": ["hp"],
            "texts": FOOD,
            "starts_at": now(),
            "ends_at": ahead(hours=30),
        }
        return drafts.write(self.town.session, self.ana, **(given | more))  # type: ignore[arg-type]

    def approve(self, notice: Notice, by: Person | None = None) -> Broadcast:
        broadcast = notice.broadcast
        assert broadcast is not None
        approval.approve(self.town.session, notice, by or self.berta, fuse.words_of(broadcast))
        return broadcast

    def out(self, **more: object) -> Notice:
        notice = self.write(**more)
        approval.submit(self.town.session, notice, self.ana)
        self.approve(notice)
        return notice

    def reaches(self, broadcast: Broadcast) -> set[int | None]:
        while planning.plan_slice(self.town.session, broadcast.id):
            pass
        return set(self.town.session.scalars(select(Delivery.contact_id).where(Delivery.broadcast_id == broadcast.id)))

    def left(self, broadcast: Broadcast, *contacts: Contact) -> None:
        ids = {contact.id for contact in contacts}
        for copy in self.town.session.scalars(select(Delivery).where(Delivery.broadcast_id == broadcast.id)):
            if copy.contact_id in ids:
                copy.state = State.HANDED
        self.town.session.flush()


@pytest.fixture
def office(clock: time_machine.Traveller, town: Town) -> Office:
    clock.move_to("2026-11-22T20:00:00Z")  # noon here
    return Office(
        town,
        town.person("Ana", Role.ORGANIZER, phone=False),
        town.person("Berta", Role.ORGANIZER, line="birch", phone=False),
        town.person("Carla", Role.ORGANIZER, phone=False),
    )


def test_written_by_one_approved_by_another_told_to_those_who_asked_for_both(office: Office) -> None:
    rosa, alerts_only = office.town.neighbor("hp", "aid:food"), office.town.neighbor("hp")
    legal, next_door = office.town.neighbor("hp", "aid:legal"), office.town.neighbor("maywood", "aid:food")
    notice = office.out()
    broadcast = notice.broadcast
    assert broadcast is not None and notice.state is S.APPROVED
    assert broadcast.lane == Lane.NOTICE and broadcast.expires_at == notice.ends_at
    assert office.reaches(broadcast) == {rosa.id}
    assert not {alerts_only.id, legal.id, next_door.id} & office.reaches(broadcast)
    assert {row.language for row in broadcast.renditions} == {"es", "en"}


@pytest.mark.parametrize(("who", "reason"), [("ana", "same_person"), ("carla", "same_line"), ("vera", "wrong_role")])
def test_who_may_not_approve(office: Office, who: str, reason: str) -> None:
    vera = office.town.person("Vera", line="birch")
    notice = office.write()
    approval.submit(office.town.session, notice, office.ana)
    with pytest.raises(NoticeRefused) as refused:
        office.approve(notice, vera if who == "vera" else getattr(office, who))
    assert refused.value.key == f"notices.refused_{reason}"
    assert office.town.session.scalars(select(Release)).all() == []


def test_only_organizers_write(office: Office) -> None:
    with pytest.raises(NoticeRefused):
        drafts.write(
            office.town.session, office.town.person("Vera"), kind=AidKind.FOOD, neighborhoods=["hp"], texts=FOOD,
            starts_at=now(), ends_at=ahead(hours=1),
        )  # fmt: skip


def test_not_while_frozen_not_after_an_edit_not_twice(office: Office) -> None:
    session, notice = office.town.session, office.write()
    approval.submit(session, notice, office.ana)
    assert notice.broadcast is not None
    read = fuse.words_of(notice.broadcast)
    held = freezing.freeze(session, office.ana)
    with pytest.raises(NoticeRefused, match="frozen"):
        approval.approve(session, notice, office.berta, read)
    freezing.thaw(session, held.id, office.ana)
    freezing.thaw(session, held.id, office.berta)
    with pytest.raises(NoticeRefused, match="words_changed"):
        approval.approve(session, notice, office.berta, b"0" * 32)
    approval.approve(session, notice, office.berta, read)
    with pytest.raises(NoticeRefused, match="not_waiting"):
        approval.approve(session, notice, office.berta, read)


def test_returned_with_a_reason_mended_and_approved(office: Office) -> None:
    session, notice = office.town.session, office.write()
    first = approval.submit(session, notice, office.ana)
    approval.return_to_author(session, notice, office.berta, "Which gate?")
    assert (
        notice.state is S.RETURNED and notice.returned_why == "Which gate?" and first.state is BroadcastState.CANCELLED
    )
    drafts.edit(session, notice, office.ana, texts=LATER, starts_at=notice.starts_at, ends_at=notice.ends_at)
    approval.submit(session, notice, office.ana)
    assert "sur" in "".join(row.text for row in office.approve(notice).renditions)


def test_what_waits_is_edited_by_nobody_and_a_draft_only_by_its_author(office: Office) -> None:
    session, notice = office.town.session, office.write()
    with pytest.raises(NoticeRefused, match="not_yours"):
        drafts.edit(session, notice, office.berta, texts=LATER, starts_at=notice.starts_at, ends_at=notice.ends_at)
    approval.submit(session, notice, office.ana)
    with pytest.raises(NoticeRefused, match="not_a_draft"):
        drafts.edit(session, notice, office.ana, texts=LATER, starts_at=notice.starts_at, ends_at=notice.ends_at)


@pytest.mark.parametrize(
    ("here", "until"), [("2026-11-22T23:30", "2026-11-23T08:00"), ("2026-11-23T05:10", "2026-11-23T08:00"),
                        ("2026-11-22T21:00", "2026-11-23T08:00")],
)  # fmt: skip
def test_aid_waits_for_the_morning(office: Office, clock: time_machine.Traveller, here: str, until: str) -> None:
    clock.move_to(dt.datetime.fromisoformat(f"{here}:00-08:00"))
    broadcast = office.out().broadcast
    assert broadcast is not None and broadcast.not_before is not None
    assert local(broadcast.not_before).strftime("%Y-%m-%dT%H:%M") == until


@pytest.mark.parametrize("here", ["2026-11-22T08:00", "2026-11-22T20:59"])
def test_by_day_it_leaves_at_once(office: Office, clock: time_machine.Traveller, here: str) -> None:
    clock.move_to(dt.datetime.fromisoformat(f"{here}:00-08:00"))
    broadcast = office.out().broadcast
    assert broadcast is not None and broadcast.not_before is None


def test_quiet_hours_end_on_the_clock_on_the_wall_when_it_is_set_forward(office: Office) -> None:
    """8 March 2026, 2 a.m. does not exist here: eight o'clock is still eight o'clock."""
    morning = approval.awake(dt.datetime.fromisoformat("2026-03-08T01:00:00-08:00"))
    assert morning is not None and local(morning).strftime("%H:%M") == "08:00"


def test_a_change_goes_to_whoever_got_the_old_word(office: Office) -> None:
    rosa = office.town.neighbor("hp", "aid:food")
    notice = office.out()
    assert notice.broadcast is not None
    office.reaches(notice.broadcast)
    office.left(notice.broadcast, rosa)
    newcomer = office.town.neighbor("hp", "aid:food")
    fresh = changes.change(office.town.session, notice, office.ana, texts=LATER)
    assert fresh.version == 2 and notice.state is S.APPROVED, "the old one holds until the new one is approved"
    approval.submit(office.town.session, fresh, office.ana)
    broadcast = office.approve(fresh)
    assert notice.state.value == "replaced" and broadcast.same_people_as == notice.broadcast_id
    assert office.reaches(broadcast) == {rosa.id} and newcomer.id not in office.reaches(broadcast)
    assert "CAMBIO" in next(row.text for row in broadcast.renditions if row.language == "es")
    assert current.on_now(office.town.session, ["hp"]) == [fresh]


def test_a_change_while_the_old_one_still_waits_goes_to_everybody_and_drops_the_old_copies(office: Office) -> None:
    rosa, ben = office.town.neighbor("hp", "aid:food"), office.town.neighbor("hp", "aid:food")
    notice = office.out()
    assert notice.broadcast is not None
    office.reaches(notice.broadcast)
    office.left(notice.broadcast, rosa)
    fresh = changes.change(office.town.session, notice, office.ana, texts=LATER)
    approval.submit(office.town.session, fresh, office.ana)
    broadcast = office.approve(fresh)
    old = select(Delivery.state).where(Delivery.broadcast_id == notice.broadcast_id, Delivery.contact_id == ben.id)
    assert office.town.session.scalar(old) is State.DROPPED
    assert office.reaches(broadcast) == {rosa.id, ben.id}


def test_changing_twice_rewrites_one_draft(office: Office) -> None:
    notice = office.out()
    first = changes.change(office.town.session, notice, office.ana, texts=LATER)
    assert changes.change(office.town.session, notice, office.ana, texts=FOOD) is first


def test_cancelling_stops_at_once_and_telling_takes_the_second(office: Office) -> None:
    rosa, ben = office.town.neighbor("hp", "aid:food"), office.town.neighbor("hp", "aid:food")
    session, notice = office.town.session, office.out()
    assert notice.broadcast is not None
    office.reaches(notice.broadcast)
    office.left(notice.broadcast, rosa)
    word = changes.cancel(session, notice, office.berta)
    assert notice.state is S.CANCELLED and notice.broadcast.state is BroadcastState.HALTED
    assert current.on_now(session, ["hp"]) == [] and changes.cancel(session, notice, office.ana) is word
    approval.submit(session, word, office.berta)
    broadcast = office.approve(word, office.ana)
    assert office.reaches(broadcast) == {rosa.id} and ben.id not in office.reaches(broadcast)
    assert "CANCELADO" in next(row.text for row in broadcast.renditions if row.language == "es")
    assert current.on_now(session, ["hp"]) == [], "the word that it is off is no aid"


def test_aid_answers_with_what_is_on_now_in_the_persons_language(office: Office, clock: time_machine.Traveller) -> None:
    notice = office.out()
    other = office.out(neighborhoods=["maywood"])
    assert current.on_now(office.town.session, ["hp"]) == [notice]
    assert set(current.on_now(office.town.session, [])) == {notice, other}
    assert "north gate" in current.words(notice, "en") and "puerta norte" in current.words(notice, "es")
    later(clock, hours=31)
    assert current.on_now(office.town.session, ["hp"]) == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Food at bit.ly/3xyz", "wrong_link_short"),
        ("See https://evil.example.com/x", "wrong_link"),
        ("See hpcity-aid.org", "wrong_link"),
        ("x" * 400, "wrong_too_long"),
        ("Come, it is safe", "wrong_promise"),
        ("For undocumented families", "wrong_names"),
        ("", "wrong_no_text"),
    ],
)
def test_words_that_may_not_go_out(office: Office, text: str, key: str) -> None:
    notice = office.write(texts=FOOD | {"en": text})
    assert f"notices.{key}" in {one.key for one in drafts.trouble(notice)}
    with pytest.raises(NoticeRefused):
        approval.submit(office.town.session, notice, office.ana)
    assert notice.state is S.DRAFT


def test_links_to_listed_hosts_may(office: Office) -> None:
    assert drafts.trouble(office.write(texts=FOOD | {"en": "Food: https://www.longbeach.gov/food 9am"})) == []


def test_an_organizer_sees_what_each_phone_will_show_and_what_it_costs(office: Office) -> None:
    shown = wording.preview(FOOD | {"es": FOOD["es"] + " Habrá médicos y más"}, ahead(hours=30))
    assert {one.language for one in shown} == {"es", "en"}
    assert all(one.cost.encoding == "GSM-7" and one.cost.segments <= 2 for one in shown)


def test_a_cancellation_always_fits(office: Office) -> None:
    long = {language: ("comida gratis en el parque " * 8).strip() for language in FOOD}
    assert all(one.cost.segments <= 2 for one in wording.preview(long, ahead(hours=30), "cancelled"))


@pytest.mark.parametrize("more", [{"neighborhoods": []}, {"ends_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}])
def test_what_could_never_be_sent_is_not_kept(office: Office, more: dict[str, object]) -> None:
    with pytest.raises(NoticeRefused):
        office.write(**more)


@pytest.mark.parametrize("who", ["ana", "berta"])
def test_nobody_whose_access_was_ended_is_one_of_the_two(office: Office, who: str) -> None:
    """Also where it ended between the page and the click, and this session has read the person before."""
    notice = office.write()
    approval.submit(office.town.session, notice, office.ana)
    assert approval.refusals(office.town.session, notice, office.berta) == []
    ended = update(Person).where(Person.id == getattr(office, who).id).values(revoked_at=now())
    office.town.session.execute(ended.execution_options(synchronize_session=False))
    with pytest.raises(NoticeRefused) as refused:
        office.approve(notice)
    assert refused.value.key == f"notices.refused_{'first_revoked' if who == 'ana' else 'wrong_role'}"
    assert office.town.session.scalars(select(Release)).all() == []
