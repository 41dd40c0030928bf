"""Shared by the end-to-end tests: runs mpfuzz as users do, in a temporary directory for each test."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("MPFUZZ_BIN", ROOT / "build/release/bin")).resolve()
MODEL_NODE = ROOT / "targets/model_node/target.toml"

# Seconds. Longer than any command here takes on a slow machine with sanitizers, so that a hang makes the test fail.
TIMEOUT = 300


def eventually(condition, seconds=20):
    """Waits until condition() is true. Returns False if that takes too long."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


class EndToEnd(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="mpfuzz-e2e-"))
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)
        # mpfuzz puts its temporary directories here, so that a test can see what is left over.
        self.scratch = self.dir / "tmp"
        self.scratch.mkdir()
        self.environment = dict(os.environ, TMPDIR=str(self.scratch))

    def mpfuzz(self, *words, expect=0, timeout=TIMEOUT):
        """Runs a command, which must end with this exit status, or with one of a tuple of them."""
        done = subprocess.run([BIN / "mpfuzz", *map(str, words)], capture_output=True, text=True, timeout=timeout,
                              env=self.environment, check=False)
        wanted = expect if isinstance(expect, tuple) else (expect,)
        self.assertIn(done.returncode, wanted, f"{words}\n{done.stdout}\n{done.stderr}")
        return done

    def write(self, name, text):
        path = self.dir / name
        path.write_text(text)
        return path
