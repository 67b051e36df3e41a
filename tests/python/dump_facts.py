"""What `src/facts/dump` says of a file, computed from Python's own `ast`.

Reads paths, one per line, and writes for each a record separator, the path and the dump. A file that this Python cannot compile, or whose
strings the analyzer is known not to decode (`\\N{...}`), is left out.
"""

import ast
import struct
import sys

import scopes

SIGNS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.MatMult: "@", ast.LShift: "<<", ast.RShift: ">>", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^",
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.In: "in",
    ast.NotIn: "not-in", ast.Is: "is", ast.IsNot: "is-not",
    ast.Not: "not", ast.USub: "neg", ast.UAdd: "pos", ast.Invert: "~",
}  # fmt: skip
TRY = (ast.Try, getattr(ast, "TryStar", ast.Try))
TYPE_ALIAS = getattr(ast, "TypeAlias", ())


class Broken(ast.expr):
    """What covgap leaves out."""


TEMPLATE = getattr(ast, "TemplateStr", ())


def quote(text):
    out = ['"']
    for letter in text:
        if letter in '"\\':
            out.append("\\" + letter)
        elif letter == "\n":
            out.append("\\n")
        elif letter < " ":
            out.append(f"\\x{ord(letter):02x}")
        elif 0xD800 <= ord(letter) < 0xE000:
            out.append("\ufffd")
        else:
            out.append(letter)
    return "".join(out) + '"'


def by_position(nodes):
    return sorted(nodes, key=lambda node: (node.lineno, node.col_offset))


class Dump:
    def __init__(self, module):
        self.scopes = scopes.analyze(module)
        self.lines = []
        self.function = self.scopes[module]
        self.comprehensions = []
        self.body(module.body, 0)

    # Expressions. `line` is the one of what the expression stands in, None inside of an f-string.

    def expr(self, node, line):
        own = node.lineno
        mark = "" if line is None or line == own else f"@{own} "
        inside = None if line is None else own
        return mark + getattr(self, "expr_" + type(node).__name__)(node, inside)

    def form(self, head, nodes, line):
        return "(" + " ".join([head, *(self.expr(node, line) for node in nodes)]) + ")"

    def expr_Constant(self, node, line):
        value = node.value
        if value is ...:
            return "..."
        if value is None or isinstance(value, bool):
            return str(value)
        if isinstance(value, int) and value < 2**63:
            return str(value)
        if isinstance(value, str):
            return quote(value)
        if isinstance(value, bytes):
            return "b" + quote(value.decode("latin-1"))
        if isinstance(value, float):
            return struct.pack(">d", value).hex() + "f"
        return "number"

    def expr_Broken(self, node, line):
        return "broken"

    def expr_Name(self, node, line):
        return self.name(node.id)

    def name(self, name):
        for comprehension in reversed(self.comprehensions):
            if name in comprehension.slots:
                is_first = self.function.locals.index(name) == comprehension.slots[name]
                return f"%{name}" if is_first else f"%{name}'"
        return f"%{name}" if name in self.function.locals[: self.function.own] else name

    def expr_JoinedStr(self, node, line):
        return " ".join(["(f", *self.pieces(node)]) + ")"

    def pieces(self, node):
        for value in node.values:
            if isinstance(value, ast.Constant):
                if value.value:
                    yield quote(value.value)
                continue
            conversion = "" if value.conversion == -1 else "!" + chr(value.conversion)
            specification = list(self.pieces(value.format_spec)) if value.format_spec else []
            parts = [f"(value{conversion}", self.expr(value.value, None)]
            yield " ".join(parts + ([":", *specification] if specification else [])) + ")"

    expr_TemplateStr = expr_JoinedStr

    def expr_Attribute(self, node, line):
        return f"(. {self.expr(node.value, line)} {node.attr})"

    def expr_Subscript(self, node, line):
        return self.form("[]", [node.value, node.slice], line)

    def expr_Slice(self, node, line):
        parts = [self.expr(part, line) if part else "None" for part in (node.lower, node.upper, node.step)]
        return f"(slice {' '.join(parts)})"

    def expr_Call(self, node, line):
        parts = ["(call", self.expr(node.func, line), *self.arguments(node, line)]
        return " ".join(parts) + ")"

    def arguments(self, node, line):
        positional = node.bases if isinstance(node, ast.ClassDef) else node.args
        for argument in by_position([*positional, *node.keywords]):
            if isinstance(argument, ast.keyword):
                head = f"(= {argument.arg}" if argument.arg else "(**"
                yield f"{head} {self.expr(argument.value, line)})"
            elif isinstance(argument, ast.Starred):
                yield f"(* {self.expr(argument.value, line)})"
            else:
                yield self.expr(argument, line)

    def expr_Tuple(self, node, line):
        return self.form("tuple", node.elts, line)

    def expr_List(self, node, line):
        return self.form("list", node.elts, line)

    def expr_Set(self, node, line):
        return self.form("set", node.elts, line)

    def expr_Dict(self, node, line):
        parts = ["(dict"]
        for key, value in zip(node.keys, node.values):
            if key is None:
                mark = "" if line is None or value.lineno == line else f"@{value.lineno} "
                parts.append(f"{mark}(** {self.expr(value, None if line is None else value.lineno)})")
            else:
                parts += [self.expr(key, line), self.expr(value, line)]
        return " ".join(parts) + ")"

    def comprehension(self, head, elements, node, line):
        outer = self.comprehensions
        inner = [*outer, self.scopes[node]] if node in self.scopes else outer
        self.comprehensions = inner
        parts = [head, *(self.expr(element, line) for element in elements)]
        for position, clause in enumerate(node.generators):
            target = self.expr(clause.target, line)
            self.comprehensions = inner if position else outer
            iterable = self.expr(clause.iter, line)
            self.comprehensions = inner
            parts.append(" ".join(["(for", target, iterable, *(self.expr(test, line) for test in clause.ifs)]) + ")")
        self.comprehensions = outer
        return "(" + " ".join(parts) + ")"

    def expr_ListComp(self, node, line):
        return self.comprehension("list-of", [node.elt], node, line)

    def expr_SetComp(self, node, line):
        return self.comprehension("set-of", [node.elt], node, line)

    def expr_GeneratorExp(self, node, line):
        return self.comprehension("each", [node.elt], node, line)

    def expr_DictComp(self, node, line):
        return self.comprehension("dict-of", [node.key, node.value], node, line)

    def expr_Lambda(self, node, line):
        function = self.scopes[node]
        parts = [f"(lambda [{function.qualified_name}]{self.marks(function)}"]
        for sign, parameter, default in scopes.parameters(node.args):
            value = " " + self.expr(default, line) if default else ""
            parts.append(f"({sign}{parameter.arg}{value})")
        outer, self.function, self.comprehensions = (self.function, self.comprehensions), function, []
        parts.append(self.expr(node.body, line))
        self.function, self.comprehensions = outer
        return " ".join(parts) + ")"

    def expr_UnaryOp(self, node, line):
        return self.form(SIGNS[type(node.op)], [node.operand], line)

    def expr_BinOp(self, node, line):
        # A long chain grows to the left.
        spine = []
        while isinstance(node, ast.BinOp) and (not spine or node.lineno == spine[-1].lineno):
            spine.append(node)
            node = node.left
        text = self.expr(node, line)
        for node in reversed(spine):
            text = f"({SIGNS[type(node.op)]} {text} {self.expr(node.right, line)})"
        return text

    def expr_BoolOp(self, node, line):
        return self.form("and" if isinstance(node.op, ast.And) else "or", node.values, line)

    def expr_Compare(self, node, line):
        operands = [node.left, *node.comparators]
        compares = []
        for position, (operator, left, right) in enumerate(zip(node.ops, operands, operands[1:])):
            own = left.lineno if position else node.lineno
            mark = "" if line is None or own == line else f"@{own} "
            compares.append(mark + self.form(SIGNS[type(operator)], [left, right], None if line is None else own))
        return compares[0] if len(compares) == 1 else f"(and {' '.join(compares)})"

    def expr_IfExp(self, node, line):
        return self.form("if", [node.test, node.body, node.orelse], line)

    def expr_Await(self, node, line):
        return self.form("await", [node.value], line)

    def expr_Yield(self, node, line):
        return self.form("yield", [node.value], line) if node.value else "(yield None)"

    def expr_YieldFrom(self, node, line):
        return self.form("yield-from", [node.value], line)

    def expr_Starred(self, node, line):
        return self.form("*", [node.value], line)

    def expr_NamedExpr(self, node, line):
        return self.form(":=", [node.target, node.value], line)

    # Statements.

    def write(self, indentation, text):
        self.lines.append("  " * indentation + text)

    def body(self, statements, indentation):
        for statement in statements:
            self.statement(statement, indentation)

    def statement(self, node, indentation):
        line = node.lineno
        method = getattr(self, "stmt_" + type(node).__name__, None)
        if method:
            method(node, indentation, line)
            return
        simple = self.simple(node)
        if simple:
            head, operands = simple
            self.write(indentation, " ".join([str(line) + head, *(self.expr(part, line) for part in operands)]))

    def simple(self, node):
        match node:
            case ast.Expr(value=ast.Constant(value=str())) | ast.Global() | ast.Nonlocal():
                return None
            case ast.Expr():
                return "", [node.value]
            case ast.Return():
                return " return", [node.value] if node.value else []
            case ast.Raise():
                return " raise", [node.exc] if node.exc else []
            case ast.Assert():
                return " assert", [node.test]
            case ast.Delete():
                return " del", node.targets
            case ast.Assign():
                return " =", [*node.targets, node.value]
            case ast.AugAssign():
                return f" {SIGNS[type(node.op)]}=", [node.target, node.value]
            case ast.AnnAssign(value=None):
                return " :", [node.target, node.annotation]
            case ast.AnnAssign():
                return " :=", [node.target, node.annotation, node.value]
            case ast.Pass() | ast.Break() | ast.Continue():
                return " " + type(node).__name__.lower(), []
            case ast.Import():
                return " import" + self.aliases(node), []
            case ast.ImportFrom():
                return f" from {'.' * node.level}{node.module or ''} import{self.aliases(node)}", []
        if isinstance(node, TYPE_ALIAS):
            value = ast.copy_location(Broken(), node) if node.type_params else node.value
            return " =", [node.name, value]
        raise TypeError(node)

    def aliases(self, node):
        return "".join(f" {alias.name}" + (f" as {alias.asname}" if alias.asname else "") for alias in node.names)

    def clause(self, name, body, indentation):
        if not all(isinstance(part, (ast.Global, ast.Nonlocal)) or is_text(part) for part in body):
            self.write(indentation, name)
            self.body(body, indentation + 1)

    def stmt_If(self, node, indentation, line):
        self.write(indentation, f"{line} if {self.expr(node.test, line)}")
        self.body(node.body, indentation + 1)
        rest = node.orelse
        while len(shown(rest)) == 1 and isinstance(shown(rest)[0], ast.If):
            (node,) = shown(rest)
            self.write(indentation, f"{node.lineno} elif {self.expr(node.test, node.lineno)}")
            self.body(node.body, indentation + 1)
            rest = node.orelse
        self.clause("else", rest, indentation)

    def stmt_For(self, node, indentation, line):
        self.write(indentation, f"{line} for {self.expr(node.target, line)} {self.expr(node.iter, line)}")
        self.body(node.body, indentation + 1)
        self.clause("else", node.orelse, indentation)

    stmt_AsyncFor = stmt_For

    def stmt_While(self, node, indentation, line):
        self.write(indentation, f"{line} while {self.expr(node.test, line)}")
        self.body(node.body, indentation + 1)
        self.clause("else", node.orelse, indentation)

    def stmt_With(self, node, indentation, line):
        parts = [f"{line} with"]
        for item in node.items:
            parts.append(self.expr(item.context_expr, line))
            if item.optional_vars:
                parts += ["as", self.expr(item.optional_vars, line)]
        self.write(indentation, " ".join(parts))
        self.body(node.body, indentation + 1)

    stmt_AsyncWith = stmt_With

    def stmt_Try(self, node, indentation, line):
        self.write(indentation, f"{line} try")
        self.body(node.body, indentation + 1)
        for handler in node.handlers:
            parts = [f"{handler.lineno} except"]
            if handler.type:
                parts.append(self.expr(handler.type, handler.lineno))
            if handler.name:
                parts += ["as", self.name(handler.name)]
            self.write(indentation, " ".join(parts))
            self.body(handler.body, indentation + 1)
        self.clause("else", node.orelse, indentation)
        self.clause("finally", node.finalbody, indentation)

    stmt_TryStar = stmt_Try

    def stmt_Match(self, node, indentation, line):
        self.write(indentation, f"{line} match {self.expr(node.subject, line)}")
        for case in node.cases:
            guard = f" if {self.expr(case.guard, case.guard.lineno)}" if case.guard else ""
            self.write(indentation + 1, f"case {self.pattern(case.pattern)}{guard}")
            self.body(case.body, indentation + 2)

    def pattern(self, node):
        match node:
            case ast.MatchValue():
                return f"(== {self.expr(node.value, node.value.lineno)})"
            case ast.MatchSingleton():
                return f"(== {node.value})"
            case ast.MatchAs(pattern=None, name=None):
                return "_"
            case ast.MatchAs(pattern=None):
                return f"(to {self.name(node.name)})"
            case ast.MatchAs():
                return f"(as {self.pattern(node.pattern)} {self.name(node.name)})"
            case ast.MatchOr():
                return self.patterns("or", node.patterns)
            case ast.MatchSequence():
                return self.patterns("sequence", node.patterns)
            case ast.MatchStar():
                return f"(* {self.name(node.name)})" if node.name else "*_"
            case ast.MatchMapping():
                entries = [f"(== {self.expr(key, key.lineno)}) {self.pattern(value)}" for key, value in zip(node.keys, node.patterns)]
                rest = [f"(* {self.name(node.rest)})"] if node.rest else []
                return "(" + " ".join(["mapping", *entries, *rest]) + ")"
            case ast.MatchClass():
                named = [f"(= {name} {self.pattern(value)})" for name, value in zip(node.kwd_attrs, node.kwd_patterns)]
                head = f"class {self.expr(node.cls, node.cls.lineno)}"
                return "(" + " ".join([head, *map(self.pattern, node.patterns), *named]) + ")"

    def patterns(self, head, patterns):
        return "(" + " ".join([head, *map(self.pattern, patterns)]) + ")"

    def stmt_FunctionDef(self, node, indentation, line):
        function = self.scopes[node]
        self.write(
            indentation,
            f"{line} def {node.name} [{function.qualified_name}] lines {first_line(node)}-{node.end_lineno}{self.marks(function)}",
        )
        self.decorators(node, indentation + 1)
        for sign, parameter, default in scopes.parameters(node.args):
            parts = [f"parameter {sign}{parameter.arg}"]
            if parameter.annotation:
                parts += [":", self.expr(parameter.annotation, line)]
            if default:
                parts += ["=", self.expr(default, line)]
            self.write(indentation + 1, " ".join(parts))
        if node.returns:
            self.write(indentation + 1, f"returns {self.expr(node.returns, line)}")
        outer, self.function = self.function, function
        self.body(node.body, indentation + 1)
        self.function = outer

    stmt_AsyncFunctionDef = stmt_FunctionDef

    def marks(self, function):
        marks = [mark for mark in ("async", "generator", "super", "captured") if getattr(function, "is_" + mark)]
        text = "".join(f" {mark}" for mark in marks) + (" may nest" if function.may_nest else "")
        if function.locals:
            text += " locals " + " ".join(function.locals)
        if function.globals:
            text += " globals " + " ".join(function.globals)
        return text

    def stmt_ClassDef(self, node, indentation, line):
        head = f"{line} class {node.name} [{self.scopes[node].qualified_name}] lines {first_line(node)}-{node.end_lineno}"
        self.write(indentation, " ".join([head, *self.arguments(node, line)]))
        self.decorators(node, indentation + 1)
        outer, self.function = self.function, self.scopes[node]
        self.body(node.body, indentation + 1)
        self.function = outer

    def decorators(self, node, indentation):
        for decorator in node.decorator_list:
            self.write(indentation, f"{decorator.lineno} @{self.expr(decorator, decorator.lineno)}")


def first_line(node):
    return node.decorator_list[0].lineno if node.decorator_list else node.lineno


def is_text(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def shown(body):
    return [part for part in body if not isinstance(part, (ast.Global, ast.Nonlocal)) and not is_text(part)]


def main():
    sys.setrecursionlimit(20_000)
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    for path in sys.stdin.read().splitlines():
        try:
            with open(path, encoding="utf-8", newline="") as file:
                source = file.read().removeprefix("\ufeff")
            if "\\N{" in source:
                continue
            module = ast.parse(source)
            compile(source, path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, UnicodeDecodeError, RecursionError):
            continue
        dump = Dump(module)
        scopes.compare_with_symtable(source, path, dump.scopes)
        print(f"\x1e{path}")
        print("\n".join(dump.lines))


if __name__ == "__main__":
    main()
