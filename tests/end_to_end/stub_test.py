"""Runs `mpfuzz stub` and `mpfuzz proxy`, with commands as users type them.

The tests compare the calls in a program with the calls in the stub's log, and the answers in the log with the answers in the
client's trace. The code here that reads these texts shares no code with mpfuzz.

Usage: MPFUZZ_BIN=build/dev/bin python3 -m unittest stub_test    (in this folder)
"""

import json
import re
import signal
import socket
import subprocess
import unittest

import fixture
from fixture import BIN, MODEL_NODE, ROOT, TIMEOUT, eventually

STUB = ROOT / "targets/stub/target.toml"
SCHEMA = ROOT / "src/mpfuzz/program/testdata/mining.capnp"

# Fields with a default other than zero. If a field is sent with its default, the receiver sees it as unset.
DEFAULTS = {"useMempool": True}

# How trace::Print shortens an answer.
MAX_ANSWER = 100


def listens(path):
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True


class Opaque:
    """A value that the text does not contain: a capability, data of an earlier answer, an untyped pointer."""

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"<{self.name}>"


CAPABILITY, DATA, ANY, NULL = map(Opaque, ("capability", "data", "any", "null"))


class ValueReader:
    """Parses one value (docs/program-format.md). Numbers and enumerants stay text; Text and Data become bytes."""

    TOKEN = re.compile(r'\s*(<capability>|0x"[0-9a-fA-F]*"|"(?:[^"\\]|\\.)*"|`[^`]*`|[-\w.+:#]+|[()\[\]{},=;$|*])')
    ESCAPES = {"n": b"\n", "t": b"\t", "r": b"\r", '"': b'"', "\\": b"\\"}

    def __init__(self, text, names=()):
        self.tokens = self.TOKEN.findall(text)
        self.at = 0
        self.names = set(names)

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, expected=None):
        token = self.peek()
        if expected is not None and token != expected:
            raise ValueError(f"{expected!r} expected at {self.tokens[self.at:self.at + 5]}")
        self.at += 1
        return token

    def value(self):
        token = self.take()
        if token == "(":
            return self.struct()
        if token == "[":
            return self.list()
        if token == "$":
            return self.data()
        if token == "<capability>":
            return CAPABILITY
        if token == "null":
            return NULL
        if token == "any":
            self.take()
            self.value()
            return ANY
        if token == "serve":
            self.take()
            self.skip_braces()
            return CAPABILITY
        if token.startswith(('"', '0x"')):
            return self.bytes(token)
        if token == "enum" and self.peek() == "(":
            return f"enum({self.parenthesized()})"
        if token.split(".")[0] in self.names:
            self.skip_path()
            return CAPABILITY
        return {"true": True, "false": False}.get(token, token)

    def struct(self):
        fields = {}
        while self.peek() != ")":
            name = self.take()
            self.take("=")
            fields[name] = self.value()
            if self.peek() == ",":
                self.take()
        self.take(")")
        return fields

    def list(self):
        elements = []
        while self.peek() != "]":
            elements.append(self.value())
            if self.peek() == "*":
                self.take()
                elements *= int(self.take())
            if self.peek() == ",":
                self.take()
        self.take("]")
        return elements

    def data(self):
        self.take()
        self.skip_path()
        while self.peek() == "|":
            self.take()
            self.take()
            self.parenthesized()
        return DATA

    def parenthesized(self):
        self.take("(")
        inner = []
        while self.peek() != ")":
            inner.append(self.take())
        self.take(")")
        return "".join(inner)

    def skip_path(self):
        """Parses `[2].field` after a name. Names joined by dots are one token already."""
        while self.peek() == "[" or self.peek().startswith("."):
            if self.take() == "[":
                self.take()
                self.take("]")

    def skip_braces(self):
        if self.peek() != "{":
            return
        depth = 0
        while True:
            depth += {"{": 1, "}": -1}.get(self.take(), 0)
            if depth == 0:
                return

    def bytes(self, token):
        if token.startswith("0x"):
            return bytes.fromhex(token[3:-1])
        out = b""
        for piece in re.findall(r"\\x[0-9a-fA-F]{2}|\\.|[^\\]", token[1:-1]):
            if piece.startswith("\\x"):
                out += bytes.fromhex(piece[2:])
            elif piece.startswith("\\"):
                out += self.ESCAPES[piece[1]]
            else:
                out += piece.encode()
        return out


def is_default(name, sent):
    """Whether the receiver may see the field as unset: it was sent with its default, or its value may be null."""
    if isinstance(sent, Opaque):
        return True
    if name in DEFAULTS:
        return sent == DEFAULTS[name]
    if isinstance(sent, dict):
        return all(is_default(field, value) for field, value in sent.items())
    # Zeros, and the first enumerants of this schema. A negative zero is not the default.
    return sent is False or sent in ("0", "void", "red", "enum(0)")


def arrived(sent, received):
    """Whether the receiver of `sent` may see `received`."""
    if sent in (DATA, ANY):
        return True
    if sent is CAPABILITY:
        return received is CAPABILITY
    if sent is NULL:  # an element of a list: it cannot be unset
        return received is CAPABILITY or received in (b"", [], {}) or received is NULL
    if isinstance(sent, dict) and isinstance(received, dict):
        for name in sent.keys() | received.keys():
            if name not in received:
                if not is_default(name, sent[name]):
                    return False
            elif name not in sent:
                if not (received[name] == {} or is_default(name, received[name])):
                    return False
            elif not arrived(sent[name], received[name]):
                return False
        return True
    if isinstance(sent, list) and isinstance(received, list):
        return len(sent) == len(received) and all(map(arrived, sent, received))
    return sent == received


def shortened(text):
    """Shortens an answer as the trace's table does."""
    if len(text) <= MAX_ANSWER:
        return text
    middle = f" ...({len(text)} characters)... "
    kept = MAX_ANSWER - len(middle)
    return text[:kept - kept // 3] + middle + text[len(text) - kept // 3:]


CALL = re.compile(r"^(?:(?P<name>\w+) = )?(?:\((?P<cast>\w+)[^()]* as (?:`[^`]*`|[\w.]+)\)|(?P<target>\w+)[\w.\[\]]*?)"
                  r"\.(?P<method>\w+)(?P<arguments>\(.*\))$")


def read_calls(program):
    """Returns (step, method, arguments) of each call to the server in a program's text, in order."""
    lines = program.splitlines()
    names = [line.split(" = ", 1)[0] for line in lines if re.match(r"\w+ = ", line)]
    served = {line.split(" = ", 1)[0] for line in lines if re.match(r"\w+ = serve ", line)}
    calls = []
    for step, line in enumerate(lines):
        call = CALL.match(line)
        if not call or ".message " in line or ".bytes " in line:
            continue
        target = call["cast"] or call["target"]
        arguments = ValueReader(call["arguments"], names).value()
        # A call on an object of the client, or on one that such an object returned, is not sent to the server.
        if target in served:
            served.add(call["name"])
        else:
            calls.append((step, call["method"], arguments))
    return calls


def read_trace(text):
    """Returns (how it ended, answer) of each step in a replay's table."""
    lines = text.splitlines()
    at = next(i for i, line in enumerate(lines) if re.match(r"\s*#  step ", line))
    header = lines[at]
    how, sent, answer = header.index("  how ") + 2, header.index("sent ms"), header.index("  answer") + 2
    rows = []
    for line in lines[at + 1:]:
        if not re.match(r"\s*\d+  ", line):
            break
        rows.append((re.split(r"\s{2,}", line[how:sent])[0].strip(), line[answer:]))
    return rows


class PeerTest(fixture.EndToEnd):
    def serve(self, *words, path):
        """Starts a server. Returns when it listens."""
        process = subprocess.Popen([BIN / "mpfuzz", *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True, env=self.environment)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        self.assertTrue(eventually(lambda: process.poll() is not None or listens(path), seconds=30), "the server does not listen")
        self.assertIsNone(process.poll(), "the server has ended")
        return process

    def stop(self, process, how=signal.SIGTERM):
        process.send_signal(how)
        stdout, stderr = process.communicate(timeout=TIMEOUT)
        self.assertEqual(process.returncode, 0, stdout + stderr)
        self.assertEqual(stderr, "")
        return stdout

    def attach(self, target, socket_path):
        """Writes a target.toml that attaches to a running server, with the schema and rules of `target`. Returns its path."""
        text = target.read_text()
        head, _, rest = text.partition("[spawn]")
        rules = rest[rest.index("[rules]"):] if "[rules]" in rest else ""
        for name in ("files", "import_paths"):
            head = re.sub(rf'{name} = \["([^"]*)"\]', rf'{name} = ["{target.parent}/\1"]', head)
        return self.write("attach.toml", f'{head}[attach]\nsocket = "{socket_path}"\n{rules}')


class Stub(PeerTest):
    def programs(self, count, seed):
        text = self.mpfuzz("generate", STUB, "--runs", count, "--seed", seed).stdout
        return [program.strip() + "\n" for program in re.split(r"^# program \d+\n", text, flags=re.MULTILINE)[1:]]

    def target(self, log, *words):
        extra = "".join(f', "{word}"' for word in ("--log", log, *words))
        return self.write("target.toml", f"""
            [schema]
            files = ["{SCHEMA}"]
            main_interface = "Init"
            [spawn]
            command = ["{{bin}}/mpfuzz", "stub", "{SCHEMA}", "--interface", "Init", "--socket", "{{socket}}"{extra}]
            coverage = "none"
        """)

    def replay(self, target, log, program):
        """Replays a program. Returns the client's trace and the stub's log."""
        log.unlink(missing_ok=True)
        path = self.write("program.mpf", program)
        trace = read_trace(self.mpfuzz("replay", target, path, "--times", 1, "--trace").stdout)
        return trace, [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    def differences(self, program, trace, log):
        """Lists calls that were answered but not logged with the same content, and calls that were logged but not sent."""
        found = []
        left = [(entry["method"].rsplit(".", 1)[-1], ValueReader(entry["arguments"]).value(),
                 shortened(entry.get("results", "()")), entry["how"]) for entry in log]
        unanswered = []
        for step, method, arguments in read_calls(program):
            how, answer = trace[step]
            if how != "answered":
                unanswered.append((method, arguments))
                continue
            match = next((entry for entry in left if entry[0] == method and entry[2] == answer and
                          entry[3] == "returned" and arrived(arguments, entry[1])), None)
            if match is None:
                found.append(f"step {step}: {method} {arguments} -> {answer}")
            else:
                left.remove(match)
        for method, arguments, _, _ in left:
            if not any(method == other and arrived(sent, arguments) for other, sent in unanswered):
                found.append(f"not sent: {method} {arguments}")
        return found

    def test_calls_and_answers_arrive_unchanged(self):
        log = self.dir / "calls.jsonl"
        target = self.target(log)
        compared = 0
        for program in self.programs(15, seed=11):
            trace, calls = self.replay(target, log, program)
            self.assertEqual(self.differences(program, trace, calls), [], f"{program}\n{calls}")
            compared += sum(how == "answered" for how, _ in trace)
        self.assertGreater(compared, 80)

    def test_the_comparison_notices_a_stub_that_sends_other_results_than_it_logs(self):
        log = self.dir / "calls.jsonl"
        target = self.target(log, "--fault", "alter")
        program = "c0 = connect\ninit0 = c0.bootstrap Init\nmakeLab0 = init0.makeLab()\n" + "".join(
            f"numbers{i} = makeLab0.result.numbers()\n" for i in range(30))
        trace, calls = self.replay(target, log, program)
        self.assertTrue(any("numbers" in line for line in self.differences(program, trace, calls)))

    def test_two_runs_agree(self):
        log = self.dir / "calls.jsonl"
        target = self.target(log)
        for program in self.programs(3, seed=12):
            first = self.replay(target, log, program)[1]
            self.assertEqual(sorted(map(str, self.replay(target, log, program)[1])), sorted(map(str, first)))

    def test_fuzzing_it_finds_nothing(self):
        done = self.mpfuzz("run", STUB, "--runs", 300, "--seed", 1, "--out", self.dir / "out")
        self.assertIn("programs/s", done.stdout)

    def test_its_faults_are_findings(self):
        # No campaign: it would replay each finding many times, and each replay waits for a deadline or writes a core file.
        program = self.dir / "any.mpf"
        program.write_text(self.mpfuzz("generate", STUB, "--runs", 1, "--seed", 1).stdout)
        for fault, kind in (("crash", "crash: "), ("silence", "no-reply: ")):
            done = self.mpfuzz("replay", STUB, program, "--times", 1, "--", "--fault", fault, expect=1)
            self.assertIn(kind, done.stdout)

    def test_survives_misbehaving_clients_and_removes_its_socket(self):
        path = self.dir / "socket"
        for how in (signal.SIGTERM, signal.SIGINT):
            stub = self.serve("stub", SCHEMA, "--interface", "Init", "--socket", path, path=path)
            for garbage in (b"", b"\xff" * 100, b"\0" * 4096, b"GET / HTTP/1.1\r\n\r\n"):
                with socket.socket(socket.AF_UNIX) as client:
                    client.connect(str(path))
                    client.sendall(garbage)
            program = self.write("p.mpf", "c0 = connect\ninit0 = c0.bootstrap Init\n"
                                          "makeLab0 = init0.makeLab(context = (thread = null))\n"
                                          "drop makeLab0.result\n"
                                          "makeLab0.result.numbers()\n")
            replayed = self.mpfuzz("replay", self.attach(STUB, path), program, "--times", 1, "--trace").stdout
            self.assertEqual([how for how, _ in read_trace(replayed)][2:], ["answered", "done", "not sent"])
            self.stop(stub, how)
            self.assertFalse(path.exists())

    def test_replaces_the_socket_of_a_killed_stub(self):
        path = self.dir / "socket"
        stub = self.serve("stub", SCHEMA, "--interface", "Init", "--socket", path, path=path)
        stub.kill()
        stub.communicate(timeout=TIMEOUT)
        self.assertTrue(path.exists())
        self.stop(self.serve("stub", STUB, "--socket", path, path=path))

    def test_bad_input(self):
        path = self.dir / "socket"
        for words, message in ((["stub", SCHEMA, "--socket", path], "--interface NAME"),
                            (["stub", SCHEMA, "--interface", "Initt", "--socket", path], "did you mean `Init`?"),
                            (["stub", "/no/such.capnp", "--interface", "A", "--socket", path], "no such file"),
                            (["stub", STUB], "--socket PATH"),
                            (["stub", STUB, "--socket", self.dir / "no/such/socket"], "cannot listen there"),
                            (["stub", STUB, "--socket", path, "--fault", "flood"], "--list-faults"),
                            (["stub", STUB, "--socket", path, "--log", "/no/such/log"], "cannot be written"),
                            (["proxy", STUB, "--listen", path, "--perturb", "shuffle"], "there are delay, split, drop"),
                            (["proxy", STUB, "--listen", path, "--connect", "/no/such/socket"], "nobody listens")):
            self.assertIn(message, self.mpfuzz(*words, expect=2).stderr)
        self.assertIn("alter\n", self.mpfuzz("stub", "--list-faults").stdout)


class Proxy(PeerTest):
    ROUND = ROOT / "tests/programs/mining_round.mpf"

    def replay(self, target, program):
        text = self.mpfuzz("fmt", target, program).stdout
        trace = read_trace(self.mpfuzz("replay", target, program, "--times", 1, "--trace").stdout)
        return [(method, *trace[step]) for step, method, _ in read_calls(text)]

    def assert_same(self, answers, others):
        """Compares two runs. Ignores calls that may wait and that are unanswered in one of the runs."""
        self.assertEqual([method for method, _, _ in answers], [method for method, _, _ in others])
        for answer, other in zip(answers, others):
            if answer[0].startswith("wait") and "unanswered" in (answer[1], other[1]):
                continue
            self.assertEqual(answer, other)
            self.assertEqual(answer[1], "answered")

    def through(self, *words):
        """Starts a proxy in front of the model node. Returns its process and a target.toml that connects to it."""
        path = self.dir / "proxy"
        return self.serve("proxy", MODEL_NODE, "--listen", path, *words, path=path), self.attach(MODEL_NODE, path)

    def test_a_recording_replays_with_the_same_answers(self):
        proxy, target = self.through("--record", self.dir / "seeds")
        answers = self.replay(target, self.ROUND)
        self.assertRegex(self.stop(proxy), r"connections, 12 calls; 1 programs in ")
        (recording,) = (self.dir / "seeds").iterdir()
        text = recording.read_text()
        self.assertNotIn("Not in it", text)
        self.assertIn("serve ThreadMap", text)
        canonical = self.mpfuzz("fmt", MODEL_NODE, recording).stdout
        self.assertEqual(canonical, "".join(line + "\n" for line in text.splitlines() if not line.startswith("#")))
        self.assert_same(self.replay(MODEL_NODE, recording), answers)

    def test_delay_and_split_do_not_change_answers(self):
        direct = self.replay(MODEL_NODE, self.ROUND)
        proxy, target = self.through("--perturb", "delay,split")
        self.assert_same(self.replay(target, self.ROUND), direct)
        self.stop(proxy)

    def test_survives_the_connections_that_it_drops(self):
        proxy, target = self.through("--perturb", "drop", "--seed", 3, "--record", self.dir / "seeds")
        for _ in range(4):
            # To the client, a dropped connection looks like a server that has ended.
            self.mpfuzz("replay", target, self.ROUND, "--times", 1, expect=(0, 1))
        self.stop(proxy)
        for recording in (self.dir / "seeds").glob("*.mpf"):
            self.mpfuzz("fmt", MODEL_NODE, recording)

    def test_garbage_is_relayed_and_counted(self):
        proxy, _ = self.through("--record", self.dir / "seeds")
        for garbage in (b"\xff" * 100, b"\0" * 64, b"GET / HTTP/1.1\r\n\r\n"):
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(self.dir / "proxy"))
                client.sendall(garbage)
                client.shutdown(socket.SHUT_WR)
                client.settimeout(TIMEOUT)
                while client.recv(4096):
                    pass
        self.assertIn(" connections, 0 calls; 0 programs", self.stop(proxy))

    def test_a_crash_of_the_server_gives_exit_status_1(self):
        path = self.dir / "proxy"
        proxy = self.serve("proxy", STUB, "--listen", path, "--", "--fault", "crash", path=path)
        program = self.write("p.mpf", "c0 = connect\ninit0 = c0.bootstrap Init\n" + "init0.makeLab()\n" * 60)
        self.mpfuzz("replay", self.attach(STUB, path), program, "--times", 1, expect=1)
        proxy.send_signal(signal.SIGTERM)
        stdout, _ = proxy.communicate(timeout=TIMEOUT)
        self.assertEqual(proxy.returncode, 1, stdout)
        self.assertIn("the server has died of signal 6", stdout)


if __name__ == "__main__":
    unittest.main()
