#!/usr/bin/env python3
"""Tests of scripts/check_layers.py: each test breaks one rule in a small source tree."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parent.parent / "scripts" / "check_layers.py"

HEADER = "#pragma once\n"

# A tree that keeps all rules, with one example of each permission.
GOOD = {
    "src/mpfuzz/base/text.h": HEADER + "#include <string>\n",
    "src/mpfuzz/base/digest.cpp": "#include <mpfuzz/base/text.h>\n#include <openssl/sha.h>\n",
    "src/mpfuzz/schema/schema.h": HEADER + "#include <mpfuzz/base/text.h>\n",
    "src/mpfuzz/schema/schema.cpp": "#include <mpfuzz/schema/schema.h>\n#include <capnp/schema.h>\n#include <kj/common.h>\n",
    "src/mpfuzz/schema/describe_json.cpp": "#include <nlohmann/json.hpp>\n",
    "src/mpfuzz/program/program.h": HEADER + "#include <mpfuzz/schema/schema.h>\n",
    "src/mpfuzz/program/program_test.cpp": "#include <mpfuzz/program/program.h>\n#include <gtest/gtest.h>\n",
    "src/mpfuzz/agent/layout.h": HEADER,
    "src/mpfuzz/agent/agent.h": HEADER,
    "src/mpfuzz/execute/executor.cpp": "#include <capnp/dynamic.h>\n#include <mpfuzz/agent/layout.h>\n#include <toml++/toml.h>\n",
    "src/mpfuzz/generate/generator.h": HEADER + "#include <mpfuzz/program/program.h>\n",
    "domains/bitcoin/block.cpp": "#include <openssl/sha.h>\n#include <domains/multiprocess/context.h>\n",
    "domains/bitcoin/block_test.cpp": "#include <mpfuzz/generate/generator.h>\n",
    "domains/multiprocess/context.h": HEADER,
    "targets/model_node/main.cpp": '#include "chain/block.h"\n#include <CLI/CLI.hpp>\n#include <capnp/rpc.h>\n',
    "targets/model_node/chain/block.h": HEADER,
    "apps/mpfuzz/run.cpp": "#include <mpfuzz/execute/executor.h>\n#include <domains/bitcoin/block.h>\n#include <CLI/CLI.hpp>\n",
}


class CheckLayers(unittest.TestCase):
    def check(self, changes):
        """Checks the good tree with changes. Returns exit status and output."""
        with tempfile.TemporaryDirectory() as folder:
            for name, text in {**GOOD, **changes}.items():
                path = pathlib.Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            run = subprocess.run([sys.executable, str(SCRIPT), folder], capture_output=True, text=True, check=False)
            return run.returncode, run.stdout

    def expect_offence(self, name, text, line, message):
        status, output = self.check({name: text})
        self.assertEqual(status, 1, output)
        offences = [row for row in output.splitlines() if "warning:" not in row]
        self.assertEqual(len(offences), 1, output)
        self.assertTrue(offences[0].startswith(f"{name}:{line}: "), offences[0])
        self.assertIn(message, offences[0])

    def test_a_good_tree_passes_without_output(self):
        self.assertEqual(self.check({}), (0, ""))

    def test_a_layer_may_not_include_a_higher_layer(self):
        self.expect_offence("src/mpfuzz/program/edit.cpp", "#include <string>\n\n#include <mpfuzz/generate/generator.h>\n", 3,
                            "mpfuzz/program may not include mpfuzz/generate/generator.h")

    def test_includes_in_quotes_are_checked(self):
        self.expect_offence("src/mpfuzz/base/bad.cpp", '#  include "mpfuzz/schema/schema.h"\n', 1, "mpfuzz/base may not include")

    def test_includes_of_files_that_do_not_exist_are_checked(self):
        self.expect_offence("src/mpfuzz/observe/bad.cpp", "#include <mpfuzz/execute/generated.h>\n", 1, "mpfuzz/execute/generated.h")

    def test_execute_may_include_the_agents_harness_side_only(self):
        self.expect_offence("src/mpfuzz/execute/bad.cpp", "#include <mpfuzz/agent/agent.h>\n", 1, "mpfuzz/agent/agent.h")

    def test_triage_may_not_include_execute(self):
        self.expect_offence("src/mpfuzz/triage/bad.cpp", "#include <mpfuzz/execute/executor.h>\n", 1, "mpfuzz/triage")

    def test_engine_may_not_include_a_domain(self):
        self.expect_offence("src/mpfuzz/engine/bad.cpp", "#include <domains/multiprocess/context.h>\n", 1, "mpfuzz/engine")

    def test_domains_may_not_include_generate_but_their_tests_may(self):
        self.expect_offence("domains/bitcoin/bad.cpp", "#include <mpfuzz/generate/generator.h>\n", 1, "domains/bitcoin")

    def test_a_test_may_not_include_a_higher_layer(self):
        self.expect_offence("src/mpfuzz/program/bad_test.cpp", "#include <mpfuzz/generate/generator.h>\n", 1, "mpfuzz/program")

    def test_one_target_may_not_include_another(self):
        self.expect_offence("fuzz_interface/bad.cpp", "#include <targets/model_node/chain/block.h>\n", 1, "targets")

    def test_targets_may_not_include_the_fuzzer(self):
        self.expect_offence("targets/model_node/bad.cpp", "#include <mpfuzz/program/program.h>\n", 1, "targets")

    def test_schemas_headers_may_not_include_capnp(self):
        self.expect_offence("src/mpfuzz/schema/bad.h", HEADER + "#include <capnp/schema.h>\n", 2, "<capnp/schema.h>")

    def test_triage_may_not_include_kj(self):
        self.expect_offence("src/mpfuzz/triage/bad.cpp", "#include <kj/async.h>\n", 1, "<kj/async.h>")

    def test_openssl_is_for_the_digest_only(self):
        self.expect_offence("src/mpfuzz/base/bad.cpp", "#include <openssl/sha.h>\n", 1, "<openssl/sha.h>")

    def test_the_core_may_not_include_json(self):
        self.expect_offence("src/mpfuzz/trace/bad.cpp", "#include <nlohmann/json.hpp>\n", 1, "<nlohmann/json.hpp>")

    def test_toml_is_for_execute_only(self):
        self.expect_offence("apps/mpfuzz/bad.cpp", "#include <toml++/toml.h>\n", 1, "<toml++/toml.h>")

    def test_command_lines_are_for_apps_and_targets_only(self):
        self.expect_offence("src/mpfuzz/engine/bad.cpp", "#include <CLI/CLI.hpp>\n", 1, "<CLI/CLI.hpp>")

    def test_gtest_is_for_tests_only(self):
        self.expect_offence("src/mpfuzz/base/bad.cpp", "#include <gtest/gtest.h>\n", 1, "<gtest/gtest.h>")

    def test_a_header_needs_pragma_once(self):
        self.expect_offence("src/mpfuzz/base/bad.h", "int x;\n", 1, "#pragma once")

    def test_using_namespace_is_refused(self):
        self.expect_offence("src/mpfuzz/base/bad.cpp", "int x;\n  using namespace std;\n", 2, "using namespace")

    def test_include_cycles_are_found(self):
        status, output = self.check({
            "src/mpfuzz/base/a.h": HEADER + "#include <mpfuzz/base/b.h>\n",
            "src/mpfuzz/base/b.h": HEADER + '#include "c.h"\n',
            "src/mpfuzz/base/c.h": HEADER + "#include <mpfuzz/base/a.h>\n",
        })
        self.assertEqual(status, 1)
        self.assertIn("include cycle: mpfuzz/base/a.h -> mpfuzz/base/b.h -> mpfuzz/base/c.h -> mpfuzz/base/a.h", output)

    def test_a_long_file_fails(self):
        self.expect_offence("src/mpfuzz/base/bad.cpp", "int x;\n" * 501, 501, "501 lines")

    def test_a_file_above_300_lines_warns_unless_a_comment_says_why(self):
        status, output = self.check({"src/mpfuzz/base/long.cpp": "int x;\n" * 301})
        self.assertEqual(status, 0)
        self.assertIn("src/mpfuzz/base/long.cpp:1: warning: 301 lines", output)
        reason = "// This file is long because it is one table.\n"
        self.assertEqual(self.check({"src/mpfuzz/base/long.cpp": reason + "int x;\n" * 301}), (0, ""))

    def test_an_empty_tree_is_a_usage_error(self):
        with tempfile.TemporaryDirectory() as folder:
            run = subprocess.run([sys.executable, str(SCRIPT), folder], capture_output=True, check=False)
            self.assertEqual(run.returncode, 2)


if __name__ == "__main__":
    unittest.main()
