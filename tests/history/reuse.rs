//! What a run takes over from the one before: never what a change has made another, and what no change has come to.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use covgap::source::Store;
use tempfile::TempDir;

use crate::repositories::text;

/// The example project, in a folder of its own, with a cache beside it.
struct Shop(TempDir);

impl Shop {
    fn new() -> Shop {
        let shop = Shop(tempfile::tempdir().unwrap());
        let copied = Command::new("cp")
            .arg("-r")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/shop"))
            .arg(shop.root())
            .status()
            .unwrap();
        assert!(copied.success());
        shop
    }

    fn root(&self) -> PathBuf {
        self.0.path().join("shop")
    }

    fn cache(&self) -> PathBuf {
        self.0.path().join("cache")
    }

    fn report(&self, cache: &str, threads: &str) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_covgap"))
            .args([
                "report",
                "--format",
                "json",
                "-o",
                "-",
                "--threads",
                threads,
            ])
            .current_dir(self.root())
            .env("COVGAP_CACHE", cache)
            .output()
            .unwrap();
        format!("{}{}", text(&output.stdout), text(&output.stderr))
    }

    fn warm(&self, threads: &str) -> String {
        self.report(self.cache().to_str().unwrap(), threads)
    }

    fn cold(&self) -> String {
        self.report("off", "2")
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap_or_default()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Puts one text in the place of another, which must be there.
    fn change(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no {from}");
        self.write(path, &text.replacen(from, to, 1));
    }

    /// Every entry of the cache that holds a text, with its name.
    fn entries_with(&self, wanted: &str) -> Vec<(String, Vec<u8>)> {
        let store = Store::at(&self.cache());
        let names = fs::read_dir(self.cache()).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let held = names.filter_map(|name| Some((name.clone(), store.get(&name)?)));
        held.filter(|(name, bytes)| name.ends_with(".part") && has(bytes, wanted))
            .collect()
    }
}

fn has(bytes: &[u8], wanted: &str) -> bool {
    bytes
        .windows(wanted.len())
        .any(|one| one == wanted.as_bytes())
}

fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let places = 0..bytes.len().saturating_sub(from.len());
    for place in places {
        if bytes[place..].starts_with(from.as_bytes()) {
            bytes[place..place + to.len()].copy_from_slice(to.as_bytes());
        }
    }
    bytes
}

/// What is done to the project, and what that is.
type Change = (&'static str, fn(&Shop));

#[test]
fn after_a_change_a_run_says_what_a_first_run_says() {
    let changes: [Change; 33] = [
        ("nothing", |_| {}),
        ("a test's body", |shop| {
            shop.change(
                "tests/api/test_items.py",
                "    assert",
                "    x = 1\n    assert",
            )
        }),
        ("a test more, above the others", |shop| {
            shop.change(
                "tests/api/test_health.py",
                "def test_",
                "def test_more(client):\n    client.get(\"/api/v1/items\")\n\n\ndef test_",
            )
        }),
        ("a handler's body, in as many lines", |shop| {
            shop.change(
                "shop/routes/admin.py",
                "\"environment\":",
                "\"surroundings\":",
            )
        }),
        ("a handler's body, in more lines", |shop| {
            shop.change(
                "shop/routes/items.py",
                "    return",
                "    nobody = lambda x: x\n    return",
            )
        }),
        ("a handler that raises", |shop| {
            shop.change(
                "shop/routes/accounts.py",
                "    accounts.log_out(token)",
                "    if not token:\n        raise HTTPException(418)\n    accounts.log_out(token)",
            );
            shop.change(
                "shop/routes/accounts.py",
                "Depends, status",
                "Depends, HTTPException, status",
            )
        }),
        ("a service", |shop| {
            shop.change(
                "shop/services/catalog.py",
                "    def ",
                "    def another(self):\n        raise KeyError\n\n    def ",
            )
        }),
        ("a fixture", |shop| {
            shop.change("tests/conftest.py", "\"secret\"", "\"another\"")
        }),
        ("a fixture for all", |shop| {
            shop.write("tests/unit/conftest.py", "import pytest\n\n\n@pytest.fixture(autouse=True)\ndef x(client):\n    client.get(\"/health\")\n")
        }),
        ("which is gone", |shop| {
            fs::remove_file(shop.root().join("tests/unit/conftest.py")).unwrap()
        }),
        ("a setting's default", |shop| {
            shop.change("shop/settings.py", "\"/api/v1\"", "\"/api/v2\"")
        }),
        ("an environment", |shop| {
            shop.write("config/testing.env", "SHOP_API_PREFIX=/api/v3\n")
        }),
        ("a file in the place of a library", |shop| {
            shop.write("httpx.py", "class Client: pass\n")
        }),
        ("which is gone", |shop| {
            fs::remove_file(shop.root().join("httpx.py")).unwrap()
        }),
        ("a package in the place of a module", |shop| {
            shop.write(
                "shop/deps/__init__.py",
                "from shop.settings import Settings\n",
            )
        }),
        ("which is gone", |shop| {
            fs::remove_dir_all(shop.root().join("shop/deps")).unwrap()
        }),
        ("a route", |shop| {
            shop.change("shop/routes/admin.py", "@router.get(\"/settings\")", "@router.get(\"/more\")\ndef more():\n    return {}\n\n\n@router.get(\"/settings\")")
        }),
        ("a subclass in a test", |shop| {
            shop.change("tests/unit/test_catalog.py", "def test_", "from shop.adapters.mail import MailAdapter\n\n\nclass Fake(MailAdapter):\n    pass\n\n\ndef test_")
        }),
        ("who asks for subclasses", |shop| {
            shop.change("tests/unit/test_handlers.py", "def test_", "from shop.adapters.mail import MailAdapter\n\n\ndef test_all(client):\n    for one in MailAdapter.__subclasses__():\n        client.get(f\"/{one.__name__}\")\n\n\ndef test_")
        }),
        ("a subclass more", |shop| {
            shop.change(
                "tests/unit/test_catalog.py",
                "class Fake(",
                "class More(MailAdapter):\n    pass\n\n\nclass Fake(",
            )
        }),
        ("an override at import", |shop| {
            shop.change("tests/unit/test_accounts.py", "def test_", "from shop.deps import get_token\nfrom shop.main import app\n\napp.dependency_overrides[get_token] = lambda: \"x\"\n\n\ndef test_")
        }),
        ("a version", |shop| {
            shop.write("requirements.txt", "fastapi==0.141.1\nhttpx==0.28.0\n")
        }),
        ("another version", |shop| {
            shop.change("requirements.txt", "0.141.1", "0.120.0")
        }),
        ("a test file, before all others", |shop| {
            let text = shop.read("tests/unit/test_catalog.py");
            shop.write("tests/api/test_a_copy.py", &text)
        }),
        ("a file, before all others", |shop| {
            shop.write("a.py", "from shop.main import app\n")
        }),
        ("a module that is called otherwise", |shop| {
            let text = shop.read("shop/services/catalog.py");
            fs::remove_file(shop.root().join("shop/services/catalog.py")).unwrap();
            shop.write("shop/services/wares.py", &text)
        }),
        ("which is back", |shop| {
            let text = shop.read("shop/services/wares.py");
            shop.write("shop/services/catalog.py", &text)
        }),
        ("what git ignores", |shop| {
            shop.write(".gitignore", "shop/generated/\n");
            shop.change("shop/main.py", "\n", "\nimport shop.generated.one\n")
        }),
        ("which git ignores no more", |shop| {
            shop.write(".gitignore", "*.txt\n")
        }),
        ("which nobody imports any more", |shop| {
            shop.change("shop/main.py", "\nimport shop.generated.one\n", "\n")
        }),
        ("where tests lie", |shop| {
            shop.write("pytest.ini", "[pytest]\npythonpath = shop\n")
        }),
        ("a rule", |shop| {
            shop.write("rules/httpx.py", "class Client: pass\n");
            shop.write("covgap.toml", "rules = [\"rules\"]\n")
        }),
        ("which is another", |shop| {
            shop.write("rules/httpx.py", "class AsyncClient: pass\n")
        }),
    ];
    let shop = Shop::new();
    for (position, (what, change)) in changes.into_iter().enumerate() {
        change(&shop);
        let threads = ["1", "2", "3"][position % 3];
        let warm = shop.warm(threads);
        assert!(warm.contains("\"schema\""), "{what}: {warm}");
        assert!(warm == shop.cold(), "{what}");
    }
}

/// Numbers that look like chance, the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most.max(1)
    }
}

#[test]
fn whatever_is_changed() {
    let shop = Shop::new();
    let mut chance = Chance(7);
    let mut files = Vec::new();
    collect(&shop.root(), &mut files);
    files.sort();
    let read = |file: &PathBuf| (file.clone(), fs::read_to_string(file).unwrap());
    let first: Vec<(PathBuf, String)> = files.iter().map(read).collect();
    shop.warm("2");
    for turn in 0..40 {
        // Else there would soon be nothing left that runs.
        if turn % 4 == 3 {
            for (file, text) in &first {
                fs::write(file, text).unwrap();
            }
        }
        let file = &files[chance.below(files.len())];
        let text = fs::read_to_string(file).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        let at = chance.below(lines.len());
        let line = lines.get(at).copied().unwrap_or_default();
        let indent = &line[..line.len() - line.trim_start().len()];
        let more = format!("{indent}number_{turn} = lambda x={turn}: x");
        let other = line
            .replace('1', "2")
            .replace("/", "/x")
            .replace("self", "it");
        match chance.below(6) {
            0 if !lines.is_empty() => drop(lines.remove(at)),
            1 => lines.insert(at, line),
            2 if !lines.is_empty() => lines[at] = &other,
            3 if !lines.is_empty() => {
                let to = chance.below(lines.len());
                lines.swap(at, to);
            }
            _ => lines.insert(at, &more),
        }
        fs::write(file, lines.join("\n") + "\n").unwrap();
        let threads = ["1", "2", "3"][turn % 3];
        assert!(
            shop.warm(threads) == shop.cold(),
            "turn {turn}: {}",
            file.display()
        );
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "py") {
            files.push(path);
        }
    }
}

/// An edit, and whether a test that never comes to what it changes is walked again.
type Edit = (&'static str, bool, fn(&Shop));

/// Edits of what `tests/api/test_orders.py` leads to; `true`: it comes to what is another now.
const EDITS: [Edit; 24] = [
    ("a comment above all", false, |shop| {
        shop.change("shop/deps.py", "\"\"\"What", "# A comment.\n\"\"\"What")
    }),
    (
        "empty lines and comments between functions",
        false,
        |shop| {
            shop.change(
                "shop/routes/orders.py",
                "@router.get(\"/{number}\")",
                "\n# The next one.\n\n@router.get(\"/{number}\")",
            )
        },
    ),
    ("a comment above the tests", false, |shop| {
        shop.change(
            "tests/api/test_orders.py",
            "async def place",
            "# Every test begins so.\n\n\nasync def place",
        )
    }),
    ("the body of a function that no test calls", false, |shop| {
        shop.change("shop/deps.py", "admins only", "not for you")
    }),
    ("the body of a function that it calls", true, |shop| {
        shop.change("shop/deps.py", "unknown token", "who are you")
    }),
    (
        "a comment in the body of a function that it calls",
        true,
        |shop| {
            shop.change(
                "shop/deps.py",
                "    user = ",
                "    # Who is it?\n    user = ",
            )
        },
    ),
    ("a new function", false, |shop| {
        shop.change(
            "shop/deps.py",
            "def get_orders",
            "def get_nothing():\n    return None\n\n\ndef get_orders",
        )
    }),
    ("a new method of a class that it uses", false, |shop| {
        shop.change(
            "shop/services/catalog.py",
            "    def put(",
            "    def nothing(self):\n        return None\n\n    def put(",
        )
    }),
    (
        "a method that takes the place of one that it calls",
        true,
        |shop| {
            shop.change(
                "shop/services/accounts.py",
                "    def log_out(",
                "    def user_of(self, token):\n        return {}\n\n    def log_out(",
            )
        },
    ),
    ("a renamed function that no test calls", false, |shop| {
        shop.change("shop/errors.py", "\n", "\n\ndef nobody():\n    pass\n");
        shop.warm("2");
        shop.change("shop/errors.py", "nobody", "no_one")
    }),
    ("a renamed fixture", true, |shop| {
        shop.change("tests/conftest.py", "def nail(", "def screw(")
    }),
    ("a default", true, |shop| {
        shop.change("tests/api/test_orders.py", "amount=1", "amount=3")
    }),
    ("a constant that nobody reads", false, |shop| {
        shop.change(
            "shop/deps.py",
            "\n\n\ndef get_catalog",
            "\n\nMOST = 3\n\n\ndef get_catalog",
        )
    }),
    ("a constant that it reads", true, |shop| {
        shop.change("tests/conftest.py", "\"stock\": 10", "\"stock\": 11")
    }),
    ("a field of its model", true, |shop| {
        shop.change(
            "shop/routes/orders.py",
            "    sku: str\n",
            "    sku: str\n    note: str = \"\"\n",
        )
    }),
    ("a nested function", true, |shop| {
        shop.change(
            "tests/conftest.py",
            "    async def offline",
            "    def nobody():\n        pass\n\n    async def offline",
        )
    }),
    ("another function of the same name, below", false, |shop| {
        let text = shop.read("shop/deps.py");
        shop.write(
            "shop/deps.py",
            &(text + "\n\ndef get_orders(request: Request) -> OrderService:\n    return None\n"),
        )
    }),
    ("functions that change places", false, |shop| {
        let text = shop.read("shop/deps.py");
        let from = text.find("def get_catalog").unwrap();
        let to = text.find("def get_orders").unwrap();
        let end = text.find("def get_accounts").unwrap();
        let swapped = [&text[..from], &text[to..end], &text[from..to], &text[end..]];
        shop.write("shop/deps.py", &swapped.concat())
    }),
    ("a decorator", true, |shop| {
        shop.change(
            "tests/api/test_orders.py",
            "async def test_list",
            "@pytest.mark.asyncio\nasync def test_list",
        )
    }),
    ("a new route", false, |shop| {
        let text = shop.read("shop/routes/items.py");
        let more = "\n\n@router.get(\"/more/of/them\")\ndef more(catalog: Catalog) -> dict:\n    return {}\n";
        shop.write("shop/routes/items.py", &(text + more))
    }),
    ("a route that takes what another took", true, |shop| {
        shop.change(
            "shop/routes/orders.py",
            "@router.get(\"\")",
            "@router.get(\"\")\ndef no_orders() -> list[dict]:\n    return []\n\n\n@router.get(\"\")",
        )
    }),
    ("a removed route to which no test comes", false, |shop| {
        let text = shop.read("shop/routes/orders.py");
        let from = text.find("@router.delete").unwrap();
        shop.write("shop/routes/orders.py", &text[..from])
    }),
    ("the text of a string of several lines", true, |shop| {
        shop.change(
            "tests/conftest.py",
            "NAIL = {",
            "TEXT = \"\"\"\n\n# A\n\"\"\"; NAIL = {",
        );
        shop.warm("2");
        shop.change("tests/conftest.py", "NAIL =", "SCREW = NAIL =")
    }),
    ("a file that does not parse any more", true, |shop| {
        shop.change("shop/deps.py", "User = ", "def (:\n\n\nUser = ")
    }),
];

#[test]
fn every_edit_says_what_a_first_run_says() {
    for (position, (what, _, change)) in EDITS.into_iter().enumerate() {
        let shop = Shop::new();
        let threads = ["1", "2", "3"][position % 3];
        shop.warm(threads);
        change(&shop);
        assert!(shop.warm(threads) == shop.cold(), "{what}");
    }
}

fn says_so(report: &str) -> bool {
    report.contains("http://test/api/v1/0rders")
}

/// The cache is made to say that a test asks for `/api/v1/0rders`: a run that says so, too, has not walked that test.
fn forge(shop: &Shop) {
    shop.warm("2");
    let entries = shop.entries_with("http://test/api/v1/orders");
    assert_eq!(entries.len(), 1);
    for (name, bytes) in entries {
        let forged = replaced(
            &bytes,
            "http://test/api/v1/orders",
            "http://test/api/v1/0rders",
        );
        Store::at(&shop.cache()).put(&name, &forged);
    }
}

#[test]
fn only_tests_that_come_to_an_edit_are_walked_again() {
    let mut wrong = Vec::new();
    for (what, comes_to_it, change) in EDITS {
        let shop = Shop::new();
        forge(&shop);
        change(&shop);
        if says_so(&shop.warm("2")) == comes_to_it {
            wrong.push(what);
        }
    }
    assert_eq!(wrong, Vec::<&str>::new());
}

#[test]
fn what_no_change_has_come_to_is_taken_over() {
    let shop = Shop::new();
    forge(&shop);
    shop.change("tests/api/test_health.py", "    ", "    x = 1\n    ");
    assert!(says_so(&shop.warm("2")), "another test");
    shop.change("shop/routes/live.py", "    ", "    x = 1\n    ");
    assert!(
        says_so(&shop.warm("2")),
        "a handler to which the test does not come"
    );
    shop.change(
        "tests/api/test_orders.py",
        "def test_",
        "def test_more():\n    pass\n\n\ndef test_",
    );
    assert!(!says_so(&shop.warm("2")), "the test");
    forge(&shop);
    shop.change(
        "shop/routes/orders.py",
        "    return await orders.place(",
        "    x = 1\n    return await orders.place(",
    );
    assert!(!says_so(&shop.warm("2")), "the handler");
    forge(&shop);
    shop.change("tests/conftest.py", "\"A nail\"", "\"Another nail\"");
    assert!(!says_so(&shop.warm("2")), "the conftest");
    forge(&shop);
    let text = shop.read("tests/unit/test_catalog.py");
    shop.write("tests/api/test_a_copy.py", &text);
    assert!(says_so(&shop.warm("2")), "a file more");
    shop.write("requirements.txt", "fastapi==0.120.0\nnumpy==1.0\n");
    shop.warm("2");
    forge(&shop);
    shop.write("requirements.txt", "fastapi==0.120.0\nnumpy==2.0\n");
    assert!(says_so(&shop.warm("2")), "a library that nobody asks about");
    shop.write("requirements.txt", "fastapi==0.141.1\nnumpy==2.0\n");
    assert!(!says_so(&shop.warm("2")), "a library that makes routes");
}
