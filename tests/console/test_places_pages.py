"""The map of now says in words what it draws; the history withholds what is small; every neighborhood has an outline of ours."""

import re

import pytest
from sqlalchemy import event, select

from bot.clock import ago
from bot.console import drawing, places
from bot.incidents.models import Incident
from bot.incidents.states import IncidentState
from bot.places.neighborhoods import all_neighborhoods
from bot.places.outlines import areas_at
from bot.store.engine import engine
from bot.store.session import writing
from bot.subscriptions import listening
from tests.console.conftest import NUMBERS, Corner, People, reported, subscribe
from tests.console.desk import Browser


def _how(page: str) -> dict[str, str]:
    return dict(re.findall(r'data-area="(\w+)" data-how="(\w+)"', page))


def test_the_list_says_every_neighborhood_the_busy_ones_first(vera: Browser, corner: Corner) -> None:
    page = vera.reads("/map")
    how = _how(page)
    assert set(how) == {each.id for each in all_neighborhoods()}
    assert how["hp"] == "checking" and how["bell"] == "quiet"
    assert next(iter(how)) in corner.incident.neighborhoods
    assert f'href="/incidents/{corner.incident.id}"' in page and corner.incident.code in page


def test_an_alert_that_is_out_is_told(vera: Browser, luz: Browser, corner: Corner) -> None:
    luz.does(f"/alerts/{corner.alert.id}/release", words=luz.words(f"/alerts/{corner.alert.id}"))
    page = vera.reads("/map")
    assert _how(page)["hp"] == "told"
    assert "1 alert is out" in page and f'href="/alerts/{corner.alert.id}"' in page


def test_how_many_hear_of_it_is_said_unless_they_are_few(vera: Browser, corner: Corner) -> None:
    assert "not counted yet" in vera.reads("/map")
    with writing() as session:
        subscribe(session, NUMBERS[25], "bell")
    while listening.count():
        pass
    rows = re.split(r'data-area="', vera.reads("/map"))
    said = {row.split('"')[0]: row for row in rows[1:]}
    assert "10 people hear of it" in said["hp"]
    assert "few hear of it" in said["bell"] and "1 person" not in said["bell"]


def test_without_a_script_the_outlines_are_drawn_all_the_same(vera: Browser, corner: Corner) -> None:
    page = vera.reads("/map")
    assert page.count("<polygon") == len(all_neighborhoods())
    assert 'class="area is-checking"' in page
    assert "style=" not in page.split("<main")[1]


def test_a_script_gets_the_same_and_asks_anew_only_for_news(vera: Browser, corner: Corner) -> None:
    answer = vera.opens("/map/now.json")
    known = answer.get_json()
    assert known["areas"]["hp"]["how"] == "checking"
    assert [spot["address"] for spot in known["spots"]] == [f"/incidents/{corner.incident.id}"]  # once, on its border
    assert vera.opens("/map/now.json", **{"If-None-Match": answer.headers["ETag"]}).status_code == 304
    shapes = vera.opens("/map/shapes.json").get_json()
    assert {one["properties"]["area"] for one in shapes["features"]} == {each.id for each in all_neighborhoods()}


def test_many_incidents_of_one_neighborhood_are_named_in_part(vera: Browser, people: People) -> None:
    _kept(7, IncidentState.UNCONFIRMED)
    page = vera.reads("/map")
    assert "8 open incidents" in page and f"and {8 - places.LISTED} more:" in page


def test_an_incident_is_drawn_among_its_neighbors(corner: Corner) -> None:
    near = drawing.near(corner.incident)
    assert {shape.area for shape in near.shapes} >= {"hp", "walnut_park", "florence"}
    assert near.spot is not None
    left, top, width, height = map(float, near.box.split())
    assert left < near.spot[0] < left + width and top < near.spot[1] < top + height


@pytest.mark.parametrize("area", [each.id for each in all_neighborhoods()])
def test_each_outline_lies_where_its_neighborhood_is(area: str) -> None:
    """What is drawn is what decides where a corner lies: the neighborhood's centre is in it, or at its edge."""
    centre = next(each.centre for each in all_neighborhoods() if each.id == area)
    assert area in areas_at(centre)
    assert area in {shape.area for shape in drawing.everything().shapes}


def test_the_history_counts_by_outcome_and_withholds_what_is_small(vera: Browser, corner: Corner) -> None:
    _kept(12, IncidentState.NOT_SEEN)
    _kept(11, IncidentState.DEBUNKED)
    _kept(3, IncidentState.UNVERIFIABLE)
    cells = _row(vera.reads("/map/history"), "maywood")
    assert cells == ["0", "few", "12", "few", "0"]  # three alone would follow from the others


def test_the_history_goes_back_as_far_as_asked(vera: Browser, corner: Corner) -> None:
    _kept(12, IncidentState.NOT_SEEN, days=60)
    assert _row(vera.reads("/map/history?days=30"), "maywood")[2] == "0"
    assert _row(vera.reads("/map/history?days=90"), "maywood")[2] == "12"
    assert _row(vera.reads("/map/history?days=7"), "maywood") == _row(vera.reads("/map/history"), "maywood")


def test_the_map_reads_no_subscriber_and_no_copy(vera: Browser, corner: Corner) -> None:
    vera.reads("/map")
    asked: list[str] = []

    def hear(connection: object, cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(engine(), "before_cursor_execute", hear)
    for path in ("/map", "/map/rows", "/map/now.json", "/map/history"):
        vera.reads(path)
    assert not [sql for sql in asked if "subscription" in sql or "FROM contact" in sql or "FROM delivery" in sql]


def _row(page: str, area: str) -> list[str]:
    row = page.split(f'data-area="{area}"')[1].split("</tr>")[0]
    return [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<td>(.*?)</td>", row)]


def _kept(number: int, state: IncidentState, days: int = 1) -> None:
    """So many more incidents of Maywood that stand like this."""
    with writing() as session:
        report = reported(session, NUMBERS[9], "la migra esta en slauson y atlantic en maywood ahorita, como 6")
        assert report.incident is not None and "maywood" in report.incident.neighborhoods
        model = session.scalars(select(Incident).where(Incident.id == report.incident_id)).one()
        for n in range(number):
            session.add(
                Incident(
                    code=f"{state.value[0].upper()}{days % 9}{n:02d}", state=state, step=1, place_key=model.place_key,
                    place=model.place, opened_at=ago(days=days), last_report_at=ago(days=days),
                    was="police" if state is IncidentState.DEBUNKED else None,
                    areas=[type(model.areas[0])(neighborhood="maywood")],
                )
            )  # fmt: skip
