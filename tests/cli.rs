//! What a user types, through the binary: `tests/cmd/*.md`. After a wanted change, `TRYCMD=overwrite cargo test --test cli`.

#[test]
fn cli() {
    trycmd::TestCases::new()
        .env("COVGAP_CACHE", "off")
        .case("tests/cmd/*.md");
}

/// bash itself completes with the script that covgap prints.
#[test]
#[cfg(unix)]
fn bash_completes() {
    let completed = |words: &str, position: usize, current: &str| {
        let script = format!(
            "source <({covgap} completions bash); COMP_WORDS=({words}); COMP_CWORD={position}; _covgap covgap {current}; echo \"${{COMPREPLY[*]}}\"",
            covgap = env!("CARGO_BIN_EXE_covgap"),
        );
        let output = std::process::Command::new("bash")
            .args(["--norc", "-c", &script])
            .output()
            .expect("bash runs");
        String::from_utf8_lossy(&output.stdout).trim().to_string()
    };
    assert_eq!(completed("covgap base", 1, "base"), "baseline");
    assert_eq!(completed("covgap report --for", 2, "--for"), "--format");
}
