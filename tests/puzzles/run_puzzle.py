#!/usr/bin/env python3
"""Runs mpfuzz on a puzzle, or replays a solution written by hand.

Usage: run_puzzle.py MPFUZZ PUZZLE.cpp TARGET.toml (--seed S [--out DIR] | --solution | --innocent)

--seed      fuzzes for the puzzle's budget. There must be one finding, with the expected title, that always reproduces
            (with a line `// race: …` it may reproduce less often).
--solution  replays solutions/PUZZLE.mpf. It must have the expected number of steps and give the expected finding only.
--innocent  replays innocent/PUZZLE.mpf, which almost solves the puzzle. There must be no finding.

The first comment of PUZZLE.cpp says what is expected. Exit status: 0 as expected, 1 otherwise.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

# Extra time after the budget, for minimising and replaying. If something hangs, ctest usually stops it earlier.
MARGIN_S = 60
REPLAYS = 3


class Failure(Exception):
    """Something was not as expected. The text says what happened instead."""


def read_puzzle(path):
    """Returns the `// key: value` lines of a puzzle's first comment."""
    lines = dict(re.findall(r"^// (title|budget|steps|race): (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE))
    missing = {"title", "budget", "steps"} - lines.keys()
    if missing:
        raise Failure(f"{path}: no line `// {sorted(missing)[0]}: …`")
    return lines


def count_steps(path):
    lines = (line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return sum(1 for line in lines if line)


def mpfuzz(words, expect, timeout):
    """Runs mpfuzz, which must end with exit status `expect`. Returns its standard output."""
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=timeout, check=False)
    if done.returncode != expect:
        raise Failure(f"exit status {done.returncode}, not {expect}\n{done.stdout}{done.stderr}")
    return done.stdout


def seconds(budget):
    return int(budget.removesuffix("s"))


def fuzz(options, puzzle, out):
    begin = time.monotonic()
    words = [options.mpfuzz, "run", options.target, "--seed", options.seed, "--time", puzzle["budget"], "--out", out,
             "--jobs", 1, "--max-findings", 1, "--guidance", options.guidance]
    summary = mpfuzz(words, 1, seconds(puzzle["budget"]) + MARGIN_S)
    elapsed = time.monotonic() - begin
    findings = list((out / "findings").iterdir())
    for directory in findings:
        finding = json.loads((directory / "finding.json").read_text(encoding="utf-8"))
        if finding["title"] != puzzle["title"]:
            raise Failure(f"found something else: {finding['kind']}: {finding['title']}")
        # In a race, the order in which the server reads two connections is random, so a finding need not always
        # reproduce.
        if finding["verdict"]["text"] != "always" and "race" not in puzzle:
            raise Failure(f"does not always reproduce: {finding['verdict']}")
    if len(findings) != 1:
        raise Failure(f"{len(findings)} findings instead of one")
    programs = re.search(r"^(\d+) programs", summary, re.MULTILINE)
    return (f"found in {elapsed:.1f} s, {count_steps(findings[0] / 'minimal.mpf')} steps (a person: {puzzle['steps']}), "
            f"{programs.group(1) if programs else '?'} programs")


def replay(options, program, expect):
    """Replays a program. Returns its findings as {title: verdict}."""
    words = [options.mpfuzz, "replay", options.target, program, "--times", REPLAYS, "--json"]
    findings = json.loads(mpfuzz(words, expect, MARGIN_S))["findings"]
    return {finding["title"]: finding["verdict"] for finding in findings}


def check_solution(options, puzzle, program):
    if count_steps(program) != int(puzzle["steps"]):
        raise Failure(f"{program} has {count_steps(program)} steps, not {puzzle['steps']}")
    found = replay(options, program, 1)
    if found != {puzzle["title"]: "always"}:
        raise Failure(f"{program} shows {found}")
    return f"solved in {puzzle['steps']} steps"


def run(options):
    puzzle = read_puzzle(options.puzzle)
    program = lambda folder: options.puzzle.parent / folder / (options.puzzle.stem + ".mpf")
    if options.solution:
        return check_solution(options, puzzle, program("solutions"))
    if options.innocent:
        replay(options, program("innocent"), 0)
        return "no finding in an innocent program"
    if options.out:
        return fuzz(options, puzzle, options.out)
    with tempfile.TemporaryDirectory(prefix="mpfuzz-puzzle-") as out:
        return fuzz(options, puzzle, pathlib.Path(out))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mpfuzz", type=pathlib.Path)
    parser.add_argument("puzzle", type=pathlib.Path)
    parser.add_argument("target", type=pathlib.Path)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--seed", type=int)
    what.add_argument("--solution", action="store_true")
    what.add_argument("--innocent", action="store_true")
    parser.add_argument("--out", type=pathlib.Path, help="keep the output of mpfuzz in this directory, which must be new")
    parser.add_argument("--guidance", default="coverage", help="as for `mpfuzz run`; `none` shows what is found without guidance")
    options = parser.parse_args()
    name = options.puzzle.stem + (f" seed {options.seed}" if options.seed is not None else "")
    try:
        print(f"{name}: {run(options)}")
    except (Failure, subprocess.TimeoutExpired) as error:
        print(f"{name}: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
