"""The public page, and the two questions machines ask: do you run, and can you work?"""

import structlog
from flask import Blueprint, Response, render_template, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.health import stores
from bot.places.neighborhoods import all_neighborhoods, name_of
from bot.settings import settings
from messages import catalog, languages

public = Blueprint(
    "public", __name__, template_folder="templates", static_folder="static", static_url_path="/static/public"
)
log = structlog.get_logger()
LOOPBACK = ("127.0.0.1", "::1")


@public.get("/")
def front() -> Response:
    """Who we are, how to join, what we keep: in the reader's language, nothing loaded from anywhere else."""
    language = _language()
    page = render_template(
        "front.html",
        say=lambda key, **values: catalog.text(f"public.{key}", language, **values),
        language=language,
        others=[known for known in languages.WRITTEN if known != language],
        own_name=lambda code: languages.language(code).own_name,
        operator=settings().operator_name or catalog.text("hotline.operator_unnamed", language),
        number=settings().twilio_from_number,
        spaced=spaced(settings().twilio_from_number),
        areas=sorted(name_of(area.id, language) for area in all_neighborhoods()),
    )
    return Response(page, headers={"Vary": "Accept-Language"})


@public.get("/healthz")
def alive() -> Response:
    return Response("ok\n", mimetype="text/plain")


@public.get("/readyz")
def ready() -> Response:
    """200 when the database answers with today's tables. Redis may be away: work goes on without it, more slowly."""
    database = stores.database()
    if database is stores.Answer.GONE:
        log.warning("not_ready", reason="database")
        return Response("no database\n", status=503, mimetype="text/plain")
    if database is stores.Answer.BEHIND:
        return Response("migrate first\n", status=503, mimetype="text/plain")
    return Response("ready\n" if stores.redis() else "ready, without redis\n", mimetype="text/plain")


@public.get("/metrics")
def metrics() -> Response:
    """Counts only, for this machine only (docs/threat-model.md T34)."""
    if request.remote_addr not in LOOPBACK or "X-Forwarded-For" in request.headers:
        return Response(status=404)
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def spaced(number: str) -> str:
    """+15625550100 -> (562) 555-0100, as people read it."""
    digits = number.removeprefix("+1")
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}" if len(digits) == 10 else number


def _language() -> str:
    asked = request.args.get("lang", "")
    if languages.is_complete(asked):
        return languages.base(asked)
    return request.accept_languages.best_match(languages.WRITTEN) or "es"
