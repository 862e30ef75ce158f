"""Python code as text: values as they are written, and what a script uses put where it belongs."""

from __future__ import annotations

import re
import symtable
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ann_tui.data.plain_text import printable

WIDTH = 100
"""The longest line of a script, but for texts that can't be broken."""


def written(value: Any, indent: int = 0, beside: int = 30) -> str:
    """A value of plain types as Python code; a long one over several lines, all but the first `indent` deep.

    `beside` is how many characters may stand before and after it on its line.
    """
    line = _line(value)
    if len(line) + indent <= WIDTH - beside or not isinstance(value, list | tuple | dict):
        return line
    brackets = {list: ("[", "]"), tuple: ("(", ")"), dict: ("{", "}")}
    opening, closing = brackets[type(value)]
    items = (
        [f"{_line(key)}: {_line(each)}" for key, each in value.items()]
        if isinstance(value, dict)
        else list(map(_line, value))
    )
    filled = [""]
    for item in items:
        if filled[-1] and len(filled[-1]) + len(item) + indent + 8 > WIDTH:
            filled.append("")
        filled[-1] += (" " if filled[-1] else "") + f"{item},"
    inside = " " * (indent + 4)
    return "\n".join([opening, *(inside + each for each in filled), " " * indent + closing])


def _line(value: Any) -> str:
    """A value on one line, with double quotes."""
    match value:
        case str():
            plain = repr(value)
            return plain if '"' in value or plain[0] == '"' else '"' + plain[1:-1].replace("\\'", "'") + '"'
        case list():
            return f"[{', '.join(map(_line, value))}]"
        case tuple():
            return f"({', '.join(map(_line, value))}{',' if len(value) == 1 else ''})"
        case dict():
            return "{" + ", ".join(f"{_line(key)}: {_line(each)}" for key, each in value.items()) + "}"
    return repr(value)


def in_docstring(text: str, limit: int) -> str:
    """A text from anywhere as it can stand in a docstring, at most so long."""
    return printable(text, limit).replace('"', "'").replace("\\", "/")


def call(name: str, *arguments: str, **named: object) -> str:
    """A call as code: `arguments` are code already, the values of `named` are written as they are."""
    return f"{name}({', '.join([*arguments, *(f'{key}={written(value)}' for key, value in named.items())])})"


def without(code: str, usual: Sequence[str]) -> str:
    """A call without these arguments, each as it is written: what the framework takes by itself."""
    for argument in usual:
        code = re.sub(rf", {re.escape(argument)}(?=[,)]|$)", "", code)
    return code


def missing_files(*names: str) -> str:
    """Code that ends a script with one line where one of the files of these names isn't there."""
    listed = f"({', '.join(names)}{',' * (len(names) == 1)})"
    return (
        f"for file in {listed}:\n    if not file.exists():\n"
        '        raise SystemExit(f"{file} is missing: this script reads it")\n'
    )


def name_for(text: str, taken: Iterable[str] = ()) -> str:
    """A variable's name made of a text, not one of those that are taken."""
    plain = re.sub(r"\W+", "_", text.casefold(), flags=re.ASCII).strip("_") or "column"
    plain = plain if plain[0].isalpha() and not _is_keyword(plain) else f"the_{plain}"
    found, number = plain, 2
    while found in set(taken):
        found, number = f"{plain}_{number}", number + 1
    return found


def _is_keyword(text: str) -> bool:
    import keyword

    return keyword.iskeyword(text)


@dataclass(frozen=True)
class Helper:
    """A definition that a script may use; it stands in the section of this number, before what uses it."""

    section: int
    code: str


def used_names(code: str) -> set[str]:
    """The names that code uses, those of modules among them."""
    # Trees of `ast` can't be made in two threads at once in Python 3.11: "AST constructor recursion depth mismatch".
    tables, found = [symtable.symtable(code, "script", "exec")], set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        found |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    return found


def assembled(
    doc: str,
    sections: Sequence[tuple[str, str]],
    helpers: Mapping[str, Helper],
    imports: Mapping[str, str],
    before: str = "",
    early: str = "",
) -> str:
    """A whole script of titled sections: its imports and the helpers that it uses come by themselves.

    `imports` has for each name the line that imports it; `before` stands between the imports and the sections,
    `early` between the imports of the standard library and the others.
    """
    bodies = [code.strip("\n") for _, code in sections]
    chosen: list[str] = []
    wanted = used_names("\n".join([before, early, *bodies]))
    while more := [name for name in helpers if name in wanted and name not in chosen]:
        chosen += more
        wanted |= used_names("\n".join(helpers[name].code for name in more))
    in_order = [name for name in helpers if name in chosen]
    parts = []
    for number, ((title, _), body) in enumerate(zip(sections, bodies, strict=True)):
        own = [helpers[name].code.strip("\n") for name in in_order if helpers[name].section == number]
        heading = f"# {title}"
        parts.append(
            "\n\n\n".join([heading + "\n" if own else heading, *own, body]).replace("\n\n\n\n", "\n\n")
        )
    text = f'"""{doc}"""\n\n{_import_block(wanted, imports, early)}\n'
    text += f"\n{before.strip()}\n" if before.strip() else ""
    return _spaced(text + "\n\n".join(["", *parts]) + "\n")


def _spaced(text: str) -> str:
    """Two blank lines around definitions at the outer level, one at most elsewhere, none at the end.

    A comment that follows a definition belongs to what follows it.
    """
    lines: list[str] = []
    for line in re.sub(r"\n{3,}", "\n\n", text).split("\n"):
        opens = re.match(r"(def |class |@)", line) is not None
        decorated = bool(lines) and lines[-1].startswith("@")
        follows = bool(line) and not line[0].isspace() and not opens and _in_definition(lines)
        if (opens and not decorated) or follows:
            comment: list[str] = []
            while lines and lines[-1].startswith("#"):
                comment.insert(0, lines.pop())
            while lines and not lines[-1]:
                lines.pop()
            lines += ["", "", *comment, *([""] if comment and opens else [])]
        lines.append(line.rstrip())
    return "\n".join(lines).strip("\n") + "\n"


def _in_definition(lines: list[str]) -> bool:
    """Whether the last line with text is indented below a definition."""
    for line in reversed(lines):
        if not line:
            continue
        if line[0] in ")]}":
            return False
        if not line[0].isspace():
            return bool(re.match(r"(def|class) ", line))
    return False


STANDARD = ("copy", "json", "math", "os", "pathlib", "re", "sys", "functools")


def _import_block(names: set[str], imports: Mapping[str, str], early: str) -> str:
    """The lines that import the used names: the standard library's first, in the order that isort knows."""
    plain: set[str] = set()
    froms: dict[str, set[str]] = {}
    for name in names & set(imports):
        line = imports[name]
        if line.startswith("from "):
            module, _, wanted = line.removeprefix("from ").partition(" import ")
            froms.setdefault(module, set()).add(wanted)
        else:
            plain.add(line)
    groups = []
    for standard in (True, False):
        lines = sorted(line for line in plain if (line.split()[1].split(".")[0] in STANDARD) == standard)
        for module in sorted(froms):
            if (module.split(".")[0] in STANDARD) == standard:
                lines.append(_from(module, sorted(froms[module], key=_import_order)))
        if lines:
            groups.append("\n".join(lines))
        if standard and early:
            groups.append(early)
    return "\n\n".join(groups)


def _import_order(name: str) -> tuple[int, str]:
    """Constants before classes before functions."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name


def _from(module: str, names: list[str]) -> str:
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= WIDTH:
        return line
    return f"from {module} import (\n" + "".join(f"    {name},\n" for name in names) + ")"
