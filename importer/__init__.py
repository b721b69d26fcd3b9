"""Bulk import of recommendation pins into Luigi's Box."""

__version__ = "0.1.0"
