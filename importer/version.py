"""The version, alone: what names it (the client, the results) imports nothing else of the package for it."""

__version__ = "0.1.0"
