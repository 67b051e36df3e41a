//! Which gap of one run is which gap of another: by id, and where a file has moved, by what it says.
//!
//! ```python
//! # tests/test_a.py → tests/api/test_a.py: `tests/test_a.py::test_read sends a request and asserts nothing` is the same gap
//! ```

use std::collections::{BTreeMap, BTreeSet};

use super::snapshot::Gap;

/// The path of a file before, by its path now.
pub type Renames = BTreeMap<String, String>;

/// The positions of gaps that are the same, before and now; every position at most once.
pub fn pairs(before: &[&Gap], now: &[&Gap], renames: &Renames) -> Vec<(usize, usize)> {
    let mut found = Found {
        pairs: Vec::new(),
        left: (0..before.len()).collect(),
        right: (0..now.len()).collect(),
    };
    found.join(
        |at| Some(before[at].id.clone()),
        |at| Some(now[at].id.clone()),
    );
    found.join(
        |at| Some(said(before[at], |path| path.to_string())),
        |at| Some(said(now[at], |path| renamed(path, renames))),
    );
    // No rename is known between a baseline and the disk: there the file's own name must do, where it tells one from all others.
    let before_names = Names::new(before, &found.left);
    let now_names = Names::new(now, &found.right);
    found.join(
        |at| before_names.sole(before[at]),
        |at| now_names.sole(now[at]),
    );
    found.pairs.sort_unstable();
    found.pairs
}

struct Found {
    pairs: Vec<(usize, usize)>,
    left: BTreeSet<usize>,
    right: BTreeSet<usize>,
}

impl Found {
    /// Pairs what is left and says the same; of several, in their order.
    fn join(
        &mut self,
        before: impl Fn(usize) -> Option<String>,
        now: impl Fn(usize) -> Option<String>,
    ) {
        let mut open: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for &at in self.left.iter().rev() {
            if let Some(key) = before(at) {
                open.entry(key).or_default().push(at);
            }
        }
        for at in self.right.clone() {
            let partner = now(at).and_then(|key| open.get_mut(&key)?.pop());
            if let Some(partner) = partner {
                self.pairs.push((partner, at));
                self.left.remove(&partner);
                self.right.remove(&at);
            }
        }
    }
}

/// Its kind, its title and its file, with the paths as `path` has them.
fn said(gap: &Gap, path: impl Fn(&str) -> String) -> String {
    let title = with_paths(&gap.title, &path);
    format!("{}\n{title}\n{}", gap.kind, path(gap.file()))
}

/// A title with each word that is a Python file, or a test in one, changed.
fn with_paths(title: &str, path: impl Fn(&str) -> String) -> String {
    let words = title.split(' ').map(|word| {
        let end = word.find("::").unwrap_or(word.len());
        let (file, rest) = word.split_at(end);
        if file.ends_with(".py") {
            format!("{}{rest}", path(file))
        } else {
            word.to_string()
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

fn renamed(path: &str, renames: &Renames) -> String {
    renames
        .get(path)
        .cloned()
        .unwrap_or_else(|| path.to_string())
}

/// What gaps say when only the last part of a path counts.
struct Names {
    counts: BTreeMap<String, usize>,
}

impl Names {
    fn new(gaps: &[&Gap], left: &BTreeSet<usize>) -> Names {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for &at in left {
            *counts.entry(bare(gaps[at])).or_default() += 1;
        }
        Names { counts }
    }

    fn sole(&self, gap: &Gap) -> Option<String> {
        let name = bare(gap);
        (self.counts.get(&name) == Some(&1)).then_some(name)
    }
}

fn bare(gap: &Gap) -> String {
    let last = |path: &str| path.rsplit('/').next().unwrap_or(path).to_string();
    format!("{}\n{}", gap.kind, with_paths(&gap.title, last))
}

#[cfg(test)]
mod tests {
    use super::{Renames, pairs};
    use crate::history::snapshot::{Gap, Place};

    fn gap(id: &str, title: &str, file: &str) -> Gap {
        Gap {
            id: id.into(),
            kind: "test-asserts-nothing".into(),
            title: title.into(),
            evidence: vec![Place {
                file: file.into(),
                line: 1,
            }],
            ..Gap::default()
        }
    }

    #[test]
    fn the_same_gap_is_found_again() {
        let case = |before: &[Gap], now: &[Gap], renames: &[(&str, &str)], expected: &[_]| {
            let renames: Renames = renames
                .iter()
                .map(|(now, before)| (now.to_string(), before.to_string()))
                .collect();
            let before: Vec<&Gap> = before.iter().collect();
            let now: Vec<&Gap> = now.iter().collect();
            assert_eq!(pairs(&before, &now, &renames), expected);
        };
        let a = gap("1", "t/a.py::test_x asserts nothing", "t/a.py");
        let moved = gap("2", "t/b.py::test_x asserts nothing", "t/b.py");
        let deeper = gap("3", "t/u/a.py::test_x asserts nothing", "t/u/a.py");
        let one = || std::slice::from_ref(&a);
        case(one(), one(), &[], &[(0, 0)]);
        case(one(), std::slice::from_ref(&moved), &[], &[]);
        case(
            one(),
            std::slice::from_ref(&moved),
            &[("t/b.py", "t/a.py")],
            &[(0, 0)],
        );
        // The file's own name is the same, and only one test is called so.
        case(one(), std::slice::from_ref(&deeper), &[], &[(0, 0)]);
        let other = gap("4", "t/v/a.py::test_x asserts nothing", "t/v/a.py");
        case(one(), &[deeper, other], &[], &[]);
    }
}
