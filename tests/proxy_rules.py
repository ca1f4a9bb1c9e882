#!/usr/bin/python3
"""proxy_rules.py [ROOT]: the rules of tests/proxy-rules.txt, whether the tests that they name are there and run, and
which rules have none. Exit 0: all named tests are there; 1: one is not; 2: the rules cannot be read."""

import ast
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

RULES = "tests/proxy-rules.txt"
RULE = re.compile(r"([a-z]+(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)): (\S.*)")
TEST = re.compile(r' {4}(tests/[\w/]+\.(?:cpp: ".+"|py: \w+\.test_\w+))')
TEST_CASE = re.compile(r'^TEST_CASE(?:_METHOD\(\s*\w+,)?[\s(]*((?:"(?:[^"\\]|\\.)*"\s*)+)', re.MULTILINE)


@dataclass
class Rule:
    id: str
    text: str
    tests: list = field(default_factory=list)  # of (line, file, name)


class Unreadable(Exception):
    pass


def read_rules(text):
    rules = {}
    rule = None
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        if found := RULE.fullmatch(line):
            rule = Rule(*found.groups())
            if rule.id in rules:
                raise Unreadable(f"{RULES}:{number}: the id '{rule.id}' is given twice")
            rules[rule.id] = rule
        elif (found := TEST.fullmatch(line)) and rule:
            file, name = found[1].split(": ", 1)
            rule.tests.append((number, file, name[1:-1] if file.endswith(".cpp") else name))
        else:
            raise Unreadable(f"{RULES}:{number}: neither a rule nor a test of one: {line}")
    if not rules:
        raise Unreadable(f"{RULES}: no rules")
    return list(rules.values())


def test_cases(file):
    for found in TEST_CASE.finditer(file.read_text()):
        yield "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', found[1]))


def test_methods(file):
    for group in ast.parse(file.read_text()).body:
        if isinstance(group, ast.ClassDef):
            yield from (f"{group.name}.{method.name}" for method in group.body if isinstance(method, ast.FunctionDef))


def is_run(file):
    """Whether the CMakeLists.txt beside it names it, so that ctest knows its tests."""
    listed = (file.parent / "CMakeLists.txt").read_text()
    name = file.name if file.suffix == ".cpp" else f"portcullis_interop({file.stem})"
    return re.search(rf"(?<![\w.]){re.escape(name)}", listed) is not None


def find_fault(root, file, name):
    """What is wrong with a named test; empty if nothing is."""
    path = root / file
    if not path.is_file():
        return f"there is no {file}"
    tests = test_cases(path) if path.suffix == ".cpp" else test_methods(path)
    if name not in tests:
        return f"there is no test '{name}' in {file}"
    return "" if is_run(path) else f"ctest does not run {file}"


def main(root):
    try:
        rules = read_rules((root / RULES).read_text())
    except (OSError, Unreadable) as error:
        print(error, file=sys.stderr)
        return 2
    broken = False
    for rule in rules:
        for line, file, name in rule.tests:
            if fault := find_fault(root, file, name):
                print(f"{RULES}:{line}: {rule.id}: {fault}")
                broken = True
    without = [rule for rule in rules if not rule.tests]
    print(f"{len(rules)} rules, {len(without)} without a test:")
    for rule in without:
        print(f"  {rule.id}: {rule.text}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent))
