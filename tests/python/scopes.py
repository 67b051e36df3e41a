"""Which names are local to which function, as `src/facts/scopes.rs` decides it, computed from Python's `ast`.

What can be compared with the compiler's own `symtable` is.
"""

import ast
import symtable
from dataclasses import dataclass, field

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
SCOPES = (*FUNCTIONS, ast.ClassDef)
COMPREHENSION_NODES = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
COMPREHENSIONS = {"listcomp", "setcomp", "dictcomp", "genexpr"}


@dataclass
class Scope:
    node: ast.AST
    qualified_name: str
    prefix: str
    locals: list = field(default_factory=list)
    globals: list = field(default_factory=list)
    nonlocals: list = field(default_factory=list)
    bound: list = field(default_factory=list)
    uses: set = field(default_factory=set)
    inner: list = field(default_factory=list)
    comprehensions: list = field(default_factory=list)
    around: "Scope | None" = None
    slots: dict = field(default_factory=dict)
    own: int = 0
    is_generator: bool = False
    is_super: bool = False
    is_captured: bool = False
    is_inner: bool = False
    may_nest: bool = False

    @property
    def is_async(self):
        return isinstance(self.node, ast.AsyncFunctionDef)

    @property
    def is_function(self):
        return isinstance(self.node, FUNCTIONS)

    @property
    def is_comprehension(self):
        return isinstance(self.node, COMPREHENSION_NODES)


def analyze(module):
    """Every scope of a module, by its node."""
    scopes = {}
    root = Scope(module, "<module>", "")
    scopes[module] = root
    for statement in module.body:
        visit(statement, root, scopes)
    close(root)
    root.locals = []
    return scopes


def parameters(arguments):
    """(sign, parameter, default or None) in order."""
    positional = [("/", parameter) for parameter in arguments.posonlyargs] + [("", parameter) for parameter in arguments.args]
    defaults = [None] * (len(positional) - len(arguments.defaults)) + arguments.defaults
    for (sign, parameter), default in zip(positional, defaults):
        yield sign, parameter, default
    if arguments.vararg:
        yield "*", arguments.vararg, None
    for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
        yield "=", parameter, default
    if arguments.kwarg:
        yield "**", arguments.kwarg, None


def visit(node, scope, scopes):
    if isinstance(node, SCOPES):
        visit_scope(node, scope, scopes)
        return
    if isinstance(node, COMPREHENSION_NODES) and (scope.is_function or scope.is_comprehension):
        visit_comprehension(node, scope, scopes)
        return
    start = (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))
    end = (getattr(node, "end_lineno", 0), getattr(node, "end_col_offset", 0))
    match node:
        case ast.AnnAssign(target=ast.Name(), value=None, simple=0):
            # `(x): int` declares nothing.
            scope.uses.add(node.target.id)
            visit(node.annotation, scope, scopes)
            return
        case ast.Name():
            scope.uses.add(node.id)
            if not isinstance(node.ctx, ast.Load):
                scope.bound.append((start, node.id))
        case ast.NamedExpr() if scope.is_comprehension:
            function = scope
            while function.is_comprehension:
                function = function.around
            function.bound.append((start, node.target.id))
            scope.uses.add(node.target.id)
            visit(node.value, scope, scopes)
            return
        case ast.Import() | ast.ImportFrom():
            for alias in node.names:
                place = (alias.lineno, alias.col_offset)
                name = alias.asname or (alias.name.split(".")[0] if isinstance(node, ast.Import) else alias.name)
                if name != "*":
                    scope.bound.append((place, name))
        case ast.ExceptHandler(name=str()):
            scope.bound.append(((node.type.end_lineno, node.type.end_col_offset), node.name))
            scope.uses.add(node.name)
        case ast.MatchAs(name=str()):
            scope.bound.append((end, node.name))
            scope.uses.add(node.name)
        case ast.MatchStar(name=str()):
            scope.bound.append((start, node.name))
            scope.uses.add(node.name)
        case ast.MatchMapping(rest=str()):
            scope.bound.append((end, node.rest))
            scope.uses.add(node.rest)
        case ast.Global():
            scope.globals += node.names
        case ast.Nonlocal():
            scope.nonlocals += node.names
        case ast.Yield() | ast.YieldFrom():
            scope.is_generator = True
    for child in children(node):
        visit(child, scope, scopes)


def children(node):
    """Those that are expressions or statements, in the order of the source."""
    match node:
        case ast.Call():
            return [node.func, *sorted([*node.args, *node.keywords], key=lambda part: (part.lineno, part.col_offset))]
        case ast.IfExp():
            return [node.body, node.test, node.orelse]
        case ast.Dict():
            return [part for pair in zip(node.keys, node.values) for part in pair if part]
    fields = [value for name, value in ast.iter_fields(node) if name != "type_params"]
    nodes = [child for value in fields for child in (value if isinstance(value, list) else [value])]
    return [child for child in nodes if isinstance(child, ast.AST)]


def visit_comprehension(node, around, scopes):
    scope = Scope(node, around.qualified_name, around.prefix, globals=around.globals, around=around)
    scopes[node] = scope
    elements = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
    for part in elements:
        visit(part, scope, scopes)
    for position, clause in enumerate(node.generators):
        visit(clause.target, scope, scopes)
        visit(clause.iter, scope if position else around, scopes)
        for condition in clause.ifs:
            visit(condition, scope, scopes)
    around.inner.append(scope)
    function = around
    while function.is_comprehension:
        function = function.around
    function.comprehensions.append(scope)


def visit_scope(node, around, scopes):
    name = "<lambda>" if isinstance(node, ast.Lambda) else node.name
    qualified_name = name if name in around.globals else around.prefix + name
    scope = Scope(node, qualified_name, qualified_name + ("." if isinstance(node, ast.ClassDef) else ".<locals>."))
    scopes[node] = scope
    around.inner.append(scope)
    outer = around
    while outer.is_comprehension:
        outer = outer.around
    scope.is_inner = outer.is_inner or outer.is_function
    outside = list(getattr(node, "decorator_list", []))
    if isinstance(node, ast.ClassDef):
        outside += [*node.bases, *node.keywords]
    else:
        for _, parameter, default in parameters(node.args):
            scope.locals.append(parameter.arg)
            outside += [part for part in (parameter.annotation, default) if part]
        outside += [node.returns] if getattr(node, "returns", None) else []
    if not isinstance(node, ast.Lambda):
        around.bound.append(((node.lineno, node.col_offset), name))
    for part in outside:
        visit(part, around, scopes)
    for part in [node.body] if isinstance(node, ast.Lambda) else node.body:
        visit(part, scope, scopes)


def close(scope):
    """Settles the locals; returns the names that the scope takes from what surrounds it, and those that it captures there."""
    closed = [close(inner) for inner in scope.inner]
    uses = scope.uses.union(*(uses for uses, _ in closed))
    captured = set().union(*(captured for _, captured in closed))
    bound = [name for _, name in sorted(scope.bound, key=lambda binding: binding[0])]
    if scope.is_comprehension:
        scope.slots = dict.fromkeys(bound)
        function = scope
        while function.is_comprehension:
            function = function.around
        function.is_captured |= not captured.isdisjoint(bound)
        return uses.difference(bound), captured.difference(bound)
    if not scope.is_function:
        own = {name for name in uses if name not in bound and name not in scope.globals}
        return set(), own.union(scope.nonlocals, captured)
    for name in bound:
        if name not in scope.locals and name not in scope.globals and name not in scope.nonlocals:
            scope.locals.append(name)
    scope.is_captured |= not captured.isdisjoint(scope.locals)
    scope.is_super = not uses.isdisjoint({"super", "__class__"}) or any(inner.is_super for inner in functions_in(scope))
    free = (uses | captured).difference(scope.locals, scope.globals).union(scope.nonlocals)
    scope.may_nest = scope.is_inner and getattr(scope.node, "name", "<lambda>") not in free
    scope.own = len(scope.locals)
    for comprehension in scope.comprehensions:
        for name in comprehension.slots:
            comprehension.slots[name] = len(scope.locals)
            scope.locals.append(name)
    return set(), free


def functions_in(scope):
    for inner in scope.inner:
        if inner.is_function:
            yield inner
        elif inner.is_comprehension:
            yield from functions_in(inner)


def compare_with_symtable(source, path, scopes):
    """The compiler must agree on the locals."""
    expected = {}
    tables = [symtable.symtable(source, path, "exec")]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        if str(table.get_type()).endswith("function") and table.get_name() not in COMPREHENSIONS:
            expected.setdefault((table.get_name().removeprefix("<lambda>") or "lambda", table.get_lineno()), []).append(locals_of(table))
    for node, scope in scopes.items():
        if scope.is_function:
            key = (getattr(node, "name", "lambda"), node.lineno)
            own = {name for name in scope.locals[: scope.own] if not is_private(name)}
            # From 3.12 on, most comprehensions are a part of the function.
            every = {name for name in scope.locals if not is_private(name)}
            if key in expected and not any(own <= names <= every for names in expected[key]):
                raise AssertionError(f"{path}:{node.lineno}: locals {sorted(own)}, the compiler says {expected[key]}")


def locals_of(table):
    own = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_local() or symbol.is_parameter()}
    return {name for name in own if not is_private(name)}


def is_private(name):
    """The compiler mangles it, or knows it by itself."""
    return name.startswith("_") and "__" in name
