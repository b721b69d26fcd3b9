"""The stand-in server: the contract, served on this machine, for rehearsals and tests.

It shares nothing with the importer's own signing and bodies, so that one mistake cannot hide in both.
"""

from importer.sandbox.cli import run_forever
from importer.sandbox.faults import FAULTS, Arrival, Plan, always, no_faults, plan_of, scripted, seeded, together
from importer.sandbox.server import Sandbox, running_sandbox
from importer.sandbox.state import Behaviour, Seen
from importer.sandbox.store import Record, Store

__all__ = [
    "FAULTS",
    "Arrival",
    "Behaviour",
    "Plan",
    "Record",
    "Sandbox",
    "Seen",
    "Store",
    "always",
    "no_faults",
    "plan_of",
    "run_forever",
    "running_sandbox",
    "scripted",
    "seeded",
    "together",
]
