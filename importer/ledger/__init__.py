"""What was sent, remembered: a SQLite file that survives kills and power loss.

`ledger` asks and writes, `changes` does so of what was replaced and deleted, `upkeep` for people. `ledger_file` opens,
brings older files over and notices damage, `tables` are what it holds, `lock` keeps a second process away, `records`
are the values, `packing` makes bodies small, `writer` commits in groups off the event loop and keeps IDs that the file
could not take.
"""

from importer.ledger.ledger import Ledger
from importer.ledger.records import LIVE, OPEN, Baseline, Entry, Intent, LedgerStatus, OutcomeRecord, RunEntry

__all__ = ["LIVE", "OPEN", "Baseline", "Entry", "Intent", "Ledger", "LedgerStatus", "OutcomeRecord", "RunEntry"]
