//! Modules that are no Python text: what a compiler makes them of lies where they would lie.
//!
//! ```text
//! shop/prices.pyx         `shop.prices`, once it is built
//! shop/_fast.pyi          the stub of `shop._fast`, which another language makes
//! setup.py                Extension("shop._disk", ["src/disk.c"])
//! protos/order.proto      `order_pb2`, which a compiler translates it to
//! Dockerfile              RUN generator -o shop/events
//! ```

use super::paths;

/// Endings of what a module is compiled of, of a compiled one, and of the stub that stands for one.
const ENDINGS: &[&str] = &["pyx", "pyi", "so", "pyd", "c", "cc", "cpp", "cxx"];

/// Is there something at a place without ending of which a module is made? `files` are sorted.
pub fn has_source_of_module(files: &[String], place: &str) -> bool {
    let start = files.partition_point(|file| file.as_str() < place);
    let beginning_alike = files[start..]
        .iter()
        .map_while(|file| file.strip_prefix(place));
    beginning_alike
        .filter_map(|rest| rest.strip_prefix('.'))
        .filter_map(|rest| rest.rsplit('.').next())
        .any(|ending| ENDINGS.contains(&ending))
}

/// Is there a source, anywhere, that a module of this last name is translated from? `translated` has the endings of such names, each
/// with that of its source behind a dot.
pub fn has_source_to_translate(files: &[String], name: &str, translated: &[String]) -> bool {
    let mut endings = translated.iter().filter_map(|pair| pair.split_once('.'));
    endings.any(|(added, ending)| {
        let source = name
            .strip_suffix(added)
            .map(|stem| format!("{stem}.{ending}"));
        source.is_some_and(|source| files.iter().any(|file| paths::name(file) == source))
    })
}

/// Files whose commands write modules.
const SCRIPTS: &[&str] = &[
    "Dockerfile",
    "Containerfile",
    "Makefile",
    "makefile",
    "justfile",
];

/// Is it a file whose commands may write modules: a Dockerfile, a Makefile?
pub fn is_script_of_builds(name: &str) -> bool {
    let first = name.split('.').next().unwrap_or(name);
    SCRIPTS.contains(&first)
}

/// Do commands name a folder, as they do where they write to it? `place` lies below the folder that they run in.
pub fn names_place(text: &str, place: &str) -> bool {
    let is_between = |sign: char| sign.is_whitespace() || "\"'=:;,()".contains(sign);
    text.split(is_between).any(|word| {
        let word = word.strip_prefix("./").unwrap_or(word);
        word.trim_end_matches('/') == place
    })
}

/// Does what builds a package, by its text, compile a module whose last name is `name`? A `setup.py` passes extensions, a
/// `pyproject.toml` has a table of them or a backend that makes one of Rust.
///
/// Sources: <https://setuptools.pypa.io/en/latest/userguide/ext_modules.html>, <https://www.maturin.rs/config>
pub fn says_it_compiles(text: &str, name: &str) -> bool {
    const MARKS: &[&str] = &[
        "Extension(",
        "ext_modules",
        "ext-modules",
        "rust_extensions",
        "[tool.maturin]",
    ];
    let mut words = text.split(|sign: char| !sign.is_alphanumeric() && sign != '_');
    MARKS.iter().any(|mark| text.contains(mark)) && words.any(|word| word == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compiled_is_named() {
        let setup = "setup(ext_modules=[Extension(name=f\"{NAME}._disk\", sources=[])])";
        assert!(says_it_compiles(setup, "_disk"));
        assert!(!says_it_compiles(setup, "disk"));
        assert!(!says_it_compiles("setup(name='_disk')", "_disk"));
        assert!(says_it_compiles(
            "[tool.maturin]\nmodule-name = \"shop._disk\"\n",
            "_disk"
        ));
    }

    #[test]
    fn what_is_translated_has_a_source_somewhere() {
        let files = ["sources/order.source", "sources/read.me"].map(String::from);
        let translated = ["_made.source", "_made_more.source"].map(String::from);
        let has_source = |name| has_source_to_translate(&files, name, &translated);
        assert!(has_source("order_made"));
        assert!(has_source("order_made_more"));
        assert!(!has_source("order"));
        assert!(!has_source("part_made"));
    }

    #[test]
    fn what_is_written_is_named() {
        let commands = "RUN generator events.yaml -o ./shop/events/\n";
        assert!(names_place(commands, "shop/events"));
        assert!(!names_place(commands, "shop"));
        assert!(!names_place("COPY shop/events.py .", "shop/events"));
    }

    #[test]
    fn what_lies_at_the_place_decides() {
        let files = [
            "shop/a-b.pyx",
            "shop/a.cpython-312-x86_64-linux-gnu.so",
            "shop/a.txt",
            "shop/ab.pyx",
            "shop/b.pyx",
            "shop/c/d.pyx",
        ]
        .map(String::from);
        for (place, expected) in [
            ("shop/a", true),
            ("shop/b", true),
            ("shop/c", false),
            ("shop/c/d", true),
            ("shop", false),
            ("shop/d", false),
        ] {
            assert_eq!(has_source_of_module(&files, place), expected, "{place}");
        }
    }
}
