"""Tests the oracles other than crashes, and `mpfuzz diff`, on the model node, with commands as users type them.

Usage: MPFUZZ_BIN=build/dev/bin python3 -m unittest oracles_test    (in this folder)
"""

import json
import re
import subprocess
import unittest

import fixture
from fixture import BIN, MODEL_NODE, ROOT, TIMEOUT

NODE = ROOT / "targets/model_node"

FINDING_FILES = ("title", "finding.json", "program.mpf", "minimal.mpf", "trace.txt", "target.log", "reproduce.sh")


def planted_bugs():
    return subprocess.run([BIN / "model_node", "--list-bugs"], capture_output=True, text=True, check=True).stdout.split()


class Oracles(fixture.EndToEnd):
    def setUp(self):
        super().setUp()
        self.environment["MPFUZZ"] = str(BIN / "mpfuzz")
        self.out = self.dir / "out"

    def target(self, addition="", replace=("", "")):
        """Writes a changed copy of the model node's target.toml into the test's directory. Returns its path."""
        text = (NODE / "target.toml").read_text()
        text = text.replace('"schema', f'"{NODE}/schema').replace('"../schema', f'"{NODE.parent}/schema').replace(*replace)
        path = self.dir / "target.toml"
        path.write_text(text + addition)
        return path

    def skip_without(self, bug):
        if bug not in planted_bugs():
            self.skipTest(f"the model node has no bug {bug} yet")

    def findings(self, kind):
        return sorted((self.out / "findings").glob(f"{kind}-*"))

    def check_finding(self, finding):
        for name in FINDING_FILES:
            self.assertTrue((finding / name).exists(), name)
        done = subprocess.run([finding / "reproduce.sh"], capture_output=True, text=True, timeout=TIMEOUT,
                              env=self.environment, check=False)
        self.assertEqual(done.returncode, 1, f"{done.stdout}\n{done.stderr}")


class Postconditions(Oracles):
    WRONG = '\n[[postcondition]]\nmethod = "Mining.getTip"\nholds = "answer.result.height > 1000000"\nreason = "made up"\n'

    def test_a_broken_postcondition_is_found_and_replays(self):
        target = self.target(self.WRONG)
        self.mpfuzz("run", target, "--time", "200s", "--max-findings", 1, "--only", "Mining.getTip", "--out", self.out, expect=1)
        [finding] = self.findings("postcondition")
        self.assertEqual((finding / "title").read_text().strip(),
                         "postcondition of Mining.getTip: answer.result.height > 1000000")
        self.check_finding(finding)
        # Without the wrong postcondition there is no finding.
        self.mpfuzz("replay", MODEL_NODE, finding / "minimal.mpf", "--times", 2, expect=0)

    def complaint(self, holds, method="Mining.getTip"):
        target = self.target(f'\n[[postcondition]]\nmethod = "{method}"\nholds = \'{holds}\'\nreason = "r"\n')
        lines = target.read_text().splitlines()
        message = self.mpfuzz("generate", target, expect=2).stderr
        self.assertIn(f"target.toml:{len(lines) - 1}:9: ", message)
        return message

    def test_an_invalid_postcondition_is_an_error_that_names_its_line(self):
        self.assertIn("did you mean `result`?", self.complaint("answer.rezult == 1"))
        self.assertIn("did you mean `Mining.getTip`?", self.complaint("answer.result == 1", "Mining.getTipp"))
        self.assertIn("a number and text or data cannot be compared", self.complaint('answer.result.height == "x"'))
        self.assertIn("`==` was expected", self.complaint("answer.result.height = 1"))

    def test_rules_that_match_nothing_are_errors(self):
        target = self.target(replace=('["context.thread"]', '["context.thraed"]'))
        self.assertIn("did you mean `context.thread`?", self.mpfuzz("generate", target, expect=2).stderr)
        target = self.target(replace=('"Init.*", "Echo.*"', '"Inti.*", "Echo.*"'))
        self.assertIn("no method matches `Inti.*`", self.mpfuzz("generate", target, expect=2).stderr)

    def test_wrong_template_is_found(self):
        self.skip_without("wrong-template")
        self.mpfuzz("run", MODEL_NODE, "--time", "200s", "--max-findings", 1, "--only", "BlockTemplate.waitNext",
                    "--out", self.out, "--", "--bug", "wrong-template", expect=1)
        [finding] = self.findings("postcondition")
        self.assertIn("BlockTemplate.waitNext", (finding / "title").read_text())
        details = json.loads((finding / "finding.json").read_text())["details"]
        self.assertRegex(details, r"step \d+, createNewBlock0: arguments .*\nstep \d+, waitNext0: arguments .*, answer \(\)")
        self.check_finding(finding)


class Order(Oracles):
    def test_a_reordered_call_is_found(self):
        self.skip_without("reordered")
        self.mpfuzz("run", MODEL_NODE, "--time", "200s", "--max-findings", 1, "--out", self.out, "--", "--bug", "reordered",
                    expect=1)
        self.assertTrue(self.findings("order") or self.findings("postcondition"), list(self.out.glob("findings/*")))


class Sequential(Oracles):
    # If the first call is awaited, the object exists when the second call is sent; if pipelined, it does not yet.
    PROGRAM = """c0 = connect
init0 = c0.bootstrap Init
construct0 = init0.construct()
makeThread0 = construct0.threadMap.makeThread()
makeMining0 = init0.makeMining(context = (thread = makeThread0.result))
createNewBlock0 = makeMining0.result.createNewBlock(context = (thread = makeThread0.result))
getTxFees0 = createNewBlock0.result.getTxFees(context = (thread = makeThread0.result))
"""

    def test_a_stale_answer_to_a_pipelined_call_is_found(self):
        self.skip_without("pipelined-stale")
        program = self.dir / "program.mpf"
        program.write_text(self.PROGRAM)
        done = self.mpfuzz("replay", MODEL_NODE, program, "--", "--bug", "pipelined-stale", expect=1)
        self.assertIn("sequential: BlockTemplate.getTxFees: the answers differ in result[]", done.stdout)
        self.assertIn("nothing found", self.mpfuzz("replay", MODEL_NODE, program, expect=0).stdout)


class Diff(Oracles):
    def diff(self, *words, expect):
        return self.mpfuzz("diff", MODEL_NODE, MODEL_NODE, "--out", self.out, *words, expect=expect)

    def test_finds_nothing_between_a_target_and_itself(self):
        done = self.diff("--runs", 300, "--seed", 1, expect=0)
        self.assertIn("300 programs on both targets", done.stdout)
        self.assertIn("no findings", done.stdout)
        self.assertEqual(list((self.out / "findings").glob("*")), [])

    def test_a_difference_is_found_minimised_stored_and_printed(self):
        self.skip_without("pipelined-stale")
        done = self.diff("--time", "200s", "--max-findings", 1, "--", "--bug", "pipelined-stale", expect=1)
        [finding] = self.findings("differential")
        self.assertIn((finding / "title").read_text().strip(), done.stdout)
        self.assertIn((finding / "minimal.mpf").read_text(), done.stdout)
        self.assertRegex(done.stdout, r"first:  \(.*\)\nsecond: \(")
        self.assertEqual(json.loads((finding / "finding.json").read_text())["other_target"], str(MODEL_NODE))
        self.check_finding(finding)
        self.assertIn("(always)", self.diff("--program", finding, "--trust", expect=1).stdout)
        # Without the planted bug there is no finding.
        self.assertIn("no difference", self.diff("--program", finding / "minimal.mpf", expect=0).stdout)
        self.assertIn("mpfuzz diff", self.mpfuzz("replay", MODEL_NODE, finding, expect=2).stderr)

    def test_reports_what_is_missing(self):
        target = self.target()
        target.write_text(re.sub(r"deterministic = \[[^\]]*\]", "", target.read_text()))
        message = self.mpfuzz("diff", target, MODEL_NODE, "--runs", 1, expect=2).stderr
        self.assertIn("`deterministic` in [rules] lists no method", message)
        program = self.dir / "two.mpf"
        program.write_text("c0 = connect\nc1 = connect\ninit0 = c0.bootstrap Init\ninit0.construct()\n")
        self.assertIn("cannot be compared", self.diff("--program", program, expect=2).stderr)


class Silence(Oracles):
    def test_a_node_without_bugs_gives_no_finding(self):
        self.mpfuzz("run", MODEL_NODE, "--runs", 1000, "--seed", 11, "--guidance", "none", "--out", self.out, expect=0)
        self.assertEqual(list((self.out / "findings").glob("*")), [])


if __name__ == "__main__":
    unittest.main()
