"""What the command line says besides: prompts, headings, the summary, progress."""

from __future__ import annotations
