//! Which files are taken, which are left out and why, and what can be read.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use covgap::config::Config;
use covgap::source::{Unreadable, Why, configure, discover, open};

use crate::trees::{found, found_with, owned, paths, tests, tree, write};

#[test]
fn what_the_user_got_wrong() {
    let empty = tree(&[("README.md", "")]);
    let file = tree(&[("main.py", "")]);
    let archive = tree(&[("archive/main.py", "")]);
    let say = |path: &Path| {
        open(path, None)
            .and_then(|origin| discover(origin, &Config::default()))
            .unwrap_err()
            .to_string()
    };
    assert!(say(&empty.path().join("nowhere")).starts_with("error: no such folder\n"));
    assert!(say(&file.path().join("main.py")).starts_with("error: not a folder\n"));
    assert!(say(empty.path()).starts_with("error: nothing to analyze: there is no Python file\n"));
    let help = "help: `archive` was left out (archive); `include = [\"archive\"]` takes it";
    assert!(
        say(archive.path()).ends_with(help),
        "{}",
        say(archive.path())
    );
    let error = found_with(&file, &tests(&["tests"]))
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("error: no Python file to collect tests from\n  --> tests\n"),
        "{error}"
    );
}

#[test]
fn configuration_is_read_where_it_is() {
    let own = tree(&[
        ("covgap.toml", "tests = [\"a\"]\n"),
        ("pyproject.toml", "[tool.covgap]\ntests = [\"b\"]\n"),
    ]);
    let project = tree(&[("pyproject.toml", "[project]\n\n[tool.covgap]\nteste = []\n")]);
    let typed = tests(&["c"]);
    let read = |config| {
        configure(&open(own.path(), None).unwrap(), None, config)
            .unwrap()
            .tests
    };
    assert_eq!(read(Config::default()), ["a"]);
    assert_eq!(read(typed), ["c"]);
    let error = configure(
        &open(project.path(), None).unwrap(),
        None,
        Config::default(),
    )
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "error: unknown key `teste`\n  --> pyproject.toml:4\n  help: did you mean `tests`?"
    );
}

#[test]
fn what_is_left_out_and_why() {
    let dir = tree(&[
        ("app/main.py", ""),
        ("app/user_pb2.py", ""),
        ("app/archive/old.py", ""),
        ("app/main_OLD_2024.py", ""),
        ("docs_src/a.py", ""),
        ("examples/b.py", ""),
        ("env/pyvenv.cfg", ""),
        ("env/lib/x.py", ""),
        ("node_modules/y.py", ""),
        (".gitignore", "/local/\n*.gen.py\n"),
        ("local/z.py", ""),
        ("app/a.gen.py", ""),
        ("scripts/s.py", ""),
    ]);
    let config = Config {
        exclude: owned(&["scripts/"]),
        ..Config::default()
    };
    let sources = found_with(&dir, &config).unwrap();
    assert_eq!(
        paths(&sources),
        ["app/main.py", "docs_src/a.py", "examples/b.py"]
    );
    let left_out: Vec<_> = sources
        .left_out
        .iter()
        .map(|left_out| (left_out.path.as_str(), left_out.why))
        .collect();
    assert_eq!(
        left_out,
        [
            ("app/a.gen.py", Why::Ignored),
            ("app/archive", Why::Archive),
            ("app/main_OLD_2024.py", Why::Backup),
            ("app/user_pb2.py", Why::Generated),
            ("env", Why::VirtualEnvironment),
            ("local", Why::Ignored),
            ("node_modules", Why::InstalledPackages),
            ("scripts", Why::Excluded),
        ]
    );
}

#[test]
fn what_live_code_imports_is_live() {
    let dir = tree(&[
        (
            "app/main.py",
            "from app.archive.router import router\nfrom app.api import user_pb2\n",
        ),
        ("app/archive/__init__.py", ""),
        ("app/archive/router.py", ""),
        ("app/archive/forgotten.py", ""),
        ("app/api/user_pb2.py", ""),
    ]);
    let sources = found(&dir);
    assert_eq!(
        paths(&sources),
        [
            "app/api/user_pb2.py",
            "app/archive/__init__.py",
            "app/archive/router.py",
            "app/main.py"
        ]
    );
    assert_eq!(sources.left_out[0].python_files, 1);
}

#[test]
fn what_is_asked_for_is_taken() {
    let files = [
        ("app/main.py", ""),
        ("tests_archive/test_a.py", ""),
        ("tests_archive/backup/test_b.py", ""),
        ("archive/other.py", ""),
        ("archive/deep/live.py", ""),
        ("gone/x.py", ""),
        (".gitignore", "gone\n"),
    ];
    let dir = tree(&files);
    let sources = found_with(&dir, &tests(&["tests_archive"])).unwrap();
    assert_eq!(paths(&sources), ["app/main.py", "tests_archive/test_a.py"]);
    let config = Config {
        include: owned(&["archive/deep/", "gone/x.py"]),
        app: owned(&["tests_archive/backup/test_b.py"]),
        ..Config::default()
    };
    let sources = found_with(&dir, &config).unwrap();
    assert_eq!(
        paths(&sources),
        [
            "app/main.py",
            "archive/deep/live.py",
            "gone/x.py",
            "tests_archive/backup/test_b.py"
        ]
    );
}

#[test]
fn a_tracked_file_is_not_ignored() {
    let dir = tree(&[
        (".gitignore", "build/\nx.py\n"),
        ("build/tracked.py", ""),
        ("x.py", ""),
        ("main.py", ""),
    ]);
    let git = |arguments: &[&str]| {
        let done = Command::new("git")
            .args(arguments)
            .current_dir(dir.path())
            .output();
        assert!(done.unwrap().status.success(), "{arguments:?}");
    };
    git(&["init", "-q"]);
    git(&["add", "-f", "build/tracked.py", "x.py"]);
    write(dir.path(), "build/made.py", b"");
    let sources = found(&dir);
    // `build` is also a name of build output: that guess stays, only the pattern does not count.
    assert_eq!(paths(&sources), ["main.py", "x.py"]);
    assert_eq!(
        sources
            .left_out
            .iter()
            .filter(|left| left.why == Why::Ignored)
            .count(),
        0
    );
}

#[test]
fn a_missing_module_may_be_made() {
    let dir = tree(&[
        (".gitignore", "models/\n_version.py\n"),
        ("shop/__init__.py", ""),
        ("shop/api/main.py", ""),
    ]);
    let sources = found(&dir);
    let main = sources.file("shop/api/main.py").unwrap();
    let cases = [
        ("..models", true),
        ("..models.user", true),
        ("shop.models.user", true),
        ("shop._version", true),
        ("shop.nothing", false),
        ("models_of_somebody", false),
    ];
    for (name, expected) in cases {
        assert_eq!(sources.may_be_made(main, name, &[]), expected, "{name}");
    }
}

#[test]
fn odd_things_on_the_disk() {
    let dir = tree(&[("app/main.py", "x = 1\r\n"), ("app/folder.py/inner.py", "")]);
    let root = dir.path();
    write(root, "bom.py", b"\xef\xbb\xbfx = 1\n");
    write(root, "latin.py", b"# -*- coding: latin-1 -*-\nx = '\xfc'\n");
    write(root, "broken.py", b"x = 1\ny = '\xfc'\n");
    write(root, "null.py", b"x\0y\n");
    fs::File::create(root.join("huge.py"))
        .unwrap()
        .set_len(30 << 20)
        .unwrap();
    assert!(
        Command::new("mkfifo")
            .arg(root.join("pipe.py"))
            .status()
            .unwrap()
            .success()
    );
    symlink(root, root.join("app/loop")).unwrap();
    symlink(root.join("app/main.py"), root.join("link.py")).unwrap();
    symlink(root.join("nowhere"), root.join("dangling.py")).unwrap();
    symlink("/proc/self/mem", root.join("refused.py")).unwrap();
    let sources = found(&dir);
    let read = |path: &str| sources.read(sources.file(path).unwrap());
    assert_eq!(read("app/main.py"), Ok("x = 1\r\n".to_string()));
    assert_eq!(read("bom.py"), Ok("x = 1\n".to_string()));
    assert_eq!(
        read("latin.py"),
        Ok("# -*- coding: latin-1 -*-\nx = 'ü'\n".to_string())
    );
    assert_eq!(read("link.py"), read("app/main.py"));
    assert_eq!(read("null.py"), Err(Unreadable::NullByte));
    assert_eq!(read("huge.py"), Err(Unreadable::TooLarge(30 << 20)));
    assert!(matches!(read("refused.py"), Err(Unreadable::Refused(_))));
    let undecodable = Unreadable::Undecodable {
        encoding: "UTF-8".into(),
        line: 2,
    };
    assert_eq!(read("broken.py"), Err(undecodable));
    assert!(sources.file("app/folder.py/inner.py").is_some());
    let why = |path: &str| {
        sources
            .left_out
            .iter()
            .find(|left| left.path == path)
            .unwrap()
            .why
    };
    assert_eq!(why("pipe.py"), Why::NotAFile);
    assert_eq!(why("dangling.py"), Why::NotAFile);
    assert_eq!(why("app/loop"), Why::LinkedFolder);
    fs::remove_file(root.join("bom.py")).unwrap();
    assert_eq!(read("bom.py"), Err(Unreadable::Missing));
}

#[test]
fn a_broken_project_file_stops_nothing() {
    let dir = tree(&[("main.py", ""), ("pyproject.toml", "[project]\nname = \n")]);
    let sources = found(&dir);
    assert_eq!(paths(&sources), ["main.py"]);
    let said: Vec<String> = sources.warnings.iter().map(ToString::to_string).collect();
    assert!(said[0].contains("\n  --> pyproject.toml:2"), "{said:?}");
    assert_eq!(said.len(), 1);
}

#[test]
fn other_files_can_be_read_too() {
    let dir = tree(&[("main.py", ""), (".env", "A=1\n"), ("conf/x.json", "{}")]);
    let sources = found(&dir);
    assert_eq!(sources.others, [".env", "conf/x.json"]);
    assert_eq!(sources.read_other(".env"), Ok("A=1\n".to_string()));
    assert_eq!(
        sources.read_other("../../etc/passwd"),
        Err(Unreadable::Missing)
    );
    assert_eq!(sources.read_other("conf"), Err(Unreadable::NotAFile));
}

#[test]
fn versions_come_from_the_strongest_place() {
    let dir = tree(&[
        ("main.py", ""),
        ("requirements.txt", "shop-lib>=1.0\nmail==2.0\n"),
        (
            "uv.lock",
            "[[package]]\nname = \"shop-lib\"\nversion = \"1.5.0\"\n",
        ),
        (".venv/pyvenv.cfg", ""),
        (
            ".venv/lib/python3.12/site-packages/queue_lib-3.1.dist-info/METADATA",
            "",
        ),
    ]);
    let sources = found(&dir);
    let versions = sources.versions.by_name.iter();
    let said: Vec<String> = versions
        .map(|(name, version)| format!("{name} {} {:?}", version.text, version.strength))
        .collect();
    assert_eq!(
        said,
        [
            "mail 2.0 Pinned",
            "queue-lib 3.1 Installed",
            "shop-lib 1.5.0 Locked"
        ]
    );
}
