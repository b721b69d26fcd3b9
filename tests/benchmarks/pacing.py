"""How well is the pace found that a server allows? `python tests/benchmarks/pacing.py [--seconds N]`

A server of its own on loopback allows 6, 20 and 100 creates a second, by three ways of counting; the importer sends as
many scopes as that server takes in so many seconds. Printed are the time it took against that, and the share of
requests that were refused. A server that saves up gives its first burst for nothing: time can be saved, too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from aiohttp import web

import importer
from importer.delivery import Hooks

RATES = (6, 20, 100)
ANSWER_SECONDS = 0.02


class Bucket:
    """Saves up for a second."""

    def __init__(self, rate: float) -> None:
        self.rate, self.level, self.at = rate, rate, time.monotonic()

    def takes(self, now: float) -> bool:
        self.level = min(self.rate, self.level + (now - self.at) * self.rate)
        self.at = now
        taken = self.level >= 1
        self.level -= taken
        return taken


class Second:
    """Counts by the clock's seconds."""

    def __init__(self, rate: float) -> None:
        self.rate, self.second, self.count = rate, 0, 0

    def takes(self, now: float) -> bool:
        if int(now) != self.second:
            self.second, self.count = int(now), 0
        self.count += 1
        return self.count <= self.rate


class Back:
    """Counts back one second from each request."""

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self.taken: list[float] = []

    def takes(self, now: float) -> bool:
        self.taken = [moment for moment in self.taken if moment > now - 1.0]
        if len(self.taken) >= self.rate:
            return False
        self.taken.append(now)
        return True


COUNTING: tuple[type[Bucket] | type[Second] | type[Back], ...] = (Bucket, Second, Back)


class Server:
    """Answers the list with nothing and creates with an ID, or 429 where `takes` says no."""

    def __init__(self, takes: Callable[[float], bool]) -> None:
        self.takes, self.refused, self.live = takes, 0, list[dict[str, object]]()

    async def create(self, request: web.Request) -> web.Response:
        body = json.loads(await request.read())
        await asyncio.sleep(ANSWER_SECONDS)
        if not self.takes(time.monotonic()):
            self.refused += 1
            return web.json_response({"reason": "Too many requests"}, status=429, headers={"Retry-After": "1"})
        answer = {"id": f"{len(self.live):08x}", "model": body["model"], "target_type": body["target_type"]}
        self.live.append(answer)
        return web.json_response(answer, status=201)

    async def list(self, request: web.Request) -> web.Response:
        offset, limit = (int(request.query.get(name, "0")) for name in ("offset", "limit"))
        newest_first = self.live[::-1][offset : offset + limit]
        return web.json_response({"results": newest_first, "pagination": {"total": len(self.live)}})

    @contextmanager
    def running(self) -> Iterator[str]:
        """Serve in a thread while the context lasts; its address."""
        loop, ready, port = asyncio.new_event_loop(), threading.Event(), list[int]()

        async def serve() -> None:
            app = web.Application()
            app.router.add_post("/v1/recommender/pin/{tracker}/scope", self.create)
            app.router.add_post("/v1/recommender/pin/{tracker}/scopes", self.list)
            runner = web.AppRunner(app)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            port.append(runner.addresses[0][1])
            ready.set()

        def run() -> None:
            loop.run_until_complete(serve())
            loop.run_forever()

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        ready.wait()
        try:
            yield f"http://127.0.0.1:{port[0]}"
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=100, help="how long each run takes at the allowed rate")
    seconds = parser.parse_args().seconds
    print("| a second | the server | longer than scopes ÷ rate | refused |\n|---|---|---|---|", flush=True)
    for rate in RATES:
        for counting in COUNTING:
            longer, refused = measured(counting(rate).takes, rate, seconds)
            said = (counting.__doc__ or "").rstrip(".").lower()
            print(f"| {rate} | {said} | {longer:+.1%} | {refused:.2%} |", flush=True)


def measured(takes: Callable[[float], bool], rate: int, seconds: int) -> tuple[float, float]:
    """By what share it took longer than the rate allows, and the share of the creates that were refused."""
    scopes = rate * seconds
    server = Server(takes)
    with tempfile.TemporaryDirectory() as folder, server.running() as url:
        sheet = Path(folder, "sheet.csv")
        rows = "".join(f"basket,item,/p/{number}/,1,item,/p/x/\n" for number in range(scopes))
        sheet.write_text("model,target_type,target_identity,position,pin_type,pin_identity\n" + rows)
        sent: list[float] = []

        def watch(_number: int, _outcome: object) -> None:
            sent.append(time.monotonic())

        began = list[float]()

        def hooks(_count: int) -> Hooks:
            began.append(time.monotonic())
            return Hooks(watch=watch)

        report = importer.run_import(
            sheet, tracker_id="1234-5678", private_key="key", base_url=url, ledger=Path(folder, "ledger"), hooks=hooks
        )
    assert report.exit_code == 0, report.message
    return (sent[-1] - began[0]) / seconds - 1, server.refused / (scopes + server.refused)


if __name__ == "__main__":
    main()
