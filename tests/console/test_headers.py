"""What every answer says to the browser: over all routes, signed in or not, errors included."""

import re

import pytest
from flask import Flask

from bot.console.app import make_app
from tests.console.conftest import Corner
from tests.console.desk import Browser, stranger
from tests.console.test_doors import routes
from tests.services.settings import Environment

ERRORS = (
    "/nothing-here",
    "/incidents/99999",
    "/alerts/99999",
    "/incidents/abc",
    "/static/nothing.js",
    "/invitation/nonsense",
)
POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'",
    "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
}  # fmt: skip


def _guarded(headers: dict[str, str], path: str) -> None:
    assert set(headers["Content-Security-Policy"].split("; ")) == POLICY, path
    assert headers["X-Content-Type-Options"] == "nosniff", path
    assert headers["Referrer-Policy"] == "no-referrer", path
    if "?v=" not in path:
        assert headers["Cache-Control"] == "no-store", path


@pytest.mark.usefixtures("corner")
def test_every_route_is_guarded_for_everybody(app: Flask, ana: Browser, nobody: Browser) -> None:
    for browser in (nobody, ana):
        for endpoint, method, path in routes(app):
            if endpoint in ("me.end_others", "sign_in.leave"):
                continue
            answer = browser.opens(path) if method == "GET" else browser.sends(path)
            _guarded(dict(answer.headers), path)


def test_errors_are_guarded_too(ana: Browser, nobody: Browser) -> None:
    for browser in (nobody, ana):
        for path in ERRORS:
            answer = browser.opens(path)
            assert answer.status_code in (303, 404), path
            _guarded(dict(answer.headers), path)
        for method in ("put", "delete", "patch", "options"):
            _guarded(dict(getattr(browser.client, method)("/").headers), method)


def test_a_fault_of_ours_is_guarded_and_says_nothing_of_how_we_are_built(
    app: Flask, ana: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret of +13235550101")

    monkeypatch.setitem(app.view_functions, "queue.show", broken)
    answer = ana.opens("/")
    assert answer.status_code == 500
    _guarded(dict(answer.headers), "/")
    assert "Something went wrong on our side" in answer.text
    for telling in ("secret", "Traceback", "RuntimeError", "5550101"):
        assert telling not in answer.text


def test_only_our_own_files_are_kept_by_browsers_and_only_under_their_mark(nobody: Browser) -> None:
    page = nobody.reads("/sign-in")
    addresses = re.findall(r'(?:href|src)="([^"]*static[^"]*)"', page)
    assert len(addresses) == 6
    for address in addresses:
        assert "immutable" in nobody.opens(address).headers["Cache-Control"]
        assert nobody.opens(address.split("?")[0]).headers["Cache-Control"] == "no-store"


def test_https_is_asked_for_where_we_have_it(env: Environment, database_url: str) -> None:
    assert "Strict-Transport-Security" not in stranger(make_app()).opens("/sign-in").headers
    env.set(public_base_url="https://contigo.example")
    answer = stranger(make_app()).client.get("/sign-in", base_url="https://contigo.example")
    assert "max-age=63072000" in answer.headers["Strict-Transport-Security"]


def test_no_page_has_a_script_or_style_of_its_own(ana: Browser, corner: Corner) -> None:
    """The policy would refuse it; a page that relied on one would be broken."""
    for path in (
        "/",
        f"/incidents/{corner.incident.id}",
        f"/alerts/{corner.alert.id}",
        "/notices/new",
        "/people",
        "/me",
    ):
        page = ana.reads(path)
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|hx-on|javascript:", page), path
        assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", page), path
