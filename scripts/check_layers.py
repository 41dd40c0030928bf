#!/usr/bin/env python3
"""Checks the actual includes of the tree against the layers of the design (docs/architecture.md).

Usage: check_layers.py [ROOT]

Prints `FILE:LINE: RULE` for each offence and exits with 1 if there is any. Also checks include
cycles, `#pragma once`, the absence of `using namespace`, and the length of files.
"""

import pathlib
import re
import sys

# What each folder may include besides itself. Paths are written as in #include lines: `mpfuzz/…` is
# src/mpfuzz/…. A file instead of a folder permits only that file. `*` is everything.
CORE = "mpfuzz/"
UP_TO_PROGRAM = ["mpfuzz/base", "mpfuzz/schema", "mpfuzz/program"]
UP_TO_TRACE = UP_TO_PROGRAM + ["mpfuzz/trace"]
UP_TO_DOMAIN = UP_TO_TRACE + ["mpfuzz/domain"]
UP_TO_GENERATE = UP_TO_PROGRAM + ["mpfuzz/domain", "mpfuzz/generate"]
UP_TO_OBSERVE = UP_TO_DOMAIN + ["mpfuzz/observe"]

# The part of the agent that the harness uses: the memory that they share.
AGENT_HARNESS_SIDE = [f"mpfuzz/agent/{stem}.h" for stem in ("layout", "shared_map", "afl_shared_memory")]

# Bitcoin's data and their wire format, without the rest of the domain.
BITCOIN_VALUES = [f"domains/bitcoin/{stem}.h" for stem in ("block", "parse", "serialize", "transaction", "values")]

# In the order of the design's table: test code may include every layer above its own line.
LAYERS = {
    "mpfuzz/base": [],
    "mpfuzz/schema": ["mpfuzz/base"],
    "mpfuzz/program": ["mpfuzz/base", "mpfuzz/schema"],
    "mpfuzz/trace": UP_TO_PROGRAM,
    "mpfuzz/domain": UP_TO_TRACE,
    "mpfuzz/generate": UP_TO_PROGRAM + ["mpfuzz/domain"],
    "mpfuzz/mutate": UP_TO_GENERATE,
    "mpfuzz/agent": [],
    "mpfuzz/stream": ["mpfuzz/base"],
    "mpfuzz/execute": UP_TO_TRACE + AGENT_HARNESS_SIDE + ["mpfuzz/stream"],
    "mpfuzz/peer": UP_TO_TRACE + ["mpfuzz/domain", "mpfuzz/generate", "mpfuzz/stream", "mpfuzz/execute"],
    "mpfuzz/observe": UP_TO_DOMAIN,
    "mpfuzz/triage": UP_TO_OBSERVE,
    "mpfuzz/engine": [CORE],
    "domains/multiprocess": UP_TO_DOMAIN,
    # libmultiprocess's conventions are part of Bitcoin Core's.
    "domains/bitcoin": UP_TO_DOMAIN + ["domains/multiprocess"],
    # A target may not include another target.
    "targets": ["mpfuzz/agent", "mpfuzz/base", "mpfuzz/stream"],
    # The model node is a Bitcoin node: it uses the values, and checks and chains blocks by itself.
    "targets/model_node": ["mpfuzz/agent", "mpfuzz/base", "mpfuzz/stream"] + BITCOIN_VALUES,
    "fuzz_interface": ["mpfuzz/agent", "mpfuzz/base", "mpfuzz/stream"] + BITCOIN_VALUES,
    "apps": ["*"],
}

# Where Cap'n Proto may be seen in the schema folder: its .cpp files and the headers that only they include.
SCHEMA_INSIDE = ["mpfuzz/schema/*.cpp"] + [
    f"mpfuzz/schema/{stem}.h"
    for stem in ("bindings", "catalogue", "convert", "declarations", "fingerprint", "source_files")
]

# Which folders may include a library: the first component (or the stem) of the include names it. Entries are
# folders, single files, or `folder/*.cpp` for its .cpp files only. Libraries that are not listed are free.
LIBRARIES = {
    "capnp": SCHEMA_INSIDE + ["mpfuzz/execute", "mpfuzz/peer", "targets", "apps", "fuzz_interface"],
    "kj": SCHEMA_INSIDE + ["mpfuzz/stream", "mpfuzz/execute", "mpfuzz/peer", "targets", "apps", "fuzz_interface"],
    "openssl": ["mpfuzz/base/digest.cpp", "domains/bitcoin", "targets", "fuzz_interface"],
    "nlohmann": ["mpfuzz/triage", "mpfuzz/peer", "mpfuzz/schema/describe_json.cpp", "mpfuzz/schema/describe_test.cpp",
                 "mpfuzz/engine/statistics.cpp", "mpfuzz/engine/report.cpp", "apps", "domains/bitcoin", "targets", "fuzz_interface"],
    "toml++": ["mpfuzz/execute"],
    "pcre2": ["mpfuzz/observe/regex.cpp"],
    "CLI": ["apps", "targets", "fuzz_interface"],
    "gtest": [],
    "gmock": [],
    "benchmark": [],
}

# Test code may include these too.
TEST_LIBRARIES = {"gtest", "gmock"}
BENCHMARK_LIBRARIES = {"benchmark"}

# The first part of an include path, and the folder that it stands for.
ROOTS = {"mpfuzz": "src/mpfuzz", "domains": "domains", "targets": "targets", "apps": "apps", "fuzz_interface": "fuzz_interface"}

SUFFIXES = {".h", ".cpp"}
WARN_LINES = 300
MAX_LINES = 500
# A comment near the top that gives the reason for a long file.
LONG_FILE_REASON = re.compile(r"^\s*//.*\b(long|lines|length)\b.*\b(because|since|so that)\b", re.IGNORECASE | re.MULTILINE)

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')
USING_NAMESPACE = re.compile(r"^\s*using\s+namespace\b")


def in_folder(path, folder):
    """True where `path` (as in an include line) is `folder`, or below it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def layer_of(path):
    """The layer of a file: the longest entry of LAYERS that contains it."""
    return max((layer for layer in LAYERS if in_folder(path, layer)), key=len, default=None)


def is_test(path):
    """Test code: `x_test.cpp`, and what only tests use: `x_fixture.h`, `test_x.h`, `testing/x.h`."""
    folder, _, name = path.rpartition("/")
    stem = name.rsplit(".", 1)[0]
    return stem.endswith(("_test", "_fixture")) or stem.startswith("test_") or "testing" in folder.split("/")


def is_benchmark(path):
    return path.endswith("_benchmark.cpp")


def collect(root):
    """All sources: path as in an include line -> path on disk, sorted."""
    found = {}
    for prefix, folder in ROOTS.items():
        for file in sorted((root / folder).rglob("*")):
            if file.suffix in SUFFIXES and file.is_file():
                found[prefix + "/" + file.relative_to(root / folder).as_posix()] = file
    return found


def resolve(path, include, sources):
    """The source file of this tree that an include names, from the roots or beside the including file."""
    beside = path.rsplit("/", 1)[0] + "/" + include
    for candidate in (include, beside):
        if candidate in sources:
            return candidate
    # A file that does not exist (generated, or a mistake) still has a layer.
    return include if include.split("/", 1)[0] in ROOTS else None


def may_include_ours(path, other):
    layer, other_layer = layer_of(path), layer_of(other)
    if layer is None:
        return False
    allowed = LAYERS[layer]
    if "*" in allowed:
        return True
    if layer == "targets":  # a target may include its own files
        if other.split("/")[:2] == path.split("/")[:2]:
            return True
    elif other_layer == layer:
        return True
    order = list(LAYERS)
    if is_test(path) and other_layer is not None and order.index(other_layer) < order.index(layer):
        return True
    return any(in_folder(other, folder) for folder in allowed)


def library_of(include):
    """`capnp` of `capnp/rpc.h`; `toml` files may be installed flat."""
    first = include.split("/", 1)[0]
    return "toml++" if include in ("toml.hpp", "toml.h") else first


def may_include_library(path, library):
    if library in TEST_LIBRARIES and is_test(path):
        return True
    if library in BENCHMARK_LIBRARIES and is_benchmark(path):
        return True
    for place in LIBRARIES[library]:
        if place.endswith("/*.cpp"):
            if in_folder(path, place[: -len("/*.cpp")]) and path.endswith(".cpp"):
                return True
        elif in_folder(path, place):
            return True
    return False


def check_include(path, include, sources):
    """The rule that an include breaks, or None if it breaks none."""
    other = resolve(path, include, sources)
    if other is not None:
        if not may_include_ours(path, other):
            return f"{layer_of(path)} may not include {other}"
        return None
    library = library_of(include)
    if library in LIBRARIES and not may_include_library(path, library):
        allowed = ", ".join(LIBRARIES[library]) or "tests and benchmarks"
        return f"<{include}> is for {allowed} only"
    return None


def check_file(path, text, sources):
    """Offences of one file as (line, rule), and its includes of ours as (path, line)."""
    offences, edges = [], []
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        include = INCLUDE.match(line)
        if include:
            rule = check_include(path, include.group(1), sources)
            if rule:
                offences.append((number, rule))
            other = resolve(path, include.group(1), sources)
            if other in sources:
                edges.append((other, number))
        if USING_NAMESPACE.match(line):
            offences.append((number, "no `using namespace`"))
    if path.endswith(".h") and not any(line.strip() == "#pragma once" for line in lines):
        offences.append((1, "a header needs `#pragma once`"))
    if len(lines) > MAX_LINES:
        offences.append((len(lines), f"{len(lines)} lines; split files above {MAX_LINES}"))
    return offences, edges


def warn_length(path, text):
    lines = text.count("\n")
    if WARN_LINES < lines <= MAX_LINES and not LONG_FILE_REASON.search(text):
        return f"{lines} lines; above {WARN_LINES} a comment says why (`// This file is long because …`)"
    return None


def find_cycles(graph):
    """Each include cycle once, as a list of paths whose last entry is the first one again."""
    state, stack, cycles = {}, [], []

    def visit(node):
        state[node] = "open"
        stack.append(node)
        for other, _ in graph.get(node, []):
            if state.get(other) == "open":
                cycles.append(stack[stack.index(other):] + [other])
            elif other not in state:
                visit(other)
        stack.pop()
        state[node] = "done"

    for node in sorted(graph):
        if node not in state:
            visit(node)
    return cycles


def check(root):
    """All offences and warnings of a tree, as lines of text."""
    sources = collect(root)
    offences, warnings, graph = [], [], {}
    for path, file in sources.items():
        text = file.read_text(encoding="utf-8", errors="replace")
        name = file.relative_to(root)
        found, graph[path] = check_file(path, text, sources)
        offences += [f"{name}:{line}: {rule}" for line, rule in found]
        length = warn_length(path, text)
        if length:
            warnings.append(f"{name}:1: warning: {length}")
    for cycle in find_cycles(graph):
        line = next(number for other, number in graph[cycle[0]] if other == cycle[1])
        offences.append(f"{sources[cycle[0]].relative_to(root)}:{line}: include cycle: {' -> '.join(cycle)}")
    return offences, warnings, len(sources)


def main(arguments):
    if len(arguments) > 1 or arguments[:1] in (["-h"], ["--help"]):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    root = pathlib.Path(arguments[0]) if arguments else pathlib.Path(__file__).resolve().parent.parent
    offences, warnings, count = check(root)
    for line in warnings + offences:
        print(line)
    if count == 0:
        print(f"no sources below {root}", file=sys.stderr)
        return 2
    print(f"{count} files, {len(offences)} offences, {len(warnings)} warnings", file=sys.stderr)
    return 1 if offences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
