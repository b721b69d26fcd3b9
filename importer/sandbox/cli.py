"""`pin-importer sandbox`: serve until Ctrl-C, and say how to point the importer here."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Callable

from importer.catalogue import screen
from importer.sandbox.faults import Plan, no_faults
from importer.sandbox.lifecycle import until_stopped
from importer.sandbox.server import Sandbox
from importer.sandbox.state import Behaviour


def run_forever(
    host: str,
    port: int,
    echo: Callable[[str], None],
    *,
    behaviour: Behaviour | None = None,
    faults: Plan = no_faults,
    fill: int = 0,
) -> None:
    """Serve until Ctrl-C or SIGTERM; `echo` is given what to show, a line or more at a time.

    `port` 0 is a free one; `fill` says how many plausible customizations are there from the
    beginning. Raises `OSError` where it cannot listen on the address.
    """
    sandbox = Sandbox(behaviour, faults, tracker_id=_fresh_tracker(), host=host, port=port)
    with contextlib.suppress(KeyboardInterrupt):
        sandbox.fill(fill)
        asyncio.run(_serve(sandbox, echo))
    echo(screen.SANDBOX_STOPPED.format(count=screen.counted(len(sandbox.store), "customization")))


def _fresh_tracker() -> str:
    """A tracker of its own each time, for the importer's ledger remembers what an earlier sandbox had created."""
    return f"{secrets.randbelow(10_000):04}-{secrets.randbelow(10_000):04}"


async def _serve(sandbox: Sandbox, echo: Callable[[str], None]) -> None:
    async with sandbox:
        echo(introduction(sandbox))
        await until_stopped(with_parent=False)


def introduction(sandbox: Sandbox) -> str:
    """How to point the importer at a sandbox that runs, for bash and for PowerShell."""
    variables = {
        "LUIGISBOX_BASE_URL": sandbox.url,
        "LUIGISBOX_TRACKER_ID": sandbox.tracker_id,
        "LUIGISBOX_PRIVATE_KEY": sandbox.private_key,
    }
    filled = screen.SANDBOX_FILLED.format(count=screen.counted(len(sandbox.store), "customization"))
    return screen.SANDBOX_READY.format(
        filled=filled if len(sandbox.store) else "",
        url=sandbox.url,
        bash="\n".join(f"  export {name}={value}" for name, value in variables.items()),
        powershell="\n".join(f'  $env:{name} = "{value}"' for name, value in variables.items()),
    )
