"""What Python itself sees in files: prints one JSON object a line for the paths given on stdin.

Usage: python-reference.py ROOT SEARCH_PATH... < paths, one a line, relative to ROOT

Symbols and imports come from `ast`; where imports lead is asked of importlib's own finders, with
SEARCH_PATH (folders relative to ROOT) as `sys.path` and before it the folder of the file's
outermost package, which is what Python and pytest put there.
"""

import ast
import importlib.machinery
import importlib.util
import json
import os
import re
import sys
import warnings

ENUM_BASES = {
    "Enum",
    "IntEnum",
    "StrEnum",
    "ReprEnum",
    "Flag",
    "IntFlag",
    "TextChoices",
    "IntegerChoices",
}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def last_name(node):
    while isinstance(node, (ast.Call, ast.Subscript)):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


class Symbols:
    def __init__(self, tree, lines):
        self.lines = lines
        self.found = []
        self.public = read_all(tree)
        self.read(tree.body, None, "", False)

    def read(self, body, owner, path, is_enum):
        for node in body:
            if isinstance(node, FUNCTIONS):
                self.add(node.name, self.function_kind(node, owner), node, owner, path)
            elif isinstance(node, ast.ClassDef):
                enum = any(last_name(base) in ENUM_BASES for base in node.bases)
                kind = "enum" if enum else "class"
                symbol = self.add(node.name, kind, node, owner, path)
                inner = f"{path}.{node.name}" if path else node.name
                self.read(node.body, symbol, inner, enum)
            elif isinstance(node, (ast.Assign, ast.AnnAssign)):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    for name in names_of(target):
                        kind = self.variable_kind(name.id, node, owner, is_enum)
                        self.add(name.id, kind, node, owner, path, name)
            elif type(node).__name__ == "TypeAlias":
                self.add(node.name.id, "type", node, owner, path, node.name)
            for field in ("body", "orelse", "handlers", "finalbody", "cases"):
                inside = getattr(node, field, None)
                if isinstance(inside, list) and not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
                    self.read(inside, owner, path, is_enum)

    def function_kind(self, node, owner):
        if owner is None:
            return "function"
        for decorator in node.decorator_list:
            name = last_name(decorator)
            if re.search(r"(^|_)(abstract)?property$", name):
                return "property"
            if (
                isinstance(decorator, ast.Attribute)
                and isinstance(decorator.value, ast.Name)
                and decorator.attr in ("getter", "setter", "deleter")
            ):
                return "property"
        return "constructor" if node.name == "__init__" else "method"

    def variable_kind(self, name, node, owner, is_enum):
        if is_enum and not name.startswith("_"):
            return "enum_member"
        if owner is not None:
            return "property"
        annotation = getattr(node, "annotation", None)
        if annotation is not None and last_name(annotation) == "TypeAlias":
            return "type"
        final = annotation is not None and last_name(annotation) == "Final"
        return "constant" if final or (name.isupper() and name.strip("_")) else "variable"

    def add(self, name, kind, node, owner, path, at=None):
        if owner is None:
            exported = not name.startswith("_") if self.public is None else name in self.public
        else:
            exported = owner["exported"] and not name.startswith("_")
        decorators = getattr(node, "decorator_list", [])
        symbol = {
            "name": name,
            "kind": kind,
            "parent": path or None,
            "line": (at or node).lineno,
            "column": self.column(name, at or node, at is None),
            "start_line": min([node.lineno, *(each.lineno for each in decorators)]),
            "end_line": node.end_lineno,
            "exported": exported,
            "metadata": facts_of(node),
        }
        self.found.append(symbol)
        return symbol

    def column(self, name, node, is_definition):
        line = self.lines[node.lineno - 1].encode()
        start = len(line[: node.col_offset].decode().encode("utf-16-le")) // 2
        if not is_definition:
            return start + 1
        rest = line[node.col_offset :].decode()
        match = re.match(r"(?:async\s+)?(?:def|class)\s+", rest)
        return start + len(match[0]) + 1 if match else None


def facts_of(node):
    facts = {}
    if isinstance(node, ast.AsyncFunctionDef):
        facts["async"] = True
    if isinstance(node, FUNCTIONS) and any(map(has_yield, node.body)):
        facts["generator"] = True
    return facts


def has_yield(node):
    if isinstance(node, (ast.Yield, ast.YieldFrom)):
        return True
    if isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
        return False
    return any(map(has_yield, ast.iter_child_nodes(node)))


def names_of(target):
    if isinstance(target, ast.Name):
        yield target
    elif isinstance(target, ast.Starred):
        yield from names_of(target.value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for part in target.elts:
            yield from names_of(part)


def read_all(tree):
    """The names in `__all__`; None where it is not there or can't be told from the text."""
    names, stated, computed = set(), False, False
    uses = sum(isinstance(n, ast.Name) and n.id == "__all__" for n in ast.walk(tree))

    def strings(node):
        nonlocal computed
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            for part in node.elts:
                yield from strings(part)
        elif isinstance(node, ast.BinOp):
            yield from strings(node.left)
            yield from strings(node.right)
        elif isinstance(node, ast.Call):
            computed = True
            for part in node.args:
                yield from strings(part)
        else:
            computed = True

    def visit(body):
        nonlocal stated
        for node in body:
            if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
                continue
            targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
            if any(isinstance(t, ast.Name) and t.id == "__all__" for t in targets):
                if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)) and node.value:
                    stated = True
                    names.update(strings(node.value))
            elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                call = node.value
                of = getattr(call.func, "value", None)
                if isinstance(of, ast.Name) and of.id == "__all__":
                    given = {name for part in call.args for name in strings(part)}
                    if call.func.attr == "remove":
                        names.difference_update(given)
                    elif call.func.attr in ("append", "extend", "insert"):
                        stated = True
                        names.update(given)
            for field in ("body", "orelse", "handlers", "finalbody", "cases"):
                inside = getattr(node, field, None)
                if isinstance(inside, list):
                    visit(inside)

    visit(tree.body)
    if names or (stated and not computed and uses == 1):
        return names
    return None


class Finder:
    """Python's own search for modules, in the project only."""

    def __init__(self, root, search_path):
        self.root = root
        self.search_path = [os.path.join(root, folder) for folder in search_path]
        self.finders = {}
        self.answers = {}

    def base_of(self, path):
        """The search path's first entry for a file, and the dotted name of its package."""
        folder, package = os.path.dirname(os.path.join(self.root, path)), []
        while any(os.path.exists(os.path.join(folder, f"__init__{end}")) for end in (".py", ".pyi")):
            package.insert(0, os.path.basename(folder))
            if folder == self.root:
                break
            folder = os.path.dirname(folder)
        return folder, ".".join(package)

    def find(self, name, search_path, suffixes):
        """(file, folders) of a module: either may be missing."""
        key = (name, tuple(search_path), suffixes)
        if key not in self.answers:
            self.answers[key] = self.search(name, search_path, suffixes)
        return self.answers[key]

    def search(self, name, search_path, suffixes):
        head, _, tail = name.rpartition(".")
        if head:
            _, search_path = self.find(head, search_path, suffixes)
        if not search_path:
            return None, []
        portions = []
        for folder in search_path:
            if (folder, suffixes) not in self.finders:
                loaders = (importlib.machinery.SourceFileLoader, list(suffixes))
                self.finders[folder, suffixes] = importlib.machinery.FileFinder(folder, loaders)
            spec = self.finders[folder, suffixes].find_spec(tail)
            if spec is None:
                continue
            if spec.origin and spec.loader:
                return spec.origin, list(spec.submodule_search_locations or [])
            portions.extend(spec.submodule_search_locations or [])
        return None, portions

    def resolve(self, path, specifier, names):
        """Where an import leads: files relative to the root, sorted; None where Python would say no."""
        suffixes = (".pyi", ".py") if path.endswith(".pyi") else (".py", ".pyi")
        base, package = self.base_of(path)
        search_path = [base, *self.search_path]
        if specifier.startswith("."):
            here = os.path.dirname(os.path.join(self.root, path))
            level = len(specifier) - len(specifier.lstrip("."))
            for _ in range(level - 1):
                here = os.path.dirname(here)
            if not (here + os.sep).startswith(self.root + os.sep):
                return []
            rest = specifier.lstrip(".")
            init = [os.path.join(here, f"__init__{end}") for end in suffixes]
            own = next(filter(os.path.exists, init), None)
            file, folders = self.find(rest, [here], suffixes) if rest else (own, [here])
        else:
            file, folders = self.find(specifier, search_path, suffixes)
        found = set()
        submodules = [name for name in names if name != "*"]
        for name in submodules:
            part = self.find(name, folders, suffixes)[0] if folders else None
            found.add(part or file)
        if not submodules:
            found.add(file)
        return sorted(os.path.relpath(each, self.root).replace(os.sep, "/") for each in found if each)


def statements_of(node, kind):
    """Every node, and whether what it imports is for type checkers only."""
    for field, value in ast.iter_fields(node):
        guarded = isinstance(node, ast.If) and field == "body"
        is_typed = guarded and last_name(node.test) == "TYPE_CHECKING"
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield child, "type" if is_typed else kind
                yield from statements_of(child, "type" if is_typed else kind)


def read_imports(tree, path, finder):
    found = []

    def add(node, specifier, names, kind):
        plain = [name for name, _ in names]
        found.append(
            {
                "specifier": specifier,
                "names": [{"name": name, "alias": alias} for name, alias in names],
                "kind": kind,
                "line": node.lineno,
                "resolved": finder.resolve(path, specifier, plain),
            }
        )

    for node, kind in statements_of(tree, "import"):
        if isinstance(node, ast.Import):
            for alias in node.names:
                add(node, alias.name, [("*", alias.asname or alias.name)], kind)
        elif isinstance(node, ast.ImportFrom):
            specifier = "." * node.level + (node.module or "")
            add(node, specifier, [(alias.name, alias.asname) for alias in node.names], kind)
        elif isinstance(node, ast.Call) and last_name(node.func) in ("import_module", "__import__"):
            first = node.args[0] if node.args else None
            if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
                continue
            package = [*node.args[1:2], *(k.value for k in node.keywords if k.arg == "package")]
            specifier = first.value
            if not specifier:
                continue
            if package and specifier.startswith(".") and isinstance(package[0], ast.Constant):
                specifier = importlib.util.resolve_name(specifier, package[0].value)
            add(node, specifier, [("*", None)], "dynamic")
    return found


def main():
    root, *search_path = sys.argv[1:]
    root = os.path.abspath(root)
    finder = Finder(root, search_path)
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(10_000)
    for path in sys.stdin.read().splitlines():
        try:
            with open(os.path.join(root, path), "rb") as file:
                source = file.read()
            tree = ast.parse(source, path)
            lines = source.decode("utf-8-sig").split("\n")
            answer = {
                "path": path,
                "symbols": Symbols(tree, lines).found,
                "imports": read_imports(tree, path, finder),
            }
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            answer = {"path": path, "error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer))


main()
