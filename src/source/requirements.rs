//! One requirement, as `pip`, Poetry and conda write them → name and what it says about the version.
//!
//! ```text
//! Shop_Lib[all]==1.2.3 ; python_version > "3.9"     shop-lib, pinned to 1.2.3
//! shop-lib >=1.2,<2                                 at least 1.2
//! shop-lib = "^1.2"                                 Poetry: at least 1.2
//! ```
//! Sources: PEP 508, PEP 440, PEP 503 (normalized names).

/// How much a statement about a version is worth; the later, the more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// The library is asked for, in any version.
    Named,
    /// A lower bound of what is asked for.
    AtLeast,
    /// Pinned in a list of requirements.
    Pinned,
    /// Installed in a virtual environment inside the tree.
    Installed,
    /// In a lock file.
    Locked,
}

/// A requirement's normalized name, its version text (empty for [`Strength::Named`]), and its strength.
pub fn parse(requirement: &str) -> Option<(String, String, Strength)> {
    let requirement = requirement.split(" #").next()?.trim();
    let is_name = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.');
    let end = requirement
        .find(|char| !is_name(char))
        .unwrap_or(requirement.len());
    let name = requirement.get(..end)?;
    if !name.starts_with(|char: char| char.is_ascii_alphanumeric()) {
        return None;
    }
    let mut rest = requirement.get(end..)?.trim_start();
    if let Some(extras) = rest.strip_prefix('[') {
        rest = extras.split_once(']')?.1.trim_start();
    }
    if rest.starts_with(['/', ':', '\\']) {
        return None;
    }
    let rest = rest.split(';').next()?.trim_matches(['(', ')', ' ']);
    let (version, strength) = specifier(rest);
    Some((normalized(name), version, strength))
}

/// What `>=1.2,<2`, `==1.2`, `^1.2`, `~1.2`, `1.2` or `*` say.
pub fn specifier(text: &str) -> (String, Strength) {
    let mut found = (String::new(), Strength::Named);
    for part in text.split(',') {
        let part = part.trim();
        let end = part
            .find(|char: char| !matches!(char, '=' | '<' | '>' | '!' | '~' | '^'))
            .unwrap_or(part.len());
        let operator = part.get(..end).unwrap_or_default();
        let version = part.get(end..).unwrap_or_default().trim();
        let version = version.split_whitespace().next().unwrap_or_default();
        if !version.starts_with(|char: char| char.is_ascii_digit() || char == 'v') {
            continue;
        }
        let is_open = version.ends_with('*');
        let version = version.trim_end_matches(['*', '.']);
        let strength = match operator {
            "==" | "===" | "=" | "" if !is_open => Strength::Pinned,
            "==" | "=" | "" | ">=" | ">" | "~=" | "~" | "^" => Strength::AtLeast,
            _ => continue,
        };
        if strength > found.1 {
            found = (version.to_string(), strength);
        }
    }
    found
}

/// PEP 503: lower case, and every run of `-`, `_` and `.` is one `-`.
pub fn normalized(name: &str) -> String {
    let mut normalized = String::with_capacity(name.len());
    for char in name.chars() {
        if matches!(char, '-' | '_' | '.') {
            if !normalized.ends_with('-') {
                normalized.push('-');
            }
        } else {
            normalized.push(char.to_ascii_lowercase());
        }
    }
    normalized
}

/// Whether one version is later than another, number by number; text between numbers does not count.
pub fn is_later(version: &str, other: &str) -> bool {
    let numbers = |version: &str| -> Vec<u64> {
        version
            .split(|char: char| !char.is_ascii_digit())
            .filter_map(|number| number.parse().ok())
            .collect()
    };
    numbers(version) > numbers(other)
}

#[cfg(test)]
mod tests {
    use super::{Strength, is_later, normalized, parse};

    #[test]
    fn requirements() {
        let cases = [
            (
                "shop-lib==1.2.3",
                Some(("shop-lib", "1.2.3", Strength::Pinned)),
            ),
            (
                "Shop_Lib[all,x] == 1.2 ; python_version > \"3\"",
                Some(("shop-lib", "1.2", Strength::Pinned)),
            ),
            (
                "shop >=1.2,<2  # why",
                Some(("shop", "1.2", Strength::AtLeast)),
            ),
            ("shop<2,>=1.2", Some(("shop", "1.2", Strength::AtLeast))),
            ("shop~=1.2", Some(("shop", "1.2", Strength::AtLeast))),
            ("shop==1.2.*", Some(("shop", "1.2", Strength::AtLeast))),
            ("shop<2", Some(("shop", "", Strength::Named))),
            ("shop (>=1.0)", Some(("shop", "1.0", Strength::AtLeast))),
            ("shop", Some(("shop", "", Strength::Named))),
            (
                "shop @ git+https://x/y",
                Some(("shop", "", Strength::Named)),
            ),
            (
                "shop==1.2 --hash=sha256:abc",
                Some(("shop", "1.2", Strength::Pinned)),
            ),
            ("-r other.txt", None),
            ("./local", None),
            ("https://x/y.whl", None),
            ("# comment", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let expected = expected
                .map(|(name, version, strength)| (name.to_string(), version.to_string(), strength));
            assert_eq!(parse(text), expected, "{text}");
        }
    }

    #[test]
    fn names_and_versions() {
        assert_eq!(normalized("Zope.Interface__x"), "zope-interface-x");
        let cases = [
            ("1.10", "1.9", true),
            ("1.9", "1.10", false),
            ("2.0", "2.0", false),
            ("0.137.0", "0.115", true),
        ];
        for (version, other, expected) in cases {
            assert_eq!(is_later(version, other), expected, "{version} {other}");
        }
    }
}
