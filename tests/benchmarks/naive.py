"""What a competent user would write in an hour, to measure against: `python naive.py SHEET URL OUTPUT`.

It reads with pandas and openpyxl, checks row by row, groups, posts one by one and writes with pandas. Nothing here
is the importer's. Needs `requests`, which the importer does not: `pip install requests`.
"""

# ruff: noqa: C901, PERF401, PLC0415, SIM102 - as it would be written in an hour

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sys
import time
from email.utils import formatdate

import pandas as pd

TRACKER = "1234-5678"
KEY = "your_private_api_key"
SAMPLE = int(sys.argv[4]) if len(sys.argv) > 4 else None
SCOPE = ["model", "target_type", "target_identity", "target_criteria"]
PIN = ["position", "pin_type", "pin_identity", "pin_criteria", "widget_id", "is_block_pin", "is_bundle_pin"]


def read(path):
    return pd.read_excel(path, engine="openpyxl", dtype=object)


def check(frame):
    problems = {}
    for index, row in frame.iterrows():
        found = []
        for column in ("model", "target_type", "position", "pin_type"):
            if pd.isna(row[column]):
                found.append(f"{column} is missing")
        if row["target_type"] not in ("item", "criteria", "all"):
            found.append("target_type must be item, criteria or all")
        if row["pin_type"] not in ("item", "criteria"):
            found.append("pin_type must be item or criteria")
        for what in ("target", "pin"):
            if row[f"{what}_type"] == "item" and pd.isna(row[f"{what}_identity"]):
                found.append(f"{what}_identity is missing")
            if row[f"{what}_type"] == "criteria":
                try:
                    json.loads(row[f"{what}_criteria"])
                except (TypeError, ValueError):
                    found.append(f"{what}_criteria is not JSON")
        if not isinstance(row["position"], (int, float)) or row["position"] < -1:
            found.append("position must be a number from -1")
        if not pd.isna(row["active_from"]) and not pd.isna(row["active_to"]):
            if row["active_to"] < row["active_from"]:
                found.append("active_to is before active_from")
        if found:
            problems[index] = "; ".join(found)
    return problems


def group(frame, problems):
    bodies = []
    good = frame.drop(index=list(problems))
    for key, rows in good.groupby(SCOPE, dropna=False, sort=False):
        body = {name: value for name, value in zip(SCOPE, key, strict=True) if not pd.isna(value)}
        if "target_criteria" in body:
            body["target_criteria"] = json.loads(body["target_criteria"])
        tags = [tag.strip() for text in rows["tags"].dropna() for tag in str(text).split(",")]
        if tags:
            body["tags"] = list(dict.fromkeys(tags))
        title = rows["target_metadata.title"].dropna()
        if len(title):
            body["target_metadata"] = {"title": title.iloc[0]}
        body["pin_definitions"] = [pin(row) for _, row in rows.iterrows()]
        bodies.append((list(rows.index), json.dumps(body)))
    return bodies


def pin(row):
    made = {name: row[name] for name in PIN if not pd.isna(row[name])}
    made["position"] = int(made["position"])
    if "pin_criteria" in made:
        made["pin_criteria"] = json.loads(made["pin_criteria"])
    for name in ("is_block_pin", "is_bundle_pin"):
        if name in made:
            made[name] = made[name] == "yes"
    for name in ("active_from", "active_to"):
        if not pd.isna(row[name]):
            made[name] = row[name].strftime("%Y-%m-%dT%H:%M:%SZ")
    return made


def send(bodies, url):
    import requests

    session = requests.Session()
    session.trust_env = False
    path = f"/v1/recommender/pin/{TRACKER}/scope"
    ids = {}
    for rows, body in bodies:
        date = formatdate(usegmt=True)
        text = f"POST\napplication/json; charset=utf-8\n{date}\n{path}"
        signature = base64.b64encode(hmac.new(KEY.encode(), text.encode(), hashlib.sha256).digest()).decode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Date": date,
            "Authorization": f"ApiAuth {TRACKER}:{signature}",
        }
        answer = session.post(url + path, data=body.encode(), headers=headers)
        answer.raise_for_status()
        for row in rows:
            ids[row] = answer.json()["id"]
    return ids


def write(frame, problems, ids, path):
    frame["Result"] = ["Invalid" if row in problems else "Created" for row in frame.index]
    frame["ID"] = frame.index.map(ids)
    frame["Comment"] = frame.index.map(problems)
    frame.to_excel(path, index=False, engine="openpyxl")


def timed(stage, count, work):
    began = time.perf_counter()
    result = work()
    print(json.dumps({"stage": stage, "seconds": time.perf_counter() - began, "count": count(result)}), flush=True)
    return result


if __name__ == "__main__":
    sheet, url, output = sys.argv[1:4]
    frame = timed("read", len, lambda: read(sheet))
    problems = timed("check", lambda _: len(frame), lambda: check(frame))
    bodies = timed("group", lambda _: len(frame), lambda: group(frame, problems))
    sent = bodies if SAMPLE is None else bodies[:SAMPLE]
    ids = timed("send", lambda _: len(sent), lambda: send(sent, url))
    if SAMPLE is None:
        timed("write", lambda _: len(frame), lambda: write(frame, problems, ids, output))
