//! A small project, what is hostile about it, and the binary on it.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

pub const APP: &str = "\
from fastapi import FastAPI
app = FastAPI(openapi_url=None)

@app.get('/a')
def a():
    return 1
";

pub const TEST: &str = "\
from fastapi.testclient import TestClient
from main import app
client = TestClient(app)

def test_a():
    assert client.get('/a').status_code == 200
";

/// An answer within this is no hang, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);
/// Of addresses, in KB: most of it is stacks that are never touched.
const MEMORY: &str = "3000000";

pub struct Answer {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// A project of an app and a test that reaches its only route: `covgap` on it exits with 0.
pub fn project() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "main.py", APP);
    write(folder.path(), "test_main.py", TEST);
    folder
}

pub fn write(folder: &Path, path: &str, content: impl AsRef<[u8]>) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// The app's one route is there, and its test is seen, whatever else is in the folder.
pub fn is_sound(name: &str, folder: &Path) {
    let answer = covgap(folder, &["explain", "GET /a"]);
    assert_eq!(answer.code, 0, "{name}\n{}", answer.err);
    let sees_the_test = answer.out.contains("test_main.py::test_a");
    assert!(sees_the_test, "{name}\n{}", answer.out);
}

pub fn covgap(folder: &Path, arguments: &[&str]) -> Answer {
    let output = covgap_with(folder, arguments, Stdio::piped());
    let code = output.status.code();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        code.is_some(),
        "ended by signal {:?}: {err}",
        output.status.signal()
    );
    assert!(!err.contains("panicked"), "{err}");
    Answer {
        code: code.unwrap(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err,
    }
}

pub fn covgap_with(folder: &Path, arguments: &[&str], out: Stdio) -> Output {
    let script = format!("ulimit -v {MEMORY}; exec \"$0\" \"$@\"");
    let mut child = Command::new("sh")
        .args([
            "-c",
            &script,
            env!("CARGO_BIN_EXE_covgap"),
            "--threads",
            "2",
        ])
        .args(arguments)
        .current_dir(folder)
        .env("COVGAP_CACHE", "off")
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begin = Instant::now();
    let (out, err) = (drain(child.stdout.take()), drain(child.stderr.take()));
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if begin.elapsed() > PATIENCE {
            child.kill().unwrap();
            child.wait().unwrap();
            assert!(begin.elapsed() < PATIENCE, "hangs on {arguments:?}");
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    Output {
        status,
        stdout: out.join().unwrap(),
        stderr: err.join().unwrap(),
    }
}

/// Reads beside us, so that a full pipe stops nobody.
fn drain(stream: Option<impl std::io::Read + Send + 'static>) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            stream.read_to_end(&mut bytes).unwrap();
        }
        bytes
    })
}

/// What the JSON report says is unknown or left out, as its lines.
pub fn not_read(folder: &Path) -> String {
    let answer = covgap(folder, &["report", "--format", "json", "-o", "-"]);
    let lists = ["\"unknowns\": [", "\"left_out\": ["];
    let mut is_inside = false;
    let mut found = String::new();
    for line in answer.out.lines() {
        if line.starts_with("  \"") {
            is_inside = lists.iter().any(|list| line.contains(list));
        }
        if is_inside {
            found.push_str(line);
            found.push('\n');
        }
    }
    found
}
