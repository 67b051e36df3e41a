//! Scripts of a frontend that are deep, endless, turned on themselves, or no scripts at all.

use crate::run::{covgap, is_sound, project, write};

/// Analyzed beside a sound app; the page is `web/src/main.tsx`.
fn is_answered(name: &str, script: &str) {
    let project = project();
    write(
        project.path(),
        "web/package.json",
        "{\"dependencies\": {\"vite\": \"5\"}}",
    );
    write(project.path(), "web/src/main.tsx", script);
    is_sound(name, project.path());
}

#[test]
fn deep_nesting() {
    for depth in [1_000, 50_000] {
        let cases = [
            (
                "parentheses",
                format!("{}1{}", "(".repeat(depth), ")".repeat(depth)),
            ),
            (
                "lists",
                format!("x = {}{}", "[".repeat(depth), "]".repeat(depth)),
            ),
            ("open lists", "[".repeat(depth)),
            (
                "blocks",
                format!("{}{}", "{".repeat(depth), "}".repeat(depth)),
            ),
            ("ifs", format!("{}x()", "if (a) ".repeat(depth))),
            ("elses", format!("{}{{}}", "if (a) {} else ".repeat(depth))),
            (
                "a sum",
                format!("fetch({}\"/items\")", "\"/a\" + ".repeat(depth)),
            ),
            ("members", format!("x{}", ".a".repeat(depth))),
            ("calls", format!("x{}", "()".repeat(depth))),
            ("arrows", format!("x = {}1", "() => ".repeat(depth))),
            (
                "elements",
                format!("x = {}{}", "<A>".repeat(depth), "</A>".repeat(depth)),
            ),
            (
                "templates",
                format!("x = {}1{}", "`${".repeat(depth), "}`".repeat(depth)),
            ),
            ("conditions", format!("x = {}1", "a ? b : ".repeat(depth))),
            ("assignments", format!("{}1", "x = ".repeat(depth))),
            ("nots", format!("x = {}1", "!".repeat(depth))),
        ];
        for (name, script) in cases {
            is_answered(&format!("{name}, {depth} deep"), &script);
        }
    }
}

#[test]
fn what_never_ends_or_is_turned_on_itself() {
    let cases = [
        ("a loop", "while (true) { fetch(`/items`); }"),
        (
            "recursion",
            "function f(x) { return f(x + `/a`) + f(x); }\nfetch(f(`/items`));",
        ),
        (
            "a class that is its own base",
            "class A extends A { go() { return super.go(); } }\nnew A().go();",
        ),
        (
            "classes in a circle",
            "class A extends B {}\nclass B extends A {}\nnew B().x();",
        ),
        (
            "an object in itself",
            "const o = {};\no.o = o;\nconst p = { ...o, ...o.o };\nfetch(p.o.o.o + `/items`);",
        ),
        (
            "a growing text",
            "let x = `/items`;\nfor (let i = 0; i < 9; i++) { x = x + x + x; }\nx = x + x; x = x + x; x = x + x;\n[1,2,3,4,5,6,7,8,9].forEach(() => { x += x; x += x; x += x; });\nfetch(x);",
        ),
        (
            "an import of itself",
            "import { a } from `./main`;\nimport * as me from \"./main\";\nexport * from \"./main\";\nexport { b as a } from \"./main\";\nexport { a as b } from \"./main\";\nfetch(me.a + me.b);",
        ),
        (
            "a getter of itself",
            "const o = { get a() { return this.a; } };\nfetch(o.a);",
        ),
        (
            "a list of itself",
            "const l = [];\nl.push(l);\nl.map((x) => x.map((y) => fetch(y.join(`/`))));",
        ),
        (
            "callbacks",
            "const f = (g) => g(g);\nf(f);\nf((h) => h(h)(h));",
        ),
        (
            "an element of itself",
            "const A = () => <A><A x={<A />} /></A>;\nexport default A;",
        ),
        (
            "then",
            "const p = { then: (f) => f(p) };\np.then((x) => x.then((y) => fetch(y)));",
        ),
        (
            "alternatives",
            "const a = x ? `/a` : y ? `/b` : `/c`;\nconst b = a + a + a + a + a + a + a + a;\nfetch(b + b + b + b);",
        ),
        (
            "a list that maps itself",
            "const l = [];\nconst m = l.map;\nl.push(m);\nm(m);",
        ),
        (
            "an object that is called as itself",
            "const a = {};\na.covgap_call = a;\na();",
        ),
        (
            "a large object",
            &format!(
                "const o = {{{}}};\nfetch(o.k9);",
                (0..55_000)
                    .map(|n| format!("k{n}: {n},"))
                    .collect::<String>()
            ),
        ),
        (
            "objects made of large objects",
            &format!(
                "const o = {{{}}};\nconst p = {{{}}};",
                (0..4_000)
                    .map(|n| format!("k{n}: {n},"))
                    .collect::<String>(),
                "...o,".repeat(9_000)
            ),
        ),
        ("nothing", ""),
        (
            "no script",
            "\u{0}\u{1}\u{feff}%PDF-1.7 <script> {{{{ ``` \\u{",
        ),
        ("half of a template", "fetch(`/items/${"),
        ("half of an element", "export const A = () => <div><B c={"),
        (
            "holes",
            "fetch(`\u{f8ff}\u{f8fe}//\u{f8fd}:///\u{f8ff}`);\nfetch(`\u{f8fd}//v1/items`);\nfetch(`\u{f8ff}:\u{f8fe}//\u{f8fd}`);\nfetch(\"://\");\nfetch(\"//\");\nfetch(\":\");\nfetch(\"ü://ü\");\nnew WebSocket(\"?#\");",
        ),
    ];
    for (name, script) in cases {
        is_answered(name, script);
    }
}

#[test]
fn modules_in_circles() {
    let everything: Vec<(String, String)> = (0..24)
        .map(|one| {
            let others: String = (0..24)
                .map(|other| format!("export * from \"./m{other}\";\n"))
                .collect();
            (format!("web/src/m{one}.ts"), others)
        })
        .collect();
    let main = "import { nothing } from \"./m0\";\nimport { x } from \"./b\";\nexport { x };\nfetch(nothing);\nx();\nx.y = x;\n";
    let project = project();
    write(
        project.path(),
        "web/package.json",
        "{\"dependencies\": {\"vite\": \"5\"}}",
    );
    write(project.path(), "web/src/main.tsx", main);
    write(
        project.path(),
        "web/src/b.ts",
        "import { x } from \"./main\";\nexport { x };\n",
    );
    for (path, text) in &everything {
        write(project.path(), path, text);
    }
    let answer = covgap(project.path(), &["explain", "GET /a"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
}

#[test]
fn broken_settings() {
    let files = [
        ("web/package.json", "{\"dependencies\": {\"vite\": "),
        (
            "web/tsconfig.json",
            "{\"extends\": \"./tsconfig.json\", \"compilerOptions\": {\"paths\": [1, \"@/*\"]}}",
        ),
        (
            "web/vite.config.ts",
            "export default { server: { proxy: { \"/api\": { rewrite: (p) => p.replace(/^(/, p) } } } };",
        ),
        (
            "web/nginx.conf",
            "location ~ { proxy_pass ; }\nlocation\nrewrite ^\n}",
        ),
        (
            "web/index.html",
            "<script src=\"/src/main.tsx\"><script src='",
        ),
        ("web/src/main.tsx", "fetch(\"/items\");"),
    ];
    let project = project();
    for (path, text) in files {
        write(project.path(), path, text);
    }
    is_sound("settings", project.path());
}
