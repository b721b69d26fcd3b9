"""`python -m tests.servers.sandbox_server`: the stand-in in a process of its own, for kill tests and benchmarks.

Prints one JSON line (`url`, `tracker_id`, `private_key`, `pid`) once it can be reached. What it keeps is to be had
at `/_sandbox/store`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Sequence

from importer.sandbox.faults import plan_of
from importer.sandbox.lifecycle import until_stopped
from importer.sandbox.server import TRACKER_ID, Sandbox
from importer.sandbox.state import Behaviour


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until stopped."""
    options = _parser().parse_args(arguments)
    behaviour = Behaviour(
        latency=options.latency,
        slow=options.slow,
        rate_limit=options.rate_limit,
        clock_offset=options.clock_offset,
        list_lag=options.list_lag,
        page_cap=options.page_cap,
        respells=options.respell,
    )
    sandbox = Sandbox(
        behaviour,
        plan_of(options.fault, options.seed),
        tracker_id=options.tracker_id,
        private_key=options.private_key,
        port=options.port,
    )
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(sandbox, with_parent=options.with_parent))


async def _serve(sandbox: Sandbox, *, with_parent: bool) -> None:
    async with sandbox:
        facts = {
            "url": sandbox.url,
            "tracker_id": sandbox.tracker_id,
            "private_key": sandbox.private_key,
            "pid": os.getpid(),
        }
        sys.stdout.write(json.dumps(facts) + "\n")
        sys.stdout.flush()
        await until_stopped(with_parent=with_parent)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.servers.sandbox_server", description=__doc__)
    add = parser.add_argument
    add("--port", type=int, default=0)
    add("--tracker-id", default=TRACKER_ID)
    add("--private-key", default=None)
    add("--latency", type=float, default=0.0, metavar="SECONDS")
    add("--slow", type=float, default=1.0, metavar="SECONDS")
    add("--rate-limit", type=float, default=None, metavar="PER_SECOND")
    add("--clock-offset", type=float, default=0.0, metavar="SECONDS")
    add("--list-lag", type=float, default=0.0, metavar="SECONDS")
    add("--page-cap", type=int, default=100, metavar="SCOPES")
    add("--respell", action="store_true")
    add("--fault", action="append", default=[], metavar="[CALL:]N=NAME or [CALL:]NAME=CHANCE")
    add("--seed", type=int, default=0)
    add("--with-parent", action="store_true", help="stop when standard input ends")
    return parser


if __name__ == "__main__":
    main()
