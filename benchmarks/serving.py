"""How is a web program served in a measurement? By gunicorn as the Procfile has it, ours and the other side's alike."""

import socket

from benchmarks.ground import Ground
from benchmarks.processes import Process, until
from runner.keeper import ROOT

READY_SECONDS = 60.0


def at_a_free_port(ground: Ground) -> None:
    """Where the hotline will be, told to everybody who is started afterwards."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    ground.set(port=port, public_base_url=f"http://127.0.0.1:{port}")


def serve(ground: Ground, app: str) -> Process:
    """`gunicorn APP`, ready. It has no key that opens numbers."""
    command = ("-m", "gunicorn", app, "--config", str(ROOT / "gunicorn.conf.py"))
    key = ground.settings.pop("NUMBER_PRIVATE_KEY", "")
    web = ground.process("web", *command)
    ground.settings["NUMBER_PRIVATE_KEY"] = key
    until(lambda: _answers(int(ground.settings["PORT"])), READY_SECONDS, f"{app} is served", web, every=0.05)
    return web


def _answers(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0
