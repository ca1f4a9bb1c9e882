#!/usr/bin/python3
"""Rules and tests in a small tree: what proxy_rules.py says of them, and how it ends."""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path

import proxy_rules

FILES = {
    "tests/ul/here.cpp": 'TEST_CASE("a name") {}\n'
                         'TEST_CASE(\n    "a name that is too long "\n    "for one line") {}\n'
                         'TEST_CASE_METHOD(Fixture, "with a fixture") {}\n'
                         'TEST_CASE("with \\"quotes\\"") {}\n'
                         '// TEST_CASE("not any more") {}\n',
    "tests/ul/forgotten.cpp": 'TEST_CASE("a name") {}\n',
    "tests/ul/CMakeLists.txt": "portcullis_test(ul SOURCES here.cpp not_forgotten.cpp)\n",
    "tests/interop/test_here.py": "class Here(Base):\n    def test_it(self):\n        pass\n",
    "tests/interop/test_forgotten.py": "class Here(Base):\n    def test_it(self):\n        pass\n",
    "tests/interop/CMakeLists.txt": "portcullis_interop(test_here)\n",
}


class ProxyRules(unittest.TestCase):
    def check(self, status, said, rules):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in {**FILES, "tests/proxy-rules.txt": rules}.items():
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            out = io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                self.assertEqual(proxy_rules.main(Path(folder)), status, out.getvalue())
            self.assertIn(said, out.getvalue())

    def check_test(self, status, said, test):
        self.check(status, said, f"a.rule: something\n    {test}\n")

    def test_tests_that_are_there(self):
        for test in ('tests/ul/here.cpp: "a name"', 'tests/ul/here.cpp: "a name that is too long for one line"',
                     'tests/ul/here.cpp: "with a fixture"', r'tests/ul/here.cpp: "with \"quotes\""',
                     "tests/interop/test_here.py: Here.test_it"):
            self.check_test(0, "1 rules, 0 without a test", test)

    def test_tests_that_are_not(self):
        for test in ('tests/ul/here.cpp: "a nam"', 'tests/ul/here.cpp: "not any more"',
                     "tests/interop/test_here.py: Here.test_that", "tests/interop/test_here.py: There.test_it"):
            self.check_test(1, "proxy-rules.txt:2: a.rule: there is no test '", test)
        self.check_test(1, "there is no tests/ul/gone.cpp", 'tests/ul/gone.cpp: "a name"')

    def test_tests_that_nothing_runs(self):
        self.check_test(1, "ctest does not run tests/ul/forgotten.cpp", 'tests/ul/forgotten.cpp: "a name"')
        self.check_test(1, "ctest does not run tests/interop/test_forgotten.py",
                        "tests/interop/test_forgotten.py: Here.test_it")

    def test_rules_without_a_test(self):
        self.check(0, "2 rules, 1 without a test:\n  a.rule-2: that\n",
                   '# Rules\n\na.rule-1: this\n    tests/ul/here.cpp: "a name"\na.rule-2: that\n')

    def test_what_is_no_rule(self):
        self.check(2, "proxy-rules.txt:2: the id 'a.rule' is given twice", "a.rule: this\na.rule: that\n")
        for line in ("A rule: this", "rule: this", "a.rule:", '    tests/ul/here.cpp: "a name"',
                     "a.rule: this\n    tests/ul/here.cpp: a name", "a.rule: this\n  tests/ul/here.cpp: \"a name\""):
            self.check(2, "neither a rule nor a test of one", line)
        self.check(2, "no rules", "# nothing\n")


if __name__ == "__main__":
    unittest.main()
