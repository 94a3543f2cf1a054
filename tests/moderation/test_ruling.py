"""Who may say without a look that it was something else? A dispatcher, by a named source's word, and nobody against eyes."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.alerts import desk, known
from bot.incidents import opening
from bot.incidents.models import Incident
from bot.incidents.states import IncidentState, WordOf
from bot.moderation import claims, outcomes, ruling
from bot.moderation.models import Saw
from bot.moderation.refusals import Refused
from bot.people.models import Person
from bot.places import gazetteer
from bot.privacy import audit
from messages import catalog, languages
from tests.moderation.cast import LUIS, Town

S = IncidentState
CALL = "HPPD 26-01234"


def test_it_records_what_it_was_and_by_whose_word(town: Town, dora: Person) -> None:
    incident = town.incident()
    made = ruling.debunk(town.session, incident, dora, "drill", "police_desk", f" {CALL} ")
    assert (incident.state, incident.was, incident.word_of) == (S.DEBUNKED, "drill", WordOf.POLICE_DESK)
    assert (made.was, made.word_of, made.reference, made.person_id) == ("drill", WordOf.POLICE_DESK, CALL, dora.id)
    assert incident.looked_at is None, "nobody looked"
    assert audit.broken_at(town.session) is None


def test_reporters_hear_who_said_so_and_that_we_did_not_see_it(town: Town, dora: Person) -> None:
    luis, rosa = town.phone("es"), town.phone("en")
    incident = town.tells(luis).incident
    town.tells(rosa)
    assert incident is not None
    ruling.debunk(town.session, incident, dora, "old_photo", "school_office")
    outcomes.tell(town.session, incident)
    assert town.keys(luis) == town.keys(rosa) == ["outcomes.by_word"]
    assert "the school office told us" in town.read(rosa)[0] and "We did not see it" in town.read(rosa)[0]
    assert "la oficina de la escuela" in town.read(luis)[0] and "Fuimos" not in town.read(luis)[0]


@pytest.mark.parametrize("was", ruling.WAS)
@pytest.mark.parametrize("language", languages.WRITTEN)
def test_every_reason_and_source_is_said_in_every_language(was: str, language: str) -> None:
    for source in WordOf:
        said = catalog.text(
            "outcomes.by_word",
            language,
            place="Pacific & Florence",
            time="6:08am",
            was=catalog.text(f"outcomes.was_{was}", language),
            source=catalog.text(f"outcomes.by_{source}", language),
        )
        assert catalog.has(f"outcomes.was_{was}", language) and catalog.has(f"outcomes.by_{source}", language)
        assert "911" not in said and "Pacific & Florence" in said


def test_whoever_asks_hears_the_same(town: Town, dora: Person) -> None:
    incident = town.incident()
    ruling.debunk(town.session, incident, dora, "police", "police_desk", CALL)
    said = known.of_place(town.session, gazetteer.find("pacific y florence huntington park"))
    assert said.key == "alerts.known_something_else_by_word"
    words = catalog.text(said.key, "en", **said.words("en"))
    assert "the police told us" in words and "did not see it ourselves" in words


def test_whoever_was_on_the_way_hears_it_and_need_not_go(town: Town, dora: Person) -> None:
    vera = town.person("Vera")
    incident = town.incident()
    claims.claim(town.session, incident, vera)
    ruling.debunk(town.session, incident, dora, "police", "police_desk", CALL)
    assert town.keys(vera)[-1] == "pages.closed_by_word" and "the police" in town.read(vera)[-1]


def test_a_new_witness_opens_it_again_without_the_old_word(town: Town, dora: Person) -> None:
    incident = town.incident()
    ruling.debunk(town.session, incident, dora, "police", "police_desk", CALL)
    opening.reopen(town.session, incident, opening.REPORTED_AGAIN)
    assert (incident.was, incident.word_of) == (None, None)
    desk.found(town.session, incident, town.person("Vera"), Saw.SOMETHING_ELSE, was="film_crew")
    assert (incident.state, incident.was, incident.word_of) == (S.DEBUNKED, "film_crew", None)


def test_no_word_stands_against_eyes(town: Town, dora: Person) -> None:
    incident = town.incident()
    desk.found(town.session, incident, town.person("Vera"), Saw.IMMIGRATION, "somebody in a vest")
    assert incident.state is S.VERIFYING
    with pytest.raises(Refused) as refused:
        ruling.debunk(town.session, incident, dora, "police", "police_desk", CALL)
    assert refused.value.key == "console.ruling.seen"


@pytest.mark.parametrize("state", sorted(set(S) - {S.UNCONFIRMED, S.VERIFYING, S.MERGED}))
def test_what_was_decided_is_not_a_dispatchers_to_undo(town: Town, dora: Person, state: S) -> None:
    incident = town.incident()
    incident.state, incident.was = state, "police" if state is S.DEBUNKED else None
    town.session.flush()
    for rule in (
        lambda: ruling.debunk(town.session, incident, dora, "police", "police_desk", CALL),
        lambda: ruling.cannot_tell(town.session, incident, dora, "unsafe"),
    ):
        with pytest.raises(Refused) as refused:
            rule()
        assert refused.value.key == "console.ruling.decided"


@pytest.mark.parametrize(
    ("was", "source", "reference", "key"),
    [
        ("nobody", "police_desk", CALL, "refused.choose"),
        ("unfounded", "police_desk", CALL, "refused.choose"),
        ("something_else", "police_desk", CALL, "refused.choose"),
        ("police", "a_friend", CALL, "refused.choose"),
        ("police", "police_desk", "  ", "ruling.no_reference"),
        ("police", "partner_network", "", "ruling.no_reference"),
        ("police", "police_desk", "323-555-0104", "ruling.reference"),
        ("police", "police_desk", "(323) 555 0104", "ruling.reference"),
        ("police", "police_desk", "x" * 33, "ruling.reference"),
        ("police", "police_desk", "<b>officer", "ruling.reference"),
    ],
)
def test_it_takes_one_of_our_words_and_a_source_that_can_be_asked_again(
    town: Town, dora: Person, was: str, source: str, reference: str, key: str
) -> None:
    incident = town.incident()
    with pytest.raises(Refused) as refused:
        ruling.debunk(town.session, incident, dora, was, source, reference)
    assert refused.value.key == f"console.{key}" and incident.state is S.UNCONFIRMED


@pytest.mark.parametrize("why", ["nobody_free", "place_unclear", "too_long_ago", "unsafe"])
def test_that_nobody_can_tell_has_its_reason(town: Town, dora: Person, why: str) -> None:
    luis = town.phone()
    incident = town.tells(luis).incident
    assert incident is not None
    made = ruling.cannot_tell(town.session, incident, dora, why)
    assert (incident.state, made.why, made.was, incident.was) == (S.UNVERIFIABLE, why, None, None)
    assert town.keys(luis) == ["outcomes.unverifiable"]


def test_not_while_somebody_is_on_the_way(town: Town, dora: Person) -> None:
    incident = town.incident()
    claims.claim(town.session, incident, town.person("Vera"))
    with pytest.raises(Refused) as refused:
        ruling.cannot_tell(town.session, incident, dora, "nobody_free")
    assert refused.value.key == "console.ruling.somebody_goes"


@pytest.mark.parametrize(
    "columns",
    ["'police', NULL, NULL", "NULL, 'police_desk', NULL", "NULL, NULL, NULL", "'police', 'police_desk', 'unsafe'"],
)
def test_the_database_keeps_no_word_without_its_source(town: Town, dora: Person, columns: str) -> None:
    incident: Incident = town.incident(LUIS)
    said = "INSERT INTO ruling (incident_id, at, reference, was, word_of, why)"
    said += f" VALUES ({incident.id}, '2026-11-22', '', {columns})"
    with pytest.raises(IntegrityError), town.session.begin_nested():
        town.session.execute(text(said))
