//! Which files of one origin are which of another, though called otherwise: as git finds renames, by what is in them.
//!
//! ```text
//! app/items.py → app/api/items.py        a rename: nothing in it has changed
//! tests/test_a.py → tests/test_b.py      a rename, if at least half of it is the same
//! ```
//! Source: git's `diffcore-rename.c` and `diffcore-delta.c` (lines, or pieces of 64 bytes, are counted whatever their order).

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::origin::Origin;

/// git gives up at so many pairs, and so do we: moves of whole folders are found by equal content before that.
const MOST_PAIRS: usize = 400 * 400;
/// Least part of the larger file that must be the same.
const SIMILAR: f64 = 0.5;
/// Longest piece that counts as one.
const PIECE: usize = 64;
const LARGEST: u64 = 3 * 1024 * 1024;

/// The path in `old` of each file of `new` that was called otherwise there. Only those of the given paths are looked at.
pub fn renames(
    old: &Origin,
    old_paths: &[String],
    new: &Origin,
    new_paths: &[String],
) -> BTreeMap<String, String> {
    let gone = only_in(old, old_paths, new_paths);
    let come = only_in(new, new_paths, old_paths);
    pair(gone, come)
}

struct File {
    path: String,
    bytes: Vec<u8>,
}

fn only_in(origin: &Origin, paths: &[String], others: &[String]) -> Vec<File> {
    let known: rustc_hash::FxHashSet<&str> = others.iter().map(String::as_str).collect();
    let mut found: Vec<File> = paths
        .iter()
        .filter(|path| !known.contains(path.as_str()))
        .filter_map(|path| {
            let bytes = origin.bytes(path, LARGEST).ok()?;
            // An empty file is like every other.
            (!bytes.is_empty()).then(|| File {
                path: path.clone(),
                bytes,
            })
        })
        .collect();
    found.sort_by(|one, two| one.path.cmp(&two.path));
    found
}

fn pair(gone: Vec<File>, come: Vec<File>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut is_taken = vec![false; gone.len()];
    let mut by_content: FxHashMap<&[u8], Vec<usize>> = FxHashMap::default();
    for (at, file) in gone.iter().enumerate() {
        by_content.entry(&file.bytes).or_default().push(at);
    }
    let mut changed = Vec::new();
    for file in &come {
        let same = by_content.get(file.bytes.as_slice()).into_iter().flatten();
        let free = same.copied().filter(|at| !is_taken[*at]);
        // Of several equal files, the one that is called alike.
        match free.max_by_key(|at| {
            (
                name(&gone[*at].path) == name(&file.path),
                std::cmp::Reverse(*at),
            )
        }) {
            Some(at) => {
                is_taken[at] = true;
                found.insert(file.path.clone(), gone[at].path.clone());
            }
            None => changed.push(file),
        }
    }
    let left: Vec<usize> = (0..gone.len()).filter(|at| !is_taken[*at]).collect();
    if left.len().saturating_mul(changed.len()) > MOST_PAIRS {
        return found;
    }
    let pieces_of_gone: Vec<Pieces> = left.iter().map(|at| pieces(&gone[*at].bytes)).collect();
    let pieces_of_come: Vec<Pieces> = changed.iter().map(|file| pieces(&file.bytes)).collect();
    let mut scored = Vec::new();
    for (to, file) in changed.iter().enumerate() {
        for (from, at) in left.iter().enumerate() {
            let score = similarity(
                (&gone[*at].bytes, &pieces_of_gone[from]),
                (&file.bytes, &pieces_of_come[to]),
            );
            if score >= SIMILAR {
                let is_alike = name(&gone[*at].path) == name(&file.path);
                scored.push((score, is_alike, from, to));
            }
        }
    }
    scored.sort_by(|one, two| {
        two.0
            .total_cmp(&one.0)
            .then(two.1.cmp(&one.1))
            .then((one.2, one.3).cmp(&(two.2, two.3)))
    });
    for (_, _, from, to) in scored {
        let at = left[from];
        if !is_taken[at] && !found.contains_key(&changed[to].path) {
            is_taken[at] = true;
            found.insert(changed[to].path.clone(), gone[at].path.clone());
        }
    }
    found
}

fn name(path: &str) -> &str {
    super::paths::name(path)
}

/// How many bytes stand in pieces of each content.
type Pieces<'bytes> = FxHashMap<&'bytes [u8], usize>;

fn pieces(bytes: &[u8]) -> Pieces<'_> {
    let mut found = Pieces::default();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        for piece in line.chunks(PIECE) {
            *found.entry(piece).or_default() += piece.len();
        }
    }
    found
}

/// The part of the larger of two files that is in both.
fn similarity(one: (&[u8], &Pieces), two: (&[u8], &Pieces)) -> f64 {
    let (smaller, larger) = (one.0.len().min(two.0.len()), one.0.len().max(two.0.len()));
    if (smaller as f64) < larger as f64 * SIMILAR {
        return 0.0;
    }
    let copied: usize = one
        .1
        .iter()
        .map(|(piece, count)| two.1.get(piece).map_or(0, |other| *count.min(other)))
        .sum();
    copied as f64 / larger as f64
}

#[cfg(test)]
mod tests {
    use super::{File, pair};

    #[test]
    fn files_are_found_again() {
        let text = |tail: &str| format!("one\ntwo\nthree\nfour\n{tail}");
        let file = |path: &str, text: String| File {
            path: path.to_string(),
            bytes: text.into_bytes(),
        };
        let case = |gone: Vec<File>, come: Vec<File>, expected: &[(&str, &str)]| {
            let found = pair(gone, come);
            let found: Vec<(&str, &str)> = found
                .iter()
                .map(|(new, old)| (new.as_str(), old.as_str()))
                .collect();
            assert_eq!(found, expected);
        };
        case(
            vec![file("a.py", text(""))],
            vec![file("b/a.py", text(""))],
            &[("b/a.py", "a.py")],
        );
        case(
            vec![file("a.py", text(""))],
            vec![file("c.py", text("five\n"))],
            &[("c.py", "a.py")],
        );
        case(
            vec![file("a.py", text(""))],
            vec![file("c.py", "another\n".repeat(3))],
            &[],
        );
        // Two that are equal: each finds the one that is called alike.
        case(
            vec![file("x/a.py", text("")), file("x/b.py", text(""))],
            vec![file("y/b.py", text("")), file("y/a.py", text(""))],
            &[("y/a.py", "x/a.py"), ("y/b.py", "x/b.py")],
        );
        case(
            vec![file("x/a.py", text("")), file("x/b.py", text("6\n"))],
            vec![file("y/c.py", text("6\n7\n"))],
            &[("y/c.py", "x/b.py")],
        );
    }
}
