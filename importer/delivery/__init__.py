"""Scopes to outcomes: dispatcher, pacing, ledger, reconciling."""
