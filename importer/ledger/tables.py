"""The ledger's tables, and how those of earlier versions become them."""

from __future__ import annotations

VERSION = 4
"""The version of the tables, kept in the file as `user_version`."""

_SCOPES = """
CREATE TABLE scopes (
    scope INTEGER PRIMARY KEY,
    place INTEGER NOT NULL,
    fingerprint BLOB NOT NULL,
    target_key INTEGER NOT NULL,
    fate INTEGER NOT NULL,
    run INTEGER NOT NULL,
    model TEXT NOT NULL,
    target_type TEXT NOT NULL,
    target TEXT NOT NULL,
    intent_at REAL NOT NULL,
    baseline INTEGER,
    id TEXT,
    created_at TEXT,
    since REAL,
    adopted INTEGER NOT NULL DEFAULT 0,
    body BLOB,
    UNIQUE (target_key, fingerprint)
);
"""
# Target and content share one index: its keys are random, and each such index costs a page for nearly every scope.

_TABLES = """
CREATE TABLE places (
    place INTEGER PRIMARY KEY,
    tracker_id TEXT NOT NULL,
    base_url TEXT NOT NULL,
    UNIQUE (tracker_id, base_url)
);
CREATE TABLE runs (
    run INTEGER PRIMARY KEY AUTOINCREMENT,
    place INTEGER NOT NULL REFERENCES places,
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    again INTEGER NOT NULL,
    started REAL NOT NULL,
    ended REAL,
    finished INTEGER NOT NULL DEFAULT 0,
    undoes INTEGER
);
CREATE TABLE former (
    id TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    target_key INTEGER NOT NULL,
    run INTEGER NOT NULL,
    since REAL,
    adopted INTEGER NOT NULL DEFAULT 0,
    body BLOB
);
CREATE INDEX former_by_target ON former (target_key);
"""

_BASELINES = """
CREATE TABLE baselines (
    baseline INTEGER PRIMARY KEY,
    ids TEXT NOT NULL,
    total INTEGER,
    complete INTEGER NOT NULL
);
"""
# What a run writes goes into the log beside the file, so that the file itself must say that there is one.
_IN_USE = """
CREATE TABLE in_use (
    run INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    device TEXT NOT NULL,
    inode TEXT NOT NULL
);
"""
_CHANGES = """
CREATE TABLE changes (
    change INTEGER PRIMARY KEY,
    place INTEGER NOT NULL,
    run INTEGER NOT NULL,
    id TEXT NOT NULL,
    kind INTEGER NOT NULL,
    status INTEGER NOT NULL,
    old BLOB NOT NULL,
    old_version TEXT NOT NULL,
    body BLOB,
    version TEXT,
    at REAL NOT NULL,
    ended REAL,
    UNIQUE (run, id)
);
CREATE INDEX changes_by_id ON changes (place, id);
"""
_TO_4 = (
    """
ALTER TABLE runs ADD COLUMN undoes INTEGER;
ALTER TABLE former ADD COLUMN adopted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE former ADD COLUMN body BLOB;
"""
    + _CHANGES
    + _IN_USE
)
# What an earlier version took over from the list, and what it sent, was not kept: nothing is known to be adopted.
_FROM_3 = (
    """
ALTER TABLE scopes ADD COLUMN adopted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE scopes ADD COLUMN body BLOB;
"""
    + _TO_4
)
_ASIDE = """
ALTER TABLE scopes RENAME TO earlier;
"""
# An earlier version forgot the ID of a scope that was being sent again: it is beside, in `former`. Where the new one
# was proven not created, the old one counts, as made by a run before all others, so that --again sends it.
_BACK = """
UPDATE earlier SET target_key = (SELECT renewed(target_key, tracker_id, base_url, model, target_type, target)
    FROM places WHERE places.place = earlier.place);
UPDATE former SET target_key =
    coalesce((SELECT target_key FROM earlier WHERE earlier.fingerprint = former.fingerprint), target_key);
INSERT INTO scopes SELECT scope, place, fingerprint, target_key, fate, run, model, target_type, target, intent_at, NULL,
    coalesce(id, (SELECT id FROM former WHERE former.fingerprint = earlier.fingerprint
        AND former.target_key = earlier.target_key ORDER BY former.rowid DESC LIMIT 1)),
    created_at,
    coalesce(since, (SELECT since FROM former WHERE former.fingerprint = earlier.fingerprint
        AND former.target_key = earlier.target_key ORDER BY former.rowid DESC LIMIT 1)), 0, NULL
    FROM earlier;
DROP TABLE earlier;
UPDATE scopes SET fate = 2, run = 0 WHERE fate = 5 AND id IS NOT NULL;
"""
_BRING_OVER = _ASIDE + _SCOPES + _BASELINES + _BACK + _TO_4
STEPS = {0: _TABLES + _SCOPES + _BASELINES + _CHANGES + _IN_USE, 1: _BRING_OVER, 2: _BRING_OVER, 3: _FROM_3}
"""What makes the tables out of those of each earlier version; 0 is an empty file."""
