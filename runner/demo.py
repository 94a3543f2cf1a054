"""What is the demo? Every process of the Procfile, a carrier to practise with, sample people; and where to look."""

import os
import subprocess
import sys
from collections.abc import Mapping

from runner import demo_settings
from runner.keeper import ROOT
from runner.local import release, with_redis
from runner.procfile import processes
from runner.together import AlreadyRuns, Together, the_only

STAFF = ("web", "urgent", "bulk", "clock")
SECRETS = ("NUMBER_PRIVATE_KEY", "NUMBER_TAG_KEY", "LEDGER_TAG_KEY", "TEXT_KEY", "CONSOLE_SECRET_KEY")
"""The carrier knows none of them, and its stand-in should not either."""


def demo(tour: bool) -> int:
    """Start everything; with `tour`, play the story on it and end with its verdict."""
    if demo_settings.is_real():
        print(
            "There is a .env here: this checkout is set up to be a real hotline.\n"
            "Practice texts must never reach real phones, so the demo runs only in a checkout without one.",
            file=sys.stderr,
        )
        return 2
    try:
        with the_only(demo_settings.FOLDER / "run"):
            return _everything(tour)
    except AlreadyRuns:
        print("The demo of this checkout already runs.", file=sys.stderr)
        return 1


def _everything(tour: bool) -> int:
    carrier_given = bool(os.environ.get("TWILIO_API_BASE_URL"))
    settings = with_redis(demo_settings.with_free_ports())
    release(settings)
    _introduce(settings)
    together = Together(demo_settings.FOLDER / "run", show_only="guide" if tour else "")
    if not carrier_given:
        carrier = {name: value for name, value in settings.items() if name not in SECRETS}
        together.add("simulator", _simulator(settings), carrier)
    for name in STAFF:
        together.add(name, processes()[name], settings)
    guided = {"GUIDE_PHONES": "" if carrier_given else f"http://127.0.0.1:{settings['SIMULATOR_PORT']}/"}
    together.add("guide", f"python -m runner.guide{' --tour' if tour else ''}", settings | guided)
    return together.run()


def _introduce(settings: Mapping[str, str]) -> None:
    """Make the demo's people; the guide shows how to sign in as each."""
    command = [sys.executable, "-m", "bot", "demo", "people"]
    people = subprocess.run(command, cwd=ROOT, env=settings, check=True, stdout=subprocess.PIPE, text=True).stdout
    (demo_settings.FOLDER / "people.txt").write_text(people)


def _simulator(settings: Mapping[str, str]) -> str:
    return f"python -m simulator --port {settings['SIMULATOR_PORT']} --hotline {settings['PUBLIC_BASE_URL']}"
