//! Repositories in temporary folders, and the binary run on them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A repository whose folder is called `shop`, since a project is called like its folder.
pub struct Repository {
    dir: TempDir,
}

/// What the binary said.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

pub const MAIN: &str = "from fastapi import FastAPI

app = FastAPI()


@app.get(\"/items\")
def list_items():
    return []


@app.post(\"/items\")
def create_item():
    return {}
";

pub const TESTS: &str = "from fastapi.testclient import TestClient
from app.main import app

client = TestClient(app)


def test_list():
    assert client.get(\"/items\").status_code == 200
";

impl Repository {
    /// Without a commit.
    pub fn empty() -> Repository {
        let repository = Repository {
            dir: tempfile::tempdir().unwrap(),
        };
        fs::create_dir(repository.root()).unwrap();
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    /// With one commit: two routes, one of which is tested.
    pub fn shop() -> Repository {
        let repository = Repository::empty();
        repository.write("app/__init__.py", "");
        repository.write("app/main.py", MAIN);
        repository.write("tests/test_items.py", TESTS);
        repository.commit("first");
        repository
    }

    pub fn root(&self) -> PathBuf {
        self.dir.path().join("shop")
    }

    /// The folder around the repository's.
    pub fn around(&self) -> &Path {
        self.dir.path()
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap()
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.root().join(path)).unwrap();
    }

    pub fn write(&self, path: &str, text: &str) {
        let full = self.root().join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, text).unwrap();
    }

    pub fn git(&self, arguments: &[&str]) -> String {
        git(&self.root(), arguments)
    }

    /// Commits everything; the commits of one repository are a week apart.
    pub fn commit(&self, message: &str) -> String {
        self.git(&["add", "--all"]);
        let count = self.git(&["rev-list", "--count", "--all"]);
        let week = count.trim().parse::<i64>().unwrap_or(0);
        let date = format!("{} +0000", 1_700_000_000 + week * 7 * 86_400);
        let output = command(&self.root())
            .args(["commit", "--quiet", "--allow-empty", "--message", message])
            .env("GIT_AUTHOR_DATE", &date)
            .env("GIT_COMMITTER_DATE", &date)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        self.git(&["rev-parse", "HEAD"]).trim().to_string()
    }

    pub fn covgap(&self, arguments: &[&str]) -> Run {
        covgap(&self.root(), arguments)
    }

    /// The JSON report of what is there now, or with more arguments of what they say.
    pub fn json(&self, arguments: &[&str]) -> String {
        let all = [&["report", "--format", "json", "-o", "-"], arguments].concat();
        let run = self.covgap(&all);
        assert_eq!(run.code, 0, "{}", run.err);
        run.out
    }
}

/// The binary, run in a folder.
pub fn covgap(root: &Path, arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_covgap"))
        .args(arguments)
        .current_dir(root)
        .env("COVGAP_CACHE", "off")
        .output()
        .unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        out: text(&output.stdout),
        err: text(&output.stderr),
    }
}

pub fn git(root: &Path, arguments: &[&str]) -> String {
    let output = command(root).args(arguments).output().unwrap();
    assert!(
        output.status.success(),
        "git {arguments:?}: {}",
        text(&output.stderr)
    );
    text(&output.stdout)
}

/// git without the configuration of whoever runs the tests.
fn command(root: &Path) -> Command {
    let mut command = Command::new("git");
    command
        .current_dir(root)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .args(["-c", "user.name=shop", "-c", "user.email=shop@example.com"])
        .args(["-c", "protocol.file.allow=always"]);
    command
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
