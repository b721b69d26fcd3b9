"""Makes examples/calendar.png, the README's picture of a calendar. Needs matplotlib (pip install '.[calendar]').

Run it from the project's folder: python examples/make_calendar.py
"""

import csv
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import importer

HERE = Path(__file__).parent
HEADER = ["model", "target_type", "target_identity", "position", "pin_type", "pin_identity", "active_from", "active_to"]
ROWS = [
    ("basket", "/p/diver-42", 1, "/p/strap-nato-blue", -10, 9),
    ("basket", "/p/diver-42", 1, "/p/strap-rubber", 6, 24),
    ("basket", "/p/diver-42", 2, "/p/strap-steel", -10, 4),
    ("basket", "/p/diver-42", 2, "/p/strap-leather", 11, 24),
    ("basket", "/p/pilot-40", 1, "/p/strap-leather", -3, None),
    ("basket", "/p/pilot-40", -1, "/p/gift-box", 3, 24),
    ("favorites", "/p/diver-38", 1, "/p/strap-nato-green", -14, 12),
    ("favorites", "/p/diver-38", 1, "/p/strap-nylon", 13, 31),
]


def season(folder: Path) -> Path:
    """A sheet whose season has begun: its days count from today."""
    file, today = folder / "winter.csv", datetime.now(UTC).date()
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        rows = csv.writer(stream, delimiter=";")
        rows.writerow(HEADER)
        for model, target, place, item, *days in ROWS:
            dates = ["" if day is None else (today + timedelta(days=day)).isoformat() for day in days]
            rows.writerow([model, "item", target, place, "item", item, *dates])
    return file


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        report = importer.write_calendar(
            season(Path(folder)), output=HERE / "calendar.png", timezone="Europe/Bratislava"
        )
        print(report.message)
