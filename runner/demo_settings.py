"""With which settings does the demo run? What the environment says; and, where it says nothing, what is made here once.

State and keys live in `var/demo/`. A checkout with a `.env` is set up to be a real hotline: nothing of the demo is mixed in.
"""

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from runner.keeper import ROOT, alone

FOLDER = ROOT / "var" / "demo"
NUMBER = "+15625550100"
FACTS = {
    "DEMO": "true",
    "OPERATOR_NAME": "Demo Volunteers (practice)",
    "TWILIO_FROM_NUMBER": NUMBER,
    "TWILIO_WHATSAPP_FROM": NUMBER,
    "SENDER_SEGMENTS_PER_SECOND": "100",  # a short code's pace: faithful, and a demo is not kept waiting
    "NOTICE_QUIET_FROM_HOUR": "0",  # practice phones may ring at night
    "NOTICE_QUIET_UNTIL_HOUR": "0",
    "LOG_LEVEL": "INFO",
    "PYTHONUNBUFFERED": "1",
}
PREFERRED_PORTS = {"PORT": 8000, "SIMULATOR_PORT": 8010}


def is_real(root: Path = ROOT) -> bool:
    """An operator has set this checkout up."""
    return (root / ".env").exists()


def demo_settings(folder: Path = FOLDER, given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The demo's settings under those that are given. An empty one counts as not given."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone(folder / "env.lock"):
        made = _read(folder / "env")
        if not made:
            made = _fresh_secrets() | {name: str(_free_port(port)) for name, port in PREFERRED_PORTS.items()}
            _write(folder / "env", made)
    return _completed(made, folder, given)


def with_free_ports(folder: Path = FOLDER, given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The same, with other ports where somebody else has taken ours since. A port that is given is never changed."""
    settings = demo_settings(folder, given)
    taken = {
        name: settings[name] for name in PREFERRED_PORTS if not given.get(name) and not _is_free(int(settings[name]))
    }
    if not taken:
        return settings
    with alone(folder / "env.lock"):
        made = _read(folder / "env") | {name: str(_free_port(0)) for name in taken}
        _write(folder / "env", made)
    return _completed(made, folder, given)


def _completed(made: Mapping[str, str], folder: Path, given: Mapping[str, str]) -> dict[str, str]:
    stated = {name: value for name, value in given.items() if value}
    known = {**made, **FACTS, **stated}
    return {
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{known['PORT']}",
        "TWILIO_API_BASE_URL": f"http://127.0.0.1:{known['SIMULATOR_PORT']}",
        "DATABASE_URL": f"sqlite:///{folder / 'contigo.sqlite3'}",
        **known,
    }


def _fresh_secrets() -> dict[str, str]:
    lines = subprocess.run(
        [sys.executable, "-m", "bot", "keys"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    ).stdout.splitlines()
    keys = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip().upper(): value.strip() for name, value in keys.items()} | {
        "TWILIO_ACCOUNT_SID": "AC" + secrets.token_hex(16),
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
    }


def _read(path: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in path.read_text().splitlines()) if path.exists() else {}


def _write(path: Path, values: Mapping[str, str]) -> None:
    """Whole or not at all, and readable by nobody else at any moment."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write("".join(f"{name}={value}\n" for name, value in values.items()))
    draft.replace(path)


def _is_free(port: int) -> bool:
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port(preferred: int) -> int:
    if preferred and _is_free(preferred):
        return preferred
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
