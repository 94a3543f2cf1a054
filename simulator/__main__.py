"""How does the simulator start and stop? `python -m simulator --port 8010 --hotline http://127.0.0.1:8000`"""

import asyncio
import json
import signal
import sys

import uvloop
from aiohttp import web

from simulator.app import make_app
from simulator.config import Config, read_config
from simulator.entrance import EXCHANGE


async def serve(config: Config) -> None:
    """Listen, say so in one line of JSON, and go on until SIGTERM or Ctrl-C."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    app = make_app(config)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        site = web.TCPSite(runner, config.host, config.port, backlog=2048)
        await site.start()
        port = runner.addresses[0][1]
        address = f"http://{config.host}:{port}"
        exchange = app[EXCHANGE]
        exchange.public_url = exchange.public_url or address
        print(
            json.dumps({"ready": True, "address": address, "port": port, "hotline": config.hotline_url}),
            flush=True,
        )
        await stop.wait()
    finally:
        await runner.cleanup()


def main() -> int:
    config = read_config(sys.argv[1:])
    try:
        uvloop.run(serve(config))
    except OSError as error:
        print(f"simulator: cannot listen on {config.host}:{config.port}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
