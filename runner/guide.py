"""Is everything up, and where does one look? The demo's guide waits, says so, and with `--tour` plays the story."""

import http.client
import os
import signal
import subprocess
import sys
import time
from urllib.parse import urlsplit

from runner import demo_settings
from runner.keeper import ROOT

PATIENCE_SECONDS = 60.0


def main() -> int:
    hotline, phones = f"http://127.0.0.1:{os.environ['PORT']}", os.environ["GUIDE_PHONES"]
    waiting_for = [f"{hotline}/readyz"] + ([phones] if phones else [])
    deadline = time.monotonic() + PATIENCE_SECONDS
    for address in waiting_for:
        while not _answers(address):
            if time.monotonic() > deadline:
                print(f"{address} does not answer after {PATIENCE_SECONDS:g} s; see the lines above, or var/demo/run/.")
                return 1
            time.sleep(0.1)
    print(_welcome(hotline, phones), flush=True)
    if "--tour" in sys.argv[1:]:
        return subprocess.run([sys.executable, "-m", "bot", "demo", "tour"], cwd=ROOT, check=False).returncode
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    return 0


def _answers(address: str) -> bool:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=5)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def _welcome(hotline: str, phones: str) -> str:
    people = (demo_settings.FOLDER / "people.txt").read_text().rstrip()
    rows = [
        ("Phones", phones or f"the carrier at {os.environ['TWILIO_API_BASE_URL']}"),
        ("Console", f"{hotline}/console/"),
        ("Public page", f"{hotline}/"),
    ]
    lines = ["", "Contigo runs. Ctrl-C ends it.", *(f"  {name:<12} {address}" for name, address in rows)]
    return "\n".join([*lines, "", people, ""])


if __name__ == "__main__":
    sys.exit(main())
