"""Debunked needs a positive identification: the database keeps none that does not say what it was."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.incidents.states import IncidentState
from bot.moderation import closing, ruling
from messages import catalog, languages
from tests.moderation.cast import Town


def test_the_database_knows_no_debunked_incident_without_what_it_was(town: Town) -> None:
    incident = town.incident()
    with pytest.raises(IntegrityError), town.session.begin_nested():
        closing.close(town.session, incident, IncidentState.DEBUNKED)
    incident.was = "tow_truck"
    closing.close(town.session, incident, IncidentState.DEBUNKED)
    with pytest.raises(IntegrityError), town.session.begin_nested():
        town.session.execute(text("UPDATE incident SET was = NULL"))


@pytest.mark.parametrize("language", languages.COMPLETE)
def test_all_that_it_can_have_been_is_said_in_every_language(language: str) -> None:
    assert {"old_photo", "hoax", "drill", "other_agency", "police"} <= set(ruling.WAS)
    for was in ruling.WAS:
        said = catalog.text(f"outcomes.was_{was}", language)
        assert said and (language == "en" or said != catalog.text(f"outcomes.was_{was}", "en"))
