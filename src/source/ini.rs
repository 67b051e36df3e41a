//! INI files as pytest reads them (the `iniconfig` package): sections, `key = value` or `key: value`, indented lines go on.
//!
//! ```ini
//! [pytest]
//! testpaths =
//!     tests
//!     e2e        # → testpaths is "tests\ne2e"
//! ```

/// One section: its name, and its keys in order of appearance, each with its line (from 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub name: String,
    pub entries: Vec<Entry>,
}

/// One key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub key: String,
    pub value: String,
    pub line: usize,
}

impl Section {
    /// The value of a key, when it is there.
    pub fn get(&self, key: &str) -> Option<&str> {
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        Some(&entry.value)
    }
}

/// The sections of a file. Lines that are neither a section, a key nor the rest of one are skipped.
pub fn sections(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for (index, raw) in text.lines().enumerate() {
        let line = raw.trim_end();
        if line.is_empty() || line.trim_start().starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = section_name(line) {
            sections.push(Section {
                name,
                entries: Vec::new(),
            });
            continue;
        }
        let Some(section) = sections.last_mut() else {
            continue;
        };
        if line.starts_with(char::is_whitespace) {
            if let Some(entry) = section.entries.last_mut() {
                if !entry.value.is_empty() {
                    entry.value.push('\n');
                }
                entry.value.push_str(line.trim());
            }
            continue;
        }
        if let Some((key, value)) = key_and_value(line) {
            section.entries.push(Entry {
                key: key.trim().to_string(),
                value: value.trim().to_string(),
                line: index + 1,
            });
        }
    }
    sections
}

/// The first line over which pytest stumbles, from 1, and why.
pub fn mistake(text: &str) -> Option<(usize, &'static str)> {
    let mut is_in_section = false;
    for (index, raw) in text.lines().enumerate() {
        let line = raw.trim_end();
        if line.is_empty() || line.trim_start().starts_with(['#', ';']) {
            continue;
        }
        let says = if section_name(line).is_some() {
            is_in_section = true;
            continue;
        } else if line.starts_with('[') {
            "a section without its `]`"
        } else if !is_in_section {
            "a line before the first section"
        } else if line.starts_with(char::is_whitespace) || key_and_value(line).is_some() {
            continue;
        } else {
            "neither a section nor `key = value`"
        };
        return Some((index + 1, says));
    }
    None
}

/// The section of that name.
pub fn section(text: &str, name: &str) -> Option<Section> {
    sections(text)
        .into_iter()
        .find(|section| section.name == name)
}

fn section_name(line: &str) -> Option<String> {
    let rest = line.strip_prefix('[')?;
    let rest = rest.split(['#', ';']).next()?.trim_end();
    rest.strip_suffix(']').map(str::to_string)
}

/// An `=` wins over a `:`, unless the `:` stands before it.
fn key_and_value(line: &str) -> Option<(&str, &str)> {
    match line.split_once('=') {
        Some((key, value)) if !key.contains(':') => Some((key, value)),
        _ => line.split_once(':'),
    }
}

#[cfg(test)]
mod tests {
    use super::{mistake, section};

    #[test]
    fn says_over_what_pytest_stumbles() {
        let case = |text: &str, expected: Option<usize>| {
            assert_eq!(mistake(text).map(|(line, _)| line), expected, "{text}");
        };
        case("# top\n[pytest]\naddopts = -v\n  -x\n", None);
        case("[pytest\naddopts = -v\n", Some(1));
        case("addopts = -v\n", Some(1));
        case("[pytest]\n\naddopts\n", Some(3));
    }

    #[test]
    fn reads_what_iniconfig_reads() {
        let text = "# top\n[pytest]  # ours\naddopts = -v\n    --tb=short\n\n    # no\n    -x\npythonpath=\n  .\n  src\nenv: A=1\n[other]\naddopts = no\n";
        let section = section(text, "pytest").unwrap();
        let cases = [
            ("addopts", "-v\n--tb=short\n-x"),
            ("pythonpath", ".\nsrc"),
            ("env", "A=1"),
        ];
        for (key, expected) in cases {
            assert_eq!(section.get(key), Some(expected), "{key}");
        }
        assert_eq!(section.get("nothing"), None);
        assert_eq!(section.entries[2].line, 11);
    }
}
