//! Places that reports and text can't be written to.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use crate::run::{covgap, covgap_with, project, write};

#[test]
fn a_place_that_cannot_be_written_to_is_said() {
    let project = project();
    write(project.path(), "taken", "");
    for place in ["taken/out", "/proc/nothing"] {
        let answer = covgap(project.path(), &["report", "-o", place]);
        assert_eq!(answer.code, 2, "{place}\n{}", answer.err);
        assert!(
            answer.err.contains("cannot write the report"),
            "{}",
            answer.err
        );
        assert!(
            answer.err.contains("help: choose another place with -o"),
            "{}",
            answer.err
        );
    }
}

#[test]
fn a_full_disk_is_said() {
    let project = project();
    for arguments in [
        &[][..],
        &["report", "--format", "json", "-o", "-"],
        &["--dump", "links"],
    ] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = covgap_with(project.path(), arguments, Stdio::from(full));
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{err}");
        assert!(err.contains("cannot write to the standard output"), "{err}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_mistake() {
    let project = project();
    let script = "\"$0\" --dump facts | head -n 1; \"$0\" report --format json -o - | head -c 1; \"$0\" | true";
    let output = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_covgap")])
        .current_dir(project.path())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn a_report_replaces_the_old_one_or_leaves_it() {
    let project = project();
    assert_eq!(covgap(project.path(), &["report", "-o", "out"]).code, 0);
    let page = project.path().join("out/index.html");
    let before = fs::read(&page).unwrap();
    assert_eq!(covgap(project.path(), &["report", "-o", "out"]).code, 0);
    assert!(fs::read(&page).unwrap() == before, "same input, same bytes");
    let names: Vec<_> = fs::read_dir(project.path().join("out")).unwrap().collect();
    assert_eq!(names.len(), 1, "{names:?}");
    fs::set_permissions(project.path().join("out"), Permissions::from_mode(0o555)).unwrap();
    let answer = covgap(project.path(), &["report", "-o", "out"]);
    fs::set_permissions(project.path().join("out"), Permissions::from_mode(0o755)).unwrap();
    // The superuser may write everywhere.
    assert!([0, 2].contains(&answer.code), "{}", answer.err);
    assert!(fs::read(&page).unwrap() == before);
}
