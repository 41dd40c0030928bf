#!/usr/bin/env python3
"""Runs mpfuzz on the model node with each planted bug, and reports how long it takes to find the bug.

Usage: run_zoo.py MPFUZZ TARGET.toml [--bug NAME]… [--seeds N] [--time SECONDS] [--out DIR]

For each bug and each seed from 1 to N, runs a campaign that starts with an empty corpus and does not know which bug is switched
on, then replays the finding. Prints one line for each campaign, then a table: bug, oracles, seconds to the first finding
(median), replays. Exit status: 0 if every campaign found something, 1 otherwise.
"""

import argparse
import json
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

# Extra time for a campaign: it may still be replaying a finding when its time is over. Also the time limit for a replay, in
# which each hang takes as long as the deadline.
MARGIN_S = 240


def start_campaign(options, bug, seed, out):
    words = [options.mpfuzz, "run", options.target, "--time", f"{options.time}s", "--seed", seed, "--max-findings", 1,
             "--out", out, "--", "--bug", bug]
    return subprocess.Popen(list(map(str, words)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def run_campaign(options, bug, seed, out):
    """Returns the seconds until the first finding was stored (None if there is none), and the findings' directories."""
    begin = time.monotonic()
    process = start_campaign(options, bug, seed, out)
    found = None
    while process.poll() is None and time.monotonic() - begin < options.time + MARGIN_S:
        if found is None and any(out.glob("findings/*/title")):
            found = time.monotonic() - begin
        time.sleep(0.05)
    if process.poll() is None:
        process.kill()
    process.wait()
    directories = sorted(out.glob("findings/*/"))
    if found is None and directories:
        found = time.monotonic() - begin
    return found, directories


def replay(options, directory, bug):
    words = [options.mpfuzz, "replay", options.target, directory, "--json", "--", "--bug", bug]
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=MARGIN_S, check=False)
    finding = json.loads((directory / "finding.json").read_text(encoding="utf-8"))
    if done.returncode not in (0, 1):
        return finding, "not replayed"
    seen = [f["verdict"] for f in json.loads(done.stdout)["findings"]
            if (f["kind"], f["title"]) == (finding["kind"], finding["title"])]
    return finding, seen[0] if seen else "flaky 0/5"


def campaign(options, bug, seed, out):
    seconds, directories = run_campaign(options, bug, seed, out)
    record = {"bug": bug, "seed": seed, "seconds": seconds, "kinds": [], "verdicts": []}
    for directory in directories:
        finding, verdict = replay(options, directory, bug)
        record["kinds"].append(finding["kind"])
        record["verdicts"].append(verdict)
        print(f"{bug} seed {seed}: {seconds:.1f} s, {verdict}, {finding['kind']}: {finding['title']}", flush=True)
    if not directories:
        print(f"{bug} seed {seed}: not found in {options.time} s", flush=True)
    return record


def table(records):
    for bug in dict.fromkeys(record["bug"] for record in records):
        of_bug = [record for record in records if record["bug"] == bug]
        times = [record["seconds"] for record in of_bug if record["seconds"] is not None]
        kinds = sorted({kind for record in of_bug for kind in record["kinds"]})
        verdicts = [verdict for record in of_bug for verdict in record["verdicts"]]
        always = sum(verdict == "always" for verdict in verdicts)
        median = f"{statistics.median(times):.1f} s" if len(times) == len(of_bug) else f"{len(times)} of {len(of_bug)}"
        print(f"| {bug} | {', '.join(kinds)} | {median} | {always} of {len(verdicts)} always |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mpfuzz", type=pathlib.Path)
    parser.add_argument("target", type=pathlib.Path)
    parser.add_argument("--bug", action="append", help="a name that `model_node --list-bugs` prints; all bugs by default")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--time", type=int, default=60, help="seconds for each campaign")
    parser.add_argument("--out", type=pathlib.Path, help="keep the output of mpfuzz in this directory, which must be new")
    options = parser.parse_args()
    bugs = options.bug
    if not bugs:
        listed = subprocess.run([options.mpfuzz.parent / "model_node", "--list-bugs"], capture_output=True, text=True, check=True)
        bugs = re.findall(r"^\S+", listed.stdout, re.MULTILINE)
    with tempfile.TemporaryDirectory(prefix="mpfuzz-zoo-") as scratch:
        out = options.out or pathlib.Path(scratch)
        records = [campaign(options, bug, seed, out / f"{bug}-{seed}")
                   for bug in bugs for seed in range(1, options.seeds + 1)]
    table(records)
    return 0 if all(record["seconds"] is not None for record in records) else 1


if __name__ == "__main__":
    sys.exit(main())
