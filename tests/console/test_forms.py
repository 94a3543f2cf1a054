"""Only our own pages' forms do anything."""

import pytest
from flask import Flask

from tests.console.desk import Browser
from tests.console.test_doors import routes

FOREIGN = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "https://localhost.evil.example", "Sec-Fetch-Site": "same-origin"},
)


def test_no_form_is_taken_without_its_token(app: Flask, ana: Browser) -> None:
    for _, method, path in routes(app):
        if method == "POST":
            assert ana.client.post(path).status_code == 400, path
            assert ana.sends(path, token="forged").status_code == 400, path


@pytest.mark.parametrize("headers", FOREIGN)
def test_no_form_is_taken_from_another_site_even_with_a_token(
    app: Flask, ana: Browser, headers: dict[str, str]
) -> None:
    token = ana.token()
    for _, method, path in routes(app):
        if method == "POST":
            assert ana.client.post(path, data={"csrf_token": token}, headers=headers).status_code == 403, path


def test_somebody_elses_token_does_not_work(ana: Browser, luz: Browser) -> None:
    assert luz.sends("/freeze", token=ana.token()).status_code == 400


@pytest.mark.parametrize(
    "headers", [{"Origin": "null"}, {"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}, {}]
)
def test_what_browsers_say_of_our_own_forms_is_accepted(ana: Browser, headers: dict[str, str]) -> None:
    """Under no-referrer they send `Origin: null`; old ones say nothing at all."""
    answer = ana.client.post("/me/shift", data={"csrf_token": ana.token(), "on": "1"}, headers=headers)
    assert answer.status_code == 303


def test_a_form_that_is_too_long_is_refused_in_words(ana: Browser) -> None:
    answer = ana.sends("/notices/new", text_es="x" * 70_000)
    assert answer.status_code in (400, 413)
