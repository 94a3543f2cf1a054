"""What no form of ours sends gets an answer, not an error of ours."""

import re

import pytest
from flask import Flask

from tests.console.conftest import Corner, People
from tests.console.desk import Browser


@pytest.mark.usefixtures("people")
def test_a_stranger_who_signs_in_with_a_nul_is_told_no(nobody: Browser) -> None:
    assert nobody.sends("/sign-in", name="a\x00b", passphrase="x", code="1").status_code == 400
    assert nobody.opens("/invitation/a%00b").status_code == 400
    assert nobody.opens("/sign-in?lang=%00").status_code == 400


def test_no_form_takes_a_nul_in_its_words_or_names(vera: Browser, ana: Browser, corner: Corner) -> None:
    finding = f"/incidents/{corner.incident.id}/finding"
    assert vera.sends(finding, saw="gone", words="x\x00y").status_code == 400
    assert vera.sends(finding, **{"sa\x00w": "gone"}).status_code == 400
    assert vera.sends("/me/phone", number="323555\x00 0199").status_code == 400
    assert ana.sends("/people/invitations", role="\x00").status_code == 400
    assert ana.sends("/notices/new", kind="food", text_es="hola\x00").status_code == 400


def test_half_a_surrogate_pair_is_no_error_of_ours(nobody: Browser, people: People) -> None:
    answer = nobody.client.post("/sign-in", data=b"name=%ED%A0%80", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400
    assert nobody.opens("/invitation/%ED%A0%80").status_code == 404


@pytest.mark.parametrize("beyond", ["9" * 19, str(2**63), str(2**70), "9" * 5000])
def test_no_id_is_larger_than_the_database_counts(app: Flask, ana: Browser, people: People, beyond: str) -> None:
    numbered = [rule for rule in app.url_map.iter_rules() if "<int:" in rule.rule]
    assert len(numbered) > 20
    for rule in numbered:
        path = re.sub(r"<int:\w+>", beyond, rule.rule)
        answer = ana.opens(path) if "GET" in (rule.methods or ()) else ana.sends(path)
        assert answer.status_code == 404, rule.rule


def test_the_largest_id_there_can_be_is_looked_for(ana: Browser, people: People) -> None:
    for path in ("incidents", "alerts", "notices"):
        assert ana.opens(f"/{path}/{10**18 - 1}").status_code == 404
