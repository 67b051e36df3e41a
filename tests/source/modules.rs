//! What an import means, and what a file is called.

use covgap::source::{Resolution, Sources};

use crate::trees::{found, tree};

fn resolved(sources: &Sources, importer: &str, name: &str) -> String {
    let importer = sources.file(importer).unwrap();
    match sources.modules.resolve(importer, name) {
        Resolution::File(id) => sources.path(id).to_string(),
        Resolution::Namespace(dir) => format!("{dir}/"),
        Resolution::Missing => "-".to_string(),
    }
}

fn check(sources: &Sources, cases: &[(&str, &str, &str)]) {
    for (importer, name, expected) in cases {
        assert_eq!(
            resolved(sources, importer, name),
            *expected,
            "{importer}: {name}"
        );
    }
}

#[test]
fn absolute_and_relative() {
    let dir = tree(&[
        ("app/__init__.py", ""),
        ("app/main.py", ""),
        ("app/api/__init__.py", ""),
        ("app/api/users.py", ""),
        ("app/data/seed.py", ""),
        ("tests/__init__.py", ""),
        ("tests/test_a.py", ""),
    ]);
    check(
        &found(&dir),
        &[
            ("tests/test_a.py", "app.main", "app/main.py"),
            ("tests/test_a.py", "app", "app/__init__.py"),
            ("app/api/users.py", "..main", "app/main.py"),
            ("app/api/users.py", ".", "app/api/__init__.py"),
            ("app/api/users.py", "..", "app/__init__.py"),
            ("app/api/users.py", "..data.seed", "app/data/seed.py"),
            ("app/api/users.py", "..data", "app/data/"),
            ("app/api/users.py", "app.data", "app/data/"),
            ("app/api/users.py", "......x", "-"),
            ("app/api/users.py", "app.gone", "-"),
            ("app/api/users.py", "main", "-"),
            ("app/api/users.py", "asyncio", "-"),
        ],
    );
}

#[test]
fn several_packages_of_one_name() {
    let dir = tree(&[
        ("services/mail/app/__init__.py", ""),
        ("services/mail/app/main.py", ""),
        ("services/mail/app/queue.py", ""),
        ("services/shop/app/__init__.py", ""),
        ("services/shop/app/main.py", ""),
        ("services/shop/tests/test_a.py", ""),
        ("scripts/run.py", ""),
    ]);
    check(
        &found(&dir),
        &[
            (
                "services/mail/app/main.py",
                "app.main",
                "services/mail/app/main.py",
            ),
            (
                "services/shop/app/main.py",
                "app.main",
                "services/shop/app/main.py",
            ),
            (
                "services/shop/tests/test_a.py",
                "app.main",
                "services/shop/app/main.py",
            ),
            ("scripts/run.py", "app.queue", "services/mail/app/queue.py"),
        ],
    );
}

#[test]
fn portions_of_a_namespace_package() {
    let hatch = "[tool.hatch.build.targets.wheel]\nonly-include = [\"store\"]\n";
    let dir = tree(&[
        ("src/store/core/pyproject.toml", hatch),
        ("src/store/core/store/core/__init__.py", ""),
        ("src/store/core/store/core/factory.py", ""),
        ("src/store/web/pyproject.toml", hatch),
        ("src/store/web/store/web/main.py", ""),
        ("src/store/web/tests/test_a.py", ""),
    ]);
    let sources = found(&dir);
    check(
        &sources,
        &[
            (
                "src/store/web/store/web/main.py",
                "store.core",
                "src/store/core/store/core/__init__.py",
            ),
            (
                "src/store/web/store/web/main.py",
                "store.core.factory",
                "src/store/core/store/core/factory.py",
            ),
            (
                "src/store/web/tests/test_a.py",
                "store.web.main",
                "src/store/web/store/web/main.py",
            ),
            (
                "src/store/web/store/web/main.py",
                "store",
                "src/store/web/store/",
            ),
        ],
    );
    let name = |path: &str| sources.modules.module_name(sources.file(path).unwrap());
    assert_eq!(
        name("src/store/core/store/core/factory.py"),
        "store.core.factory"
    );
    assert_eq!(name("src/store/web/store/web/main.py"), "store.web.main");
}

#[test]
fn a_librarys_name_is_not_guessed() {
    let dir = tree(&[
        ("requirements.txt", "paying==1.0\n"),
        ("app/main.py", ""),
        ("app/services/paying.py", ""),
        ("app/services/billing.py", ""),
        ("migrator/env.py", ""),
        (
            "pyproject.toml",
            "[project]\nname = \"x\"\ndependencies = [\"migrator\"]\n",
        ),
    ]);
    check(
        &found(&dir),
        &[
            ("app/services/billing.py", "paying", "-"),
            ("app/services/paying.py", "paying", "-"),
            (
                "app/services/billing.py",
                ".paying",
                "app/services/paying.py",
            ),
            (
                "app/services/billing.py",
                "app.services.paying",
                "app/services/paying.py",
            ),
            ("migrator/env.py", "migrator", "-"),
        ],
    );
}

#[test]
fn what_pytest_puts_on_the_path() {
    let dir = tree(&[
        ("tests/pytest.ini", "[pytest]\npythonpath = ../platform .\n"),
        ("tests/unit/helpers.py", ""),
        ("tests/unit/test_a.py", ""),
        ("tests/helpers.py", ""),
        ("tests/test_b.py", ""),
        ("tests/config/__init__.py", ""),
        ("tests/config/only_here.py", ""),
        ("platform/config/__init__.py", ""),
        ("platform/config/settings.py", ""),
        ("platform/main.py", ""),
    ]);
    check(
        &found(&dir),
        &[
            ("tests/unit/test_a.py", "helpers", "tests/unit/helpers.py"),
            ("tests/test_b.py", "helpers", "tests/helpers.py"),
            ("tests/test_b.py", "main", "platform/main.py"),
            (
                "platform/main.py",
                "config.settings",
                "platform/config/settings.py",
            ),
            // Not what Python would do without help, and what suites help themselves to.
            (
                "tests/test_b.py",
                "config.only_here",
                "tests/config/only_here.py",
            ),
        ],
    );
}

#[test]
fn names() {
    let dir = tree(&[
        ("pyproject.toml", "[project]\nname = \"shop\"\n"),
        ("src/shop/__init__.py", ""),
        ("src/shop/api/users.py", ""),
        ("tests/__init__.py", ""),
        ("tests/api/__init__.py", ""),
        ("tests/api/test_a.py", ""),
        ("tests/loose/test_b.py", ""),
        ("scripts/do-it.py", ""),
    ]);
    let sources = found(&dir);
    let cases = [
        ("src/shop/__init__.py", "shop"),
        ("src/shop/api/users.py", "shop.api.users"),
        ("tests/api/test_a.py", "tests.api.test_a"),
        ("tests/loose/test_b.py", "test_b"),
        ("scripts/do-it.py", "scripts.do-it"),
    ];
    for (path, expected) in cases {
        let name = sources.modules.module_name(sources.file(path).unwrap());
        assert_eq!(name, expected, "{path}");
    }
}

#[test]
fn the_longest_beginning() {
    let dir = tree(&[
        ("app/__init__.py", ""),
        ("app/main.py", ""),
        ("app/data/x.py", ""),
    ]);
    let sources = found(&dir);
    let importer = sources.file("app/main.py").unwrap();
    let cases = [
        ("app.main.Server.run", "app/main.py", "Server.run"),
        ("app.main", "app/main.py", ""),
        ("app.settings", "app/__init__.py", "settings"),
        ("app.data", "app/data/", ""),
        ("other.x", "-", "other.x"),
    ];
    for (name, file, rest) in cases {
        let (resolution, left) = sources.modules.resolve_longest(importer, name);
        let found = match resolution {
            Resolution::File(id) => sources.path(id).to_string(),
            Resolution::Namespace(dir) => format!("{dir}/"),
            Resolution::Missing => "-".to_string(),
        };
        assert_eq!((found.as_str(), left), (file, rest), "{name}");
    }
}
