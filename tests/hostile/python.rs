//! Python that is deep, endless, or turned on itself. Nothing of it keeps the sound rest of the project from being read.

use crate::run::{APP, TEST, covgap, is_sound, project, write};

const DEEP: usize = 10_000;

/// The app's one route is there, and its test is seen, whatever follows.
fn is_read_with(name: &str, more: &str) {
    let project = project();
    write(project.path(), "main.py", format!("{APP}\n{more}\n"));
    is_sound(name, project.path());
}

/// There is an answer.
fn is_answered(name: &str, main: &str, test: &str) {
    let project = project();
    write(project.path(), "main.py", main);
    write(project.path(), "test_main.py", test);
    let answer = covgap(project.path(), &[]);
    assert!([0, 1].contains(&answer.code), "{name}\n{}", answer.err);
}

#[test]
fn deep_nesting() {
    let nested = |open: &str, inner: &str, close: &str| {
        format!("x = {}{inner}{}", open.repeat(DEEP), close.repeat(DEEP))
    };
    let cases = [
        ("parentheses", nested("(", "1", ")")),
        ("open parentheses", nested("(", "", "")),
        ("lists", nested("[", "", "]")),
        ("dicts", nested("{1: ", "2", "}")),
        ("attributes", nested("", "a", ".b")),
        ("calls", nested("", "a", "()")),
        ("subscripts", nested("", "a", "[0]")),
        ("sums", nested("", "1", " + 1")),
        ("texts", nested("", "'a'", " + 'a'")),
        ("powers", nested("", "1", " ** 1")),
        ("comparisons", nested("", "1", " < 1")),
        ("conjunctions", nested("", "1", " and 1")),
        ("negations", nested("not ", "1", "")),
        ("conditions", nested("1 if a else ", "1", "")),
        ("lambdas", nested("lambda: ", "1", "")),
        ("stars", nested("*", "a", "")),
        ("f-strings", nested("f\"{", "1", "}\"")),
        ("one f-string", format!("x = f\"{}\"", "{a}".repeat(DEEP))),
        (
            "decorators",
            format!("{}def f(): pass", "@d\n".repeat(DEEP)),
        ),
        (
            "elifs",
            format!("if a: pass\n{}", "elif a: pass\n".repeat(DEEP)),
        ),
        (
            "dots of an import",
            format!("from {}a import b", ".".repeat(DEEP)),
        ),
        (
            "parts of an import",
            format!("import a{}", ".a".repeat(DEEP)),
        ),
        (
            "comprehensions",
            format!("x = {}z{}", "[y for y in ".repeat(200), "]".repeat(200)),
        ),
    ];
    for (name, more) in cases {
        is_read_with(name, &more);
    }
    let blocks: String = (0..400)
        .map(|depth| format!("{}if x:\n", " ".repeat(depth)))
        .collect();
    is_read_with("blocks", &format!("{blocks}{}pass", " ".repeat(400)));
}

#[test]
fn what_is_turned_on_itself() {
    let line: String = (1..2000)
        .map(|n| format!("class A{n}(A{}): pass\n", n - 1))
        .collect();
    is_read_with(
        "a long line of classes",
        &format!("class A0: pass\n{line}x = A1999().y"),
    );
    let cases = [
        (
            "functions",
            "def f(x): return g(x)\ndef g(x): return f(x) + f(x) + g(x)\nx = f(1)",
        ),
        (
            "classes",
            "class B: pass\nclass B(B): pass\nB.__bases__ = (B,)\nx = B().y",
        ),
        (
            "lists",
            "l = []\nl.append(l)\nd = {}\nd['a'] = d\nx = str(l) + str(d) + f'{l}{d}'\ny = l == l\nz = l == [l, l]",
        ),
        (
            "generators",
            "def g():\n    yield from g()\nx = list(g())\ny = dict(enumerate(g()))",
        ),
        (
            "objects",
            "class A:\n    @property\n    def x(self): return self.x\n    def __getattr__(self, n): return getattr(self, n)\n    def __eq__(self, o): return self == o\n    def __str__(self): return str(self)\n    def __call__(self): return self()\n    def __iter__(self): return self\n    def __bool__(self): return bool(self)\no = A()\nx = [o.x, o.y, o == o, str(o), f'{o}', o(), list(o), not o]",
        ),
        (
            "exceptions",
            "class E(Exception):\n    def __init__(self): raise E()\ndef f():\n    try:\n        raise E()\n    except E:\n        f()\ntry: f()\nexcept: pass",
        ),
        (
            "calls that double",
            &(0..60)
                .map(|n| format!("def f{n}(x): return f{m}(x) + f{m}(x)\n", m = n + 1))
                .collect::<String>(),
        ),
    ];
    for (name, more) in cases {
        is_read_with(name, more);
    }
    let fixtures = format!(
        "{TEST}\nimport pytest\n@pytest.fixture\ndef one(two): return two\n@pytest.fixture\ndef two(one): return one\n@pytest.fixture\ndef own(own): return own\ndef test_b(one, own): one.get('/a')\n"
    );
    is_answered("fixtures", APP, &fixtures);
    let routers = "from fastapi import APIRouter\nrs = [APIRouter() for i in range(20)]\nfor i in range(20):\n    for j in range(20):\n        rs[i].include_router(rs[j], prefix=f'/{i}x{j}')\napp.include_router(rs[0])\napp.mount('/self', app)";
    is_answered("routers", &format!("{APP}{routers}\n"), TEST);
    is_answered(
        "a class of its own",
        &format!("{APP}class A(A): pass\n"),
        TEST,
    );
}

#[test]
fn star_imports_in_a_circle() {
    let project = project();
    write(
        project.path(),
        "one.py",
        "from two import *\nfrom main import *\nx = 1\n",
    );
    write(
        project.path(),
        "two.py",
        "from one import *\nfrom two import *\n",
    );
    write(
        project.path(),
        "main.py",
        format!("from one import *\nfrom main import *\n{APP}"),
    );
    let answer = covgap(project.path(), &[]);
    assert_eq!(answer.code, 0, "{}\n{}", answer.out, answer.err);
}

#[test]
fn what_never_ends_or_grows() {
    let cases = [
        (
            "turns",
            "i = 0\nwhile i < 10**12:\n    i += 1\nfor i in range(10**9):\n    x = [i]",
        ),
        (
            "numbers",
            "x = 2**10**8\ny = 10**10**10\nz = 1 << 10**10\nu = (-2**62 * 2) // -1\nv = (-2**62 * 2) % -1",
        ),
        (
            "texts",
            "x = 'a' * 10**10\ny = 'a' * 200\nfor i in range(40): y = y + y\nfor i in range(40): y = y.join([y, y])\nfor i in range(40): y = y.replace('a', y)\nfor i in range(40): y = f'{y}{y}'\nfor i in range(40): y = '%s%s' % (y, y)\nfor i in range(40): y = '{}{}'.format(y, y)",
        ),
        (
            "widths",
            "x = '{:>9999999999}'.format('a')\ny = '%9999999999d' % 3\nz = f'{1:>9999999999}'\nw = 'a'.ljust(10**10).zfill(10**10).rsplit('a', -1)",
        ),
        (
            "lists",
            "x = [1]\nfor i in range(64): x = x + x\nfor i in range(64): x += x\nfor i in range(64): x.extend(x)\ny = [1] * 10**9\nt = (1,)\nfor i in range(64): t = t + t",
        ),
        (
            "tuples of tuples",
            "t = (1,)\nfor i in range(64): t = (t, t)\nx = t == t\ny = str(t)\nz = hash(t)\nw = {t: t}\nv = t in [t]",
        ),
        (
            "comprehensions",
            "x = [(a, b, c) for a in range(1000) for b in range(1000) for c in range(1000)]",
        ),
    ];
    for (name, more) in cases {
        is_read_with(name, more);
    }
    is_answered(
        "routes",
        &format!("{APP}for i in range(10**9):\n    app.get(f'/{{i}}')(a)\n"),
        TEST,
    );
    let mut loops = String::new();
    for depth in 0..7 {
        loops += &format!("{}for _ in MANY:\n", "    ".repeat(depth + 1));
    }
    loops += &format!("{}app.get('/x')(a)\n", "    ".repeat(8));
    is_answered(
        "routes that a handler registers",
        &format!("{APP}MANY = list('0123456789')\n\n@app.get('/grows')\ndef grows():\n{loops}"),
        TEST,
    );
    is_answered(
        "routes that a test registers",
        &format!("{APP}MANY = list('0123456789')\n"),
        &format!("{TEST}\nfrom main import MANY, a\n\ndef test_grows():\n{loops}"),
    );
    let marks: String = (0..20)
        .map(|n| format!("@pytest.mark.parametrize('p{n}', range(1000))\n"))
        .collect();
    let names: Vec<String> = (0..20).map(|n| format!("p{n}")).collect();
    is_answered(
        "rows",
        APP,
        &format!(
            "{TEST}\nimport pytest\n{marks}def test_p({}):\n    client.get(f'/{{p0}}')\n",
            names.join(", ")
        ),
    );
}

#[test]
fn what_is_no_python() {
    is_read_with(
        "other languages",
        "print \"hello\"\nexec \"x\"\nclass\ndef (\n@@@\n\x0c\n\x1a\nfunction f() { return 1; }\n",
    );
}
