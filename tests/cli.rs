//! What a user types, through the binary: `tests/cmd/*.md`. After a wanted change, `TRYCMD=overwrite cargo test --test cli`.

#[test]
fn cli() {
    trycmd::TestCases::new()
        .env("COVGAP_CACHE", "off")
        .case("tests/cmd/*.md");
}
