//! Files and folders that are missing, broken, endless, or called something strange.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use crate::run::{APP, TEST, covgap, not_read, project, write};

fn pipe(folder: &Path, path: &str) {
    fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
    let made = Command::new("mkfifo")
        .arg(folder.join(path))
        .status()
        .unwrap();
    assert!(made.success());
}

#[test]
fn what_is_sound_is_read() {
    let mark = "\u{feff}";
    let cases: [(&str, Vec<u8>); 5] = [
        ("plain", APP.into()),
        ("byte order mark", format!("{mark}{APP}").into()),
        ("CRLF", APP.replace('\n', "\r\n").into()),
        ("CR", APP.replace('\n', "\r").into()),
        (
            "Latin-1",
            [
                b"# -*- coding: latin-1 -*-\nCITY = 'Z\xfcrich'\n",
                APP.as_bytes(),
            ]
            .concat(),
        ),
    ];
    for (name, main) in cases {
        let project = project();
        write(project.path(), "main.py", main);
        let answer = covgap(project.path(), &[]);
        assert_eq!(
            (answer.code, answer.err.as_str()),
            (0, ""),
            "{name}\n{}",
            answer.out
        );
    }
}

#[test]
fn what_cannot_be_read_is_said() {
    let wide: Vec<u8> = APP.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: [(&str, Vec<u8>, &str); 6] = [
        (
            "not UTF-8",
            [APP.as_bytes(), b"X = '\xff'\n"].concat(),
            "line 7 is not UTF-8",
        ),
        (
            "UTF-16",
            [b"\xff\xfe", &wide[..]].concat(),
            "line 1 is not UTF-8",
        ),
        (
            "a null byte",
            format!("{APP}\0").into(),
            "contains a null byte",
        ),
        (
            "no such encoding",
            format!("# coding: klingon\n{APP}").into(),
            "unknown encoding, `klingon`",
        ),
        (
            "a mark and another encoding",
            format!("\u{feff}# coding: latin-1\n{APP}").into(),
            "latin-1",
        ),
        (
            "50 MB",
            [
                APP.as_bytes(),
                &b"# xxxxxxxxxxxxxxxxxxxxxxxx\n".repeat(2_000_000),
            ]
            .concat(),
            "too large (51 MB)",
        ),
    ];
    for (name, main, says) in cases {
        let project = project();
        write(project.path(), "main.py", main);
        let answer = covgap(project.path(), &[]);
        assert_eq!(answer.code, 2, "{name}\n{}", answer.err);
        assert!(
            answer.err.contains("found no route") && answer.err.contains(says),
            "{name}\n{}",
            answer.err
        );
        assert!(
            not_read(project.path()).contains("unreadable-file"),
            "{name}"
        );
    }
}

#[test]
fn nothing_to_analyze_is_no_silent_pass() {
    let folder = tempfile::tempdir().unwrap();
    let case = |arguments: &[&str], says: &str| {
        let answer = covgap(folder.path(), arguments);
        assert_eq!(answer.code, 2, "{arguments:?}\n{}", answer.err);
        assert!(answer.err.contains(says), "{arguments:?}\n{}", answer.err);
        assert!(
            !answer.out.contains("pass"),
            "{arguments:?}\n{}",
            answer.out
        );
        assert!(
            answer.err.contains("help:"),
            "{arguments:?}\n{}",
            answer.err
        );
    };
    case(&["nowhere"], "error: no such folder\n  --> nowhere");
    case(&[], "nothing to analyze: there is no Python file");
    write(folder.path(), "main.py", APP);
    case(&["main.py"], "error: not a folder\n  --> main.py");
    case(&[], "found no test");
    write(folder.path(), "main.py", "x = 1\n");
    write(folder.path(), "test_x.py", "def test_x():\n    assert 1\n");
    case(&[], "found no route of any app");
    write(folder.path(), "main.py", APP);
    write(folder.path(), "test_x.py", TEST);
    case(
        &["--tests", "nowhere"],
        "no Python file to collect tests from",
    );
    case(
        &["--app", "main:application"],
        "no app with a route at `main:application`",
    );
    case(
        &["--config", "nowhere.toml"],
        "cannot read the configuration: no such file",
    );
}

#[test]
fn mistakes_in_the_configuration_are_said_with_their_line() {
    let case = |file: &str, text: &str, says: &str| {
        let project = project();
        write(project.path(), file, text);
        let answer = covgap(project.path(), &[]);
        assert_eq!(answer.code, 2, "{text}\n{}", answer.err);
        assert!(answer.err.contains(says), "{text}\n{}", answer.err);
    };
    case(
        "covgap.toml",
        "test = ['e2e']\n",
        "unknown key `test`\n  --> covgap.toml:1\n  help: did you mean `tests`?",
    );
    case(
        "covgap.toml",
        "tests = 3\n",
        "`tests` must be a list of strings, and it is an integer\n  --> covgap.toml:1",
    );
    case(
        "covgap.toml",
        "\nexclude = ['[z-a]']\n",
        "`exclude` has a pattern that is none",
    );
    case(
        "covgap.toml",
        "app = ['nowhere:app']\n",
        "is it `main:app`?",
    );
    case(
        "covgap.toml",
        "rules = ['nowhere']\n",
        "`rules` names `nowhere`, which is not there",
    );
    case(
        "covgap.toml",
        "rules = ['main.txt']\n",
        "which is not there",
    );
    case(
        "covgap.toml",
        "[fail-under]\nhtp = 80\n",
        "`fail-under` names no bar: `htp`\n  --> covgap.toml\n  help: did you mean `http`?",
    );
    case(
        "covgap.toml",
        "[weights]\nhtp = 2\n",
        "`weights` names no bar: `htp`",
    );
    case("pyproject.toml", "[tool.covgap\n", "not valid TOML");
    let project = project();
    pipe(project.path(), "covgap.toml");
    let answer = covgap(project.path(), &[]);
    assert_eq!(answer.code, 2);
    assert!(
        answer
            .err
            .contains("cannot read the configuration: not a regular file"),
        "{}",
        answer.err
    );
}

#[test]
fn broken_settings_of_others_are_reported() {
    let case = |file: &str, text: &str| {
        let project = project();
        write(project.path(), file, text);
        assert_eq!(covgap(project.path(), &[]).code, 0);
        let said = not_read(project.path());
        assert!(
            said.contains("broken-settings") && said.contains(file),
            "{file}\n{said}"
        );
    };
    case("pytest.ini", "[pytest\naddopts = \0\n");
    case("pyproject.toml", "[tool.pytest\n");
}

#[test]
fn a_rule_with_a_mistake_is_said_with_its_line() {
    let case = |file: &str, text: &[u8], says: &str| {
        let project = project();
        write(project.path(), "covgap.toml", "rules = ['own']\n");
        write(project.path(), &format!("own/{file}"), text);
        let answer = covgap(project.path(), &[]);
        assert_eq!(answer.code, 2, "{}", answer.err);
        assert!(
            answer.err.contains(says) && answer.err.contains("help:"),
            "{}",
            answer.err
        );
    };
    case(
        "acme.py",
        b"import covgap\ncovgap.reqest()\n",
        "covgap has no operation `reqest`\n  --> own/acme.py:2",
    );
    case("acme.py", b"def f(:\n", "not valid Python");
    case(
        "acme.py",
        b"x = '\xff'\n",
        "cannot read the rule: line 1 is not UTF-8",
    );
    case(
        "names.toml",
        b"\nservises = []\n",
        "unknown list `servises`\n  --> own/names.toml:2",
    );
    case("names.toml", b"services = 3\n", "not a list of strings");
    case("evidence.toml", b"x = 3\n", "not a table of sentences");
    case("read.me", b"", "a folder without a rule");
    let project = project();
    write(project.path(), "covgap.toml", "rules = ['pipe.py']\n");
    pipe(project.path(), "pipe.py");
    assert!(
        covgap(project.path(), &[])
            .err
            .contains("not a regular file")
    );
}

#[test]
fn links_that_lead_nowhere_or_back_are_not_followed() {
    let project = project();
    let root = project.path();
    fs::create_dir(root.join("inner")).unwrap();
    symlink(".", root.join("here")).unwrap();
    symlink("..", root.join("inner/up")).unwrap();
    symlink("one.py", root.join("two.py")).unwrap();
    symlink("two.py", root.join("one.py")).unwrap();
    symlink("/dev/zero", root.join("endless.py")).unwrap();
    assert_eq!(covgap(root, &[]).code, 0);
    let said = not_read(root);
    for path in ["here", "inner/up", "one.py", "two.py", "endless.py"] {
        assert!(said.contains(&format!("\"{path}\"")), "{path}\n{said}");
    }
}

#[test]
fn pipes_are_not_waited_for() {
    let project = project();
    for path in [
        "pipe.py",
        "conftest.py",
        "pyproject.toml",
        "pytest.ini",
        "setup.cfg",
        "tox.ini",
        "uv.lock",
        "requirements.txt",
        "Dockerfile",
        "compose.yaml",
        "Procfile",
        ".env",
        ".gitignore",
        ".git/index",
        ".git/HEAD",
        ".git/info/exclude",
        "package/__init__.py",
    ] {
        pipe(project.path(), path);
    }
    let answer = covgap(project.path(), &[]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert!(not_read(project.path()).contains("\"pipe.py\""));
}

#[test]
fn strange_names_are_shown_harmlessly() {
    let project = project();
    for name in [
        "a\nb.py",
        "test_\x1b[2Jz.py",
        "test_\u{202e}gpj.py",
        "test_\ttab.py",
    ] {
        write(project.path(), name, TEST);
    }
    fs::write(
        project.path().join(OsStr::from_bytes(b"test_\xff.py")),
        TEST,
    )
    .unwrap();
    for arguments in [
        &[][..],
        &["explain", "GET /a"],
        &["--dump", "facts"],
        &["--dump", "links"],
        &["explain", "test_\x1b[2Jz.py"],
    ] {
        let answer = covgap(project.path(), arguments);
        assert_eq!(answer.code, 0, "{}", answer.err);
        let active = |letter: char| letter.is_control() && letter != '\n' || letter == '\u{202e}';
        assert!(
            !answer.out.contains(active),
            "{arguments:?}\n{}",
            answer.out.escape_debug()
        );
    }
    assert!(not_read(project.path()).contains("name is not Unicode"));
}

#[test]
fn yaml_and_docker_bombs_are_defused() {
    let project = project();
    let mut bomb = String::from("a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (name, before) in ('b'..'v').zip('a'..) {
        let nine = vec![format!("*{before}"); 9].join(", ");
        bomb += &format!("{name}: &{name} [{nine}]\n");
    }
    bomb += "services: {web: {command: *u}}\n";
    write(project.path(), "compose.yaml", bomb);
    write(project.path(), "docker-compose.yml", "[".repeat(100_000));
    write(
        project.path(),
        "Dockerfile",
        format!(
            "FROM x\nCMD {}\n{}",
            "[".repeat(100_000),
            "RUN \\\n".repeat(10_000)
        ),
    );
    assert_eq!(covgap(project.path(), &[]).code, 0);
}

#[test]
fn the_lowest_percentage_of_a_bar_is_a_gate() {
    let case = |text: &str, code: i32, says: &str| {
        let project = project();
        write(
            project.path(),
            "main.py",
            format!("{APP}\n@app.get('/b')\ndef b():\n    return 1\n"),
        );
        write(
            project.path(),
            "test_main.py",
            format!("{TEST}\ndef test_b():\n    client.get('/b')\n    assert 1\n"),
        );
        write(project.path(), "covgap.toml", text);
        let answer = covgap(project.path(), &[]);
        assert_eq!(answer.code, code, "{text}\n{}{}", answer.out, answer.err);
        assert!(answer.out.contains(says), "{text}\n{}", answer.out);
    };
    case(
        "[fail-under]\nhttp = 100\nwebsocket = 50\n",
        0,
        "Ready to release: All 14 gates pass",
    );
    case("[fail-under]\nfrontend = 10\n", 0, "All 13 gates pass");
    case("[gates.deployment]\n[gates.release]\n", 0, "HTTP Endpoints");
    case(
        "[gates.release]\nuntested-error = 0\nP1 = 0\nhttp = 100\noverall = 100\n",
        0,
        "All 10 gates pass",
    );
    case(
        "[gates.release]\nerrors-tested = true\nhttp = 101\n",
        1,
        "✗ release: HTTP Endpoints shows 100%, wanted 101%",
    );
    case(
        "[weights]\nbehavior = 1\nimplementation = 0\n",
        0,
        "1 × production behavior",
    );
    let refuse = |text: &str, says: &str| {
        let project = project();
        write(project.path(), "covgap.toml", text);
        let answer = covgap(project.path(), &[]);
        assert_eq!(answer.code, 2, "{text}\n{}{}", answer.out, answer.err);
        assert!(answer.err.contains(says), "{text}\n{}", answer.err);
    };
    refuse(
        "[gates.x]\nuntested-eror = 1\n",
        "did you mean `untested-error`?",
    );
    refuse(
        "[gates.x]\nhttp = \"many\"\n",
        "`gates.x.http` must be a number",
    );
    refuse(
        "[gates.x]\nerrors-tested = 3\n",
        "must be `true` or `false`",
    );
    refuse("[weights]\nhtpt = 3\n", "`weights` names no bar");
}
