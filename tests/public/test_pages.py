"""What anybody may see: who we are, how to join, what we keep; and whether the hotline runs."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tests.services.settings import Environment


@pytest.fixture
def door(database_url: str, redis_url: str, env: Environment) -> Iterator[FlaskClient]:
    env.set(twilio_from_number="+15625550100", operator_name="Vecinos de Prueba")
    from bot.wsgi import make_door

    with make_door().test_client() as client:
        yield client


@pytest.mark.parametrize(("language", "said"), [("es", "No somos el 911"), ("en", "We are not 911")])
def test_the_front_page_speaks_the_readers_language(door: FlaskClient, language: str, said: str) -> None:
    page = door.get("/", headers={"Accept-Language": language}).text
    assert said in page
    assert "Vecinos de Prueba" in page
    assert "(562) 555-0100" in page
    assert said in door.get(f"/?lang={language}").text


def test_it_loads_nothing_from_anywhere_else(door: FlaskClient) -> None:
    answer = door.get("/")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "https://" not in answer.text
    with door.get("/static/public/front.css") as style:
        assert style.status_code == 200


def test_ready_means_a_database_with_todays_tables(door: FlaskClient, env: Environment) -> None:
    assert door.get("/healthz").status_code == 200
    assert door.get("/readyz").text == "ready\n"
    env.set(redis_url="redis://127.0.0.1:9/0")
    assert "without redis" in door.get("/readyz").text
    env.set(database_url="postgresql://nobody@127.0.0.1:9/nothing?connect_timeout=2")
    assert door.get("/readyz").status_code == 503


@pytest.mark.threat("T34")
def test_metrics_are_for_this_machine_only(door: FlaskClient) -> None:
    assert door.get("/metrics").status_code == 200
    assert door.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 404
    assert door.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404


@pytest.mark.threat("T34")
def test_there_are_only_the_documented_routes(door: FlaskClient) -> None:
    assert {str(rule) for rule in door.application.url_map.iter_rules()} == {
        "/", "/healthz", "/readyz", "/metrics", "/static/public/<path:filename>",
        "/twilio/inbound", "/twilio/receipts", "/twilio/voice", "/clips/<language>/<name>",
    }  # fmt: skip
