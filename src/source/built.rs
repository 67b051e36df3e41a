//! Modules that are no Python text: what a compiler makes them of lies where they would lie.
//!
//! ```text
//! shop/prices.pyx         `shop.prices`, once it is built
//! shop/_fast.pyi          the stub of `shop._fast`, which another language makes
//! ```

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

#[cfg(test)]
mod tests {
    use super::*;

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
