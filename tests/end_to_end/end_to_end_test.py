"""Runs mpfuzz on the model node, with commands as users type them.

Usage: MPFUZZ_BIN=build/dev/bin python3 -m unittest end_to_end_test    (in this folder)
"""

import json
import os
import pathlib
import pty
import re
import shutil
import signal
import socketserver
import subprocess
import threading
import time
import unittest

import fixture
from fixture import BIN, MODEL_NODE, ROOT, TIMEOUT, eventually

# Old versions of methods, which always answer with an error that says so.
DEPRECATED = {"Init.makeMiningOld2", "BlockTemplate.submitSolutionOld7"}


OTHER = 4  # exit status of replay if only other findings than the expected one appear


class EndToEnd(fixture.EndToEnd):
    def start(self, *words, **options):
        process = subprocess.Popen([BIN / "mpfuzz", *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True, env=self.environment, **options)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def target_processes(self):
        """Processes of the model node that use a socket in our temporary directory."""
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if b"model_node" in words and str(self.scratch).encode() in words:
                found.append(int(entry.name))
        return found


class Generate(EndToEnd):
    def test_is_a_pure_function_of_the_seed(self):
        words = ["generate", MODEL_NODE, "--runs", 200, "--seed", 7]
        first = self.mpfuzz(*words, expect=0).stdout
        self.assertEqual(first, self.mpfuzz(*words, expect=0).stdout)
        self.assertNotEqual(first, self.mpfuzz("generate", MODEL_NODE, "--runs", 200, "--seed", 8, expect=0).stdout)

    def test_makes_programs_that_fmt_leaves_alone(self):
        text = self.mpfuzz("generate", MODEL_NODE, "--runs", 1, "--seed", 9, expect=0).stdout
        program = self.write("program.mpf", text)
        once = self.mpfuzz("fmt", MODEL_NODE, program, expect=0).stdout
        self.assertEqual(once.strip(), text.split("\n", 1)[1].strip())


class Schema(EndToEnd):
    def test_a_target_may_be_named_by_its_directory(self):
        self.assertEqual(self.mpfuzz("schema", MODEL_NODE.parent).stdout, self.mpfuzz("schema", MODEL_NODE).stdout)
        self.assertIn(f"{self.dir}/target.toml: there is no such target file", self.mpfuzz("run", self.dir, expect=2).stderr)

    def test_lists_methods_and_interfaces(self):
        text = self.mpfuzz("schema", MODEL_NODE, expect=0).stdout
        self.assertIn("createNewBlock", text)
        described = json.loads(self.mpfuzz("schema", MODEL_NODE, "--json", expect=0).stdout)
        self.assertIn("BlockTemplate", json.dumps(described))


class Run(EndToEnd):
    def test_is_silent_on_a_node_without_bugs_and_every_method_answers(self):
        done = self.mpfuzz("run", MODEL_NODE, "--runs", 1000, "--seed", 1, "--guidance", "none", "--out", self.dir / "out",
                           "--json", expect=0)
        methods = json.loads(done.stdout)["methods"]
        unanswered = {name for name, counts in methods.items() if counts["answered"] == 0}
        self.assertEqual(unanswered - DEPRECATED, set())
        disconnected, by_mpfuzz = (sum(counts[key] for counts in methods.values()) for key in ("disconnected", "disconnected_by_mpfuzz"))
        self.assertGreater(disconnected, 0)
        self.assertEqual(by_mpfuzz, disconnected)
        self.assertEqual(list((self.dir / "out/findings").glob("*")) if (self.dir / "out").exists() else [], [])

    def find(self, bug, out):
        """Fuzzes until the bug is found, which usually takes a few seconds."""
        done = subprocess.run([BIN / "mpfuzz", "run", MODEL_NODE, "--time", "200s", "--max-findings", "1", "--seed", "1",
                               "--out", out, "--", "--bug", bug], capture_output=True, text=True, timeout=TIMEOUT,
                              env=self.environment, check=False)
        self.assertEqual(done.returncode, 1, f"{done.stdout}\n{done.stderr}")

    def test_finds_each_planted_bug_and_replays_it(self):
        # The other bugs are in tests/zoo: finding or investigating them takes longer.
        for bug in ("worker-exception", "option-range"):
            with self.subTest(bug=bug):
                out = self.dir / bug
                self.find(bug, out)
                finding = next((out / "findings").iterdir())
                for name in ("title", "finding.json", "program.mpf", "minimal.mpf", "trace.txt", "target.log", "reproduce.sh"):
                    self.assertTrue((finding / name).exists(), name)
                replayed = self.mpfuzz("replay", MODEL_NODE, finding, "--trust", expect=1).stdout
                self.assertRegex(replayed, r"always \(5 of 5\): crash: ")
                # Without the planted bug there is no finding.
                program = finding / "minimal.mpf"
                self.assertIn("nothing found", self.mpfuzz("replay", MODEL_NODE, program, "--times", 2, expect=0).stdout)

    def test_ends_cleanly_on_interrupt(self):
        process = self.start("run", MODEL_NODE, "--seed", 3, "--out", self.dir / "out")
        self.assertTrue(eventually(self.target_processes))
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=TIMEOUT)
        self.assertEqual(process.returncode, 0, stderr)
        self.assertIn("programs/s", stdout)
        self.assertTrue(eventually(lambda: not self.target_processes() and not list(self.scratch.iterdir())))

    def test_ends_on_interrupt_although_the_shell_ignores_it(self):
        # A shell without job control starts `mpfuzz run … &` in this way.
        process = self.start("run", MODEL_NODE, "--seed", 3, "--out", self.dir / "out",
                             preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
        self.assertTrue(eventually(self.target_processes))
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=TIMEOUT)
        self.assertEqual(process.returncode, 0, stderr)
        self.assertIn("programs/s", stdout)

    def test_leaves_nothing_behind_when_killed(self):
        for delay in (0.0, 0.1, 0.5):
            process = self.start("run", MODEL_NODE, "--seed", 4, "--out", self.dir / "out")
            self.assertTrue(eventually(self.target_processes))
            time.sleep(delay)
            process.kill()
            process.communicate(timeout=TIMEOUT)
            self.assertTrue(eventually(lambda: not self.target_processes()), "an orphan process")
            self.assertTrue(eventually(lambda: not list(self.scratch.iterdir())), "a stale directory")

    def test_attaches_to_a_running_server(self):
        socket = self.dir / "socket"
        node = subprocess.Popen([BIN / "model_node", "--socket", socket])
        self.addCleanup(node.wait)
        self.addCleanup(node.kill)
        self.assertTrue(eventually(socket.exists))
        target = self.write("target.toml", f"""
            [schema]
            files = ["{ROOT}/targets/model_node/schema/init.capnp"]
            import_paths = ["{ROOT}/targets/schema"]
            main_interface = "Init"
            [attach]
            socket = "{socket}"
            [rules]
            domains = ["multiprocess", "bitcoin"]
            may_block = ["*.wait*"]
        """)
        done = self.mpfuzz("run", target, "--runs", 50, "--out", self.dir / "out", "--json", expect=0)
        self.assertGreater(json.loads(done.stdout)["methods"]["Init.construct"]["answered"], 0)
        self.assertIn(f"warning: mpfuzz fuzzes the live server at {socket}", done.stderr)
        self.assertIsNone(node.poll())

        # A server that really goes away is a finding.
        process = self.start("run", target, "--time", "60s", "--out", self.dir / "gone")
        time.sleep(1)
        node.kill()
        stdout, stderr = process.communicate(timeout=TIMEOUT)
        self.assertEqual(process.returncode, 1, stderr)
        self.assertIn("crash: the server went away", stdout)
        self.assertIn("mpfuzz cannot restart it, because mpfuzz did not start it", stderr)
        self.assertNotIn("the target was restarted", stdout)


class Guided(EndToEnd):
    """Coverage, the corpus, and several workers."""

    def run_words(self, *words):
        return ["run", MODEL_NODE, "--seed", 5, "--out", self.dir / "out", *words]

    def corpus(self):
        return sorted((self.dir / "out/corpus").iterdir())

    def test_seeds_are_run_and_not_changed(self):
        seeds = self.dir / "seeds"
        shutil.copytree(ROOT / "tests/programs", seeds)
        before = sorted(seeds.iterdir())
        done = self.mpfuzz(*self.run_words("--runs", 50, "--seeds", seeds), expect=0)
        self.assertIn(f"{len(before)} programs from --seeds\n", done.stderr)
        self.assertEqual(sorted(seeds.iterdir()), before)

    def test_a_second_run_keeps_the_plot_of_the_first(self):
        for _ in range(2):
            self.mpfuzz(*self.run_words("--runs", 10), expect=0)
        out = self.dir / "out"
        self.assertEqual(sorted(path.name for path in out.glob("plot*")), ["plot-1.csv", "plot.csv"])

    def test_programs_that_reach_new_edges_join_the_corpus(self):
        done = self.mpfuzz(*self.run_words("--runs", 300), expect=0)
        self.assertRegex(done.stdout, r"[1-9]\d\d+ edges of the target")
        self.assertNotIn("no coverage", done.stderr)
        corpus = self.corpus()
        self.assertGreater(len(corpus), 10)
        # Every file is a program, except the newline that libFuzzer tries first.
        for program in [path for path in corpus if path.stat().st_size > 1][:5]:
            self.mpfuzz("fmt", MODEL_NODE, program, expect=0)
        last = (self.dir / "out/plot.csv").read_text().splitlines()[-1].split(",")
        self.assertEqual(int(last[1]), 300, "the plot's last row is for the last program")

    def test_a_second_campaign_can_start_with_the_corpus_of_the_first(self):
        self.mpfuzz(*self.run_words("--runs", 300), expect=0)
        before = self.corpus()
        done = self.mpfuzz("run", MODEL_NODE, "--corpus", self.dir / "out/corpus", "--runs", len(before), "--out",
                           self.dir / "again", expect=0)
        edges = int(re.search(r"(\d+) edges", done.stdout).group(1))
        blank = self.mpfuzz("run", MODEL_NODE, "--runs", 10, "--out", self.dir / "blank", expect=0)
        self.assertGreater(edges, int(re.search(r"(\d+) edges", blank.stdout).group(1)))

    def test_a_program_that_shows_a_finding_does_not_enter_the_corpus(self):
        done = self.mpfuzz(*self.run_words("--time", "200s", "--max-findings", 1, "--", "--bug", "option-range"), expect=1)
        self.assertIn("ExplainBadOptions", done.stdout)
        shown = {path.read_text() for path in (self.dir / "out/findings").glob("*/program.mpf")}
        self.assertTrue(shown)
        self.assertEqual(shown & {path.read_text() for path in self.corpus()}, set())

    def test_ends_after_max_findings(self):
        begin = time.monotonic()
        done = self.mpfuzz(*self.run_words("--time", "200s", "--max-findings", 1, "--", "--bug", "option-range"), expect=1)
        self.assertLess(time.monotonic() - begin, 190)
        self.assertRegex(done.stdout, "; seen (once|([2-9]|[1-9][0-9]+) times); triage: [0-9]+ starts")
        self.assertNotIn("mutator", done.stdout)
        self.assertEqual(len(list((self.dir / "out/findings").iterdir())), 1)

    def test_jobs_share_the_runs_and_the_corpus(self):
        self.assertRegex(self.mpfuzz(*self.run_words("--runs", 10, "--verbose"), expect=0).stdout, r"(?m)^mutator ")
        done = self.mpfuzz(*self.run_words("--runs", 400, "--jobs", 2, "--json"), expect=0)
        # Each worker may still be running one program when the limit is reached.
        self.assertEqual(json.loads(done.stdout)["programs"], 400)
        self.assertEqual(len(list((self.dir / "out/logs").iterdir())), 2)

    def workers(self, process):
        children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def test_a_worker_that_dies_is_replaced(self):
        process = self.start(*self.run_words("--runs", 1500))
        self.assertTrue(eventually(self.target_processes))
        first = self.workers(process)
        self.assertEqual(len(first), 1)
        os.kill(first[0], signal.SIGKILL)
        self.assertTrue(eventually(lambda: self.workers(process) not in ([], first)), "no new worker was started")
        stdout, stderr = process.communicate(timeout=TIMEOUT)
        self.assertEqual(process.returncode, 0, stderr)
        self.assertIn("worker 0 died (signal 9)", stderr)
        self.assertIn("programs/s", stdout)
        self.assertTrue(eventually(lambda: not self.target_processes() and not list(self.scratch.iterdir())))

    def test_without_guidance_every_program_is_generated(self):
        done = self.mpfuzz(*self.run_words("--runs", 50, "--guidance", "none"), expect=0)
        self.assertNotIn("mutator", done.stdout)
        self.assertEqual(self.corpus(), [])

    def test_distilling_makes_a_smaller_corpus(self):
        self.mpfuzz(*self.run_words("--runs", 300), expect=0)
        before = self.corpus()
        done = self.mpfuzz("distill", MODEL_NODE, self.dir / "small", self.dir / "out/corpus", expect=0)
        kept, of = map(int, re.search(r"kept (\d+) of (\d+) programs", done.stdout).groups())
        self.assertLessEqual(kept, of)
        self.assertEqual(len(list((self.dir / "small").iterdir())), kept)
        self.assertEqual(self.corpus(), before, "the original corpus does not change")

    def test_distilling_shows_its_progress_on_a_terminal(self):
        (self.dir / "corpus").mkdir()
        shutil.copy(ROOT / "tests/programs/leaves_while_waiting.mpf", self.dir / "corpus")
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        done = subprocess.run([BIN / "mpfuzz", "distill", MODEL_NODE, self.dir / "small", self.dir / "corpus"], stderr=theirs,
                              stdout=subprocess.DEVNULL, env=self.environment, timeout=TIMEOUT, check=False)
        os.close(theirs)
        shown = os.read(ours, 65536).decode()
        self.assertEqual(done.returncode, 0, shown)
        self.assertRegex(shown, r"1 of 1 files, \d+ s")

    def test_bench_prints_the_time_of_each_part(self):
        done = json.loads(self.mpfuzz("bench", MODEL_NODE, "--rounds", 1, "--compare", MODEL_NODE, "--json", expect=0).stdout)
        self.assertEqual([way["name"] for way in done["ways"]],
                         ["pipelined", "awaited one by one", "pipelined, coverage", "model node, pipelined"])
        self.assertEqual(set(done["microseconds"]), {"generate", "mutate", "print", "parse", "execute", "wait", "observe"})
        self.assertTrue(all(time > 0 for time in done["microseconds"].values()))


class StandAloneFuzzer(EndToEnd):
    """bin/fuzz_model_node with the options of libFuzzer."""

    def fuzz(self, *words):
        fuzzer = BIN / "fuzz_model_node"
        if not fuzzer.exists():
            self.skipTest("built without libFuzzer")
        return subprocess.run([fuzzer, "-detect_leaks=0", "-seed=1", *map(str, words)], capture_output=True, text=True,
                              timeout=TIMEOUT, env=self.environment, cwd=self.dir, check=False)

    def test_runs_and_fills_a_corpus(self):
        (self.dir / "corpus").mkdir()
        done = self.fuzz("-runs=200", self.dir / "corpus")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreater(len(list((self.dir / "corpus").iterdir())), 5)

    def test_aborts_on_a_finding_and_stores_a_program_that_replays(self):
        done = self.fuzz("-runs=3000", "--target-word=--bug", "--target-word=option-range")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("==== mpfuzz: crash: ", done.stderr)
        crash = next(self.dir.glob("crash-*"))
        # Nothing has minimised the program: it may end before the call that crashes the node is run.
        self.mpfuzz("replay", MODEL_NODE, crash, "--times", 10, "--", "--bug", "option-range", expect=1)
        self.assertTrue(eventually(lambda: not self.target_processes()))


class Minimize(EndToEnd):
    def test_continues_where_it_was_stopped_and_finds_the_shortest_program(self):
        out = self.dir / "out"
        self.mpfuzz("run", MODEL_NODE, "--time", "100s", "--max-findings", 1, "--seed", 1, "--out", out, "--", "--bug",
                    "option-range", expect=1)
        finding = next((out / "findings").iterdir())
        (finding / "minimal.mpf").unlink()
        (finding / "minimize.state").unlink(missing_ok=True)
        done = self.mpfuzz("minimize", MODEL_NODE, finding, "--trust", expect=1)
        smallest = (finding / "minimal.mpf").read_text()
        self.assertEqual(len(smallest.splitlines()), 6, smallest)
        self.assertIn(smallest.strip(), done.stdout)
        again = json.loads(self.mpfuzz("minimize", MODEL_NODE, finding, "--trust", "--json", expect=1).stdout)
        self.assertEqual(again["candidates"], 0, again)


class Trust(EndToEnd):
    """A finding may come from a stranger. Its title is wrong, so that only another finding than the stored one appears."""

    def setUp(self):
        super().setUp()
        self.finding = self.dir / "crash-0123456789abcdef"
        self.finding.mkdir()
        shutil.copy(ROOT / "tests/programs/leaves_while_waiting.mpf", self.finding / "program.mpf")
        for name in ("trace.txt", "target.log", "title"):
            (self.finding / name).touch()
        self.describe(["--bug", "disconnect-in-call"])

    def describe(self, words):
        (self.finding / "finding.json").write_text(json.dumps({
            "kind": "crash", "title": "t", "verdict": {"hits": 1, "tries": 1}, "occurrences": 1, "first_seen": "",
            "last_seen": "", "target": "", "extra_arguments": words, "schema_hash": "0" * 16, "seed": 1,
            "command_line": [], "mpfuzz_version": ""}))

    def replay(self, *words, expect):
        return self.mpfuzz("replay", MODEL_NODE, self.finding, "--times", 1, *words, expect=expect)

    def test_words_of_a_finding_are_used_only_with_trust(self):
        message = self.replay(expect=2).stderr
        self.assertIn("    --bug disconnect-in-call\n", message)
        self.assertIn("--trust appends them", message)
        self.replay("--trust", expect=OTHER)

    def test_words_of_the_user_replace_those_of_the_finding(self):
        self.describe(["--no-such-option"])
        self.replay("--", "--bug", "disconnect-in-call", expect=OTHER)
        self.replay("--trust", "--", "--bug", "disconnect-in-call", expect=OTHER)

    def test_words_are_shown_without_commands_for_the_terminal(self):
        self.describe(["a b", "\x1b[2J'"])
        self.assertIn("    'a b' $'\\x1b[2J\\''\n", self.replay(expect=2).stderr)

    def test_a_deeply_nested_file_is_an_error(self):
        (self.finding / "finding.json").write_text("[" * 1_000_000)
        self.assertIn("finding.json: ", self.replay(expect=2).stderr)

    def test_the_trace_is_a_member_of_the_json(self):
        done = json.loads(self.replay("--trace", "--json", "--trust", expect=OTHER).stdout)
        self.assertIn("c0.bootstrap Init", done["trace"])
        self.assertTrue(done["findings"])
        self.assertNotIn("trace", json.loads(self.replay("--json", "--trust", expect=OTHER).stdout))

    def test_a_full_trace_has_the_whole_values(self):
        brief, full = (self.replay(f"--trace={detail}", "--trust", expect=OTHER).stdout for detail in ("brief", "full"))
        self.assertIn(" characters)...", brief)
        self.assertNotIn(" characters)...", full)

    def test_only_the_expected_finding_counts(self):
        program = self.finding / "program.mpf"
        words = ("replay", MODEL_NODE, program, "--times", 1)
        bug = ("--", "--bug", "disconnect-in-call")
        [found] = json.loads(self.mpfuzz(*words, "--json", *bug, expect=1).stdout)["findings"]
        self.mpfuzz(*words, "--expect", f"{found['kind']}: {found['title']}", *bug, expect=1)
        done = self.mpfuzz(*words, "--expect", "crash: another", *bug, expect=OTHER)
        self.assertIn("not seen in 1 try: crash: another", done.stdout)
        self.mpfuzz(*words, "--expect", "crash: another", expect=0)
        self.assertIn("not a finding", self.mpfuzz(*words, "--expect", "crahs: another", expect=2).stderr)


class Programs(EndToEnd):
    """The programs in tests/programs. Except for comments, their text is canonical. A node without bugs shows no finding."""

    def test_are_canonical_and_give_no_finding(self):
        programs = sorted((ROOT / "tests/programs").glob("*.mpf"))
        self.assertTrue(programs)
        for program in programs:
            with self.subTest(program=program.name):
                lines = [line for line in program.read_text().splitlines() if not line.startswith("#")]
                self.assertEqual(self.mpfuzz("fmt", MODEL_NODE, program, expect=0).stdout.splitlines(), lines)
                self.mpfuzz("replay", MODEL_NODE, program, "--times", 2, expect=0)

    def test_leaves_while_waiting_shows_the_planted_bug(self):
        program = ROOT / "tests/programs/leaves_while_waiting.mpf"
        done = self.mpfuzz("replay", MODEL_NODE, program, "--", "--bug", "disconnect-in-call", expect=1)
        self.assertRegex(done.stdout, r"always \(5 of 5\): crash: (SIGSEGV|AddressSanitizer: SEGV) in ")


class BadInput(EndToEnd):
    """Each mistake gives a clear message and exit status 2."""

    def complaint(self, *words):
        return self.mpfuzz(*words, expect=2).stderr

    def target(self, schema="files = [\"init.capnp\"]", spawn="command = [\"/no/such/program\"]"):
        (self.dir / "init.capnp").write_text("@0xf2c5cfa319406aa6; interface Init { hello @0 () -> (); }\n")
        return self.write("target.toml", f"[schema]\n{schema}\nmain_interface = \"Init\"\n[spawn]\n{spawn}\n")

    def test_no_such_target_file(self):
        self.assertIn("there is no such target file", self.complaint("run", self.dir / "none.toml"))

    def test_unknown_key(self):
        self.assertIn("did you mean `command`?", self.complaint("run", self.target(spawn="comand = [\"x\"]")))

    def test_schema_that_does_not_parse(self):
        target = self.target()
        self.write("init.capnp", "@0xf2c5cfa319406aa6;\ninterface Init {\n  hello @0 () -> (x :Nothing);\n}\n")
        self.assertRegex(self.complaint("run", target), r"init\.capnp:3:\d+: error: .*Nothing")

    def test_program_that_does_not_exist(self):
        self.assertIn("/no/such/program: cannot be executed", self.complaint("run", self.target(), "--out", self.dir / "o"))

    def test_program_that_ends_at_once(self):
        message = self.complaint("run", self.target(spawn='command = ["sh", "-c", "echo I give up; exit 9"]'), "--out", self.dir / "o")
        self.assertIn("exit status 9", message)
        self.assertIn("I give up", message)

    def test_program_that_does_not_listen(self):
        message = self.complaint("run", self.target(spawn='command = ["sleep", "1000"]\nready_ms = 200'), "--out", self.dir / "o")
        self.assertIn("does not listen", message)
        self.assertEqual(list(self.scratch.iterdir()), [])

    def test_socket_without_a_listener(self):
        target = self.write("attach.toml", self.target().read_text().split("[spawn]")[0] + f"[attach]\nsocket = \"{self.dir}/s\"\n")
        self.assertIn("nobody listens", self.complaint("run", target, "--out", self.dir / "o"))

    def attached(self, serve):
        """A target.toml that attaches to a server, whose connections are given to the function `serve`."""
        listener = socketserver.ThreadingUnixStreamServer(str(self.dir / "s"), serve)
        listener.daemon_threads = True
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        self.addCleanup(listener.server_close)
        self.addCleanup(listener.shutdown)
        text = self.target().read_text().split("[spawn]")[0]
        return self.write("attach.toml", f"{text}[attach]\nsocket = \"{self.dir}/s\"\n[limits]\nbootstrap_ms = 300\n")

    def test_server_that_never_gives_its_main_interface(self):
        class Silent(socketserver.BaseRequestHandler):
            def handle(self):
                while self.request.recv(65536):
                    pass

        message = self.complaint("run", self.attached(Silent), "--time", "60s", "--out", self.dir / "o")
        self.assertIn("has never given its main interface: is `main_interface`", message)
        self.assertEqual(list((self.dir / "o/findings").iterdir()), [], "that is no finding about the server")

    def test_server_that_closes_each_connection(self):
        class Rude(socketserver.BaseRequestHandler):
            def handle(self):
                self.request.recv(1)

        message = self.complaint("run", self.attached(Rude), "--time", "60s", "--out", self.dir / "o")
        self.assertIn("main interface", message)

    def test_directory_for_temporary_files_that_does_not_exist(self):
        self.environment["TMPDIR"] = str(self.dir / "missing")
        self.assertIn("set TMPDIR to a directory", self.complaint("run", MODEL_NODE))

    def test_corpus_that_does_not_exist(self):
        message = self.complaint("run", MODEL_NODE, "--corpus", self.dir / "missing", "--out", self.dir / "o")
        self.assertIn("there is no such directory", message)

    def test_words_for_the_target_without_dashes(self):
        message = self.complaint("run", MODEL_NODE, "--bug", "option range", "--time", "5s")
        self.assertIn(f"Words for the target come after --:\n    {BIN}/mpfuzz run {MODEL_NODE} --time 5s -- --bug 'option range'\n",
                      message)
        self.assertIn("Did you mean --time?", self.complaint("run", MODEL_NODE, "--tim", "5s"))
        # CLI11 cannot know whether `x` belongs to --bug. No corrected command line is better than a wrong one.
        self.assertRegex(self.complaint("run", "--bug", "x", MODEL_NODE), r"come after --\n$")

    def test_files_that_are_not_regular(self):
        fifo = self.dir / "fifo"
        os.mkfifo(fifo)
        link = self.dir / "link"
        link.symlink_to("/dev/zero")
        for path, kind in ((fifo, "a FIFO"), (link, "a device")):
            for command in ("fmt", "replay"):
                self.assertIn(f"{path}: is {kind}", self.complaint(command, MODEL_NODE, path))

    def test_directories_in_place_of_programs(self):
        self.assertIn(f"{self.dir}: is a directory", self.complaint("fmt", MODEL_NODE, self.dir))
        self.assertIn(f"{self.dir}: has no finding.json", self.complaint("replay", MODEL_NODE, self.dir))
        finding = self.dir / "findings/crash-0123456789abcdef"
        finding.mkdir(parents=True)
        (finding / "finding.json").touch()
        for path in (self.dir, self.dir / "findings"):
            self.assertIn(f"name one of these:\n    {finding}\n", self.complaint("replay", MODEL_NODE, path))

    def test_import_path_of_a_target_file_and_of_the_command_line(self):
        target = self.target()
        schema = self.write("init.capnp", '@0xf2c5cfa319406aa6;\nusing A = import "/a/a.capnp";\ninterface Init { hello @0 () -> (x :A.A); }\n')
        self.assertIn("to `import_paths` in [schema]", self.complaint("run", target))
        self.assertIn("with -I (searched:", self.complaint("schema", schema))

    def test_program_with_a_typo(self):
        program = self.write("typo.mpf", "c0 = connect\ninit0 = c0.bootstrap Init\nx = init0.makeMinnig()\n")
        message = self.complaint("fmt", MODEL_NODE, program)
        self.assertRegex(message, r"typo\.mpf:3:\d+: ")
        self.assertIn("makeMining", message)

    def test_signal_that_is_not_allowed(self):
        program = self.write("signal.mpf", "c0 = connect\nsignal INT\n")
        self.assertIn("target.toml does not allow this signal", self.complaint("replay", MODEL_NODE, program))

    def test_finding_that_cannot_be_stored_is_printed(self):
        words = ("run", MODEL_NODE, "--max-findings", 1, "--triage-time", "0s", "--seed", 2, "--guidance", "none", "--out")
        self.mpfuzz(*words, self.dir / "first", "--", "--bug", "option-range", expect=1)
        [finding] = (self.dir / "first" / "findings").iterdir()
        (self.dir / "out" / "findings").mkdir(parents=True)
        blocked = self.write(f"out/findings/{finding.name}", "a file in the place of the finding's directory")
        message = self.complaint(*words, self.dir / "out", "--", "--bug", "option-range")
        self.assertIn(str(blocked), message)
        self.assertIn("createNewBlock", message, "the program is printed instead of stored")

    def test_options(self):
        self.assertIn("such as 30s", self.complaint("run", MODEL_NODE, "--time", "soon"))
        self.assertIn("did you mean `Mining.getTip`?", self.complaint("generate", MODEL_NODE, "--only", "Mining.getTipp"))
        self.complaint("frobnicate")


if __name__ == "__main__":
    unittest.main()
