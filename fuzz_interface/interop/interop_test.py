#!/usr/bin/env python3
"""Tests one binding's client with another binding's server, over a Unix socket.

Usage: interop_test.py SERVER CLIENT     both as the build names them: fuzz_interface_server_…, fuzz_interface_drive_…
"""

import pathlib
import signal
import subprocess
import sys
import tempfile
import time

CLIENTS = 4
RUNS = {"typed": 8, "objects": 5}
TIMEOUT_S = 200


def await_socket(path, server):
    end = time.monotonic() + TIMEOUT_S
    while not path.exists():
        assert server.poll() is None and time.monotonic() < end, "the server does not start"
        time.sleep(0.01)


def main(server, client):
    with tempfile.TemporaryDirectory() as directory:
        path = pathlib.Path(directory) / "socket"
        process = subprocess.Popen([server, "--socket", path])
        try:
            await_socket(path, process)
            for driver, runs in RUNS.items():
                clients = CLIENTS if driver == "typed" else 1
                subprocess.run([client, driver, "--socket", path, "--runs", str(runs), "--clients", str(clients)],
                               check=True, timeout=TIMEOUT_S)
            process.send_signal(signal.SIGTERM)
            status = process.wait(timeout=TIMEOUT_S)
            assert status == 0, f"the server ended with {status}"
        finally:
            process.kill()
            process.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
