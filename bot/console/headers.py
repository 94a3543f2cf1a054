"""What does every answer of the console say to the browser, errors included? One function, tested over every route."""

from flask import Response, request

from bot.console.cookies import is_https

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}
TWO_YEARS = "max-age=63072000; includeSubDomains"
VENDORED_FOR_A_YEAR = "public, max-age=31536000, immutable"


def guard(response: Response) -> Response:
    """Pages about people are kept by no browser and framed by no site; only our own files run."""
    response.headers.update(ALWAYS)
    response.headers["Cache-Control"] = VENDORED_FOR_A_YEAR if _is_vendored(response) else "no-store"
    if is_https():
        response.headers["Strict-Transport-Security"] = TWO_YEARS
    return response


def _is_vendored(response: Response) -> bool:
    """Files under static/ are asked for by their content's mark, and are the same for everybody."""
    return request.endpoint == "static" and "v" in request.args and response.status_code in (200, 304)
