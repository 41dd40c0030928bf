#!/usr/bin/env python3
"""One binding's client against another's server, in processes of their own, over a Unix socket.

Usage: interop_test.py SERVER CLIENT
"""

import pathlib
import subprocess
import sys
import tempfile

SEEDS = range(1, 6)
CALLS = 300
TIMEOUT_S = 120


def main(server, client):
    with tempfile.TemporaryDirectory() as directory:
        path = str(pathlib.Path(directory) / "socket")
        process = subprocess.Popen([server, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            assert process.stdout.readline() == b"ready\n", "the server does not start"
            for seed in SEEDS:
                subprocess.run([client, path, str(seed), str(CALLS)], check=True, timeout=TIMEOUT_S)
            process.stdin.close()
            status = process.wait(timeout=TIMEOUT_S)
            assert status == 0, f"the server ended with {status}"
        finally:
            process.kill()
            process.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
