//! Arithmetic on relative paths: text with `/`, the project's root being the empty text.
//!
//! ```text
//! join("tests", "../app")  → "app"
//! ancestors("a/b/c.py")    → "a/b", "a", ""
//! ```

/// `path` seen from `dir`, without `.` and `..`. What climbs above the root, or is absolute, has no place: `None`.
pub fn join(dir: &str, path: &str) -> Option<String> {
    if path.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = dir.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// `name` in `dir`, both already plain.
pub fn child(dir: &str, name: &str) -> String {
    if dir.is_empty() {
        return name.to_string();
    }
    let mut path = String::with_capacity(dir.len() + 1 + name.len());
    path.push_str(dir);
    path.push('/');
    path.push_str(name);
    path
}

/// The folder of a path; the root has none.
pub fn parent(path: &str) -> Option<&str> {
    match path.rfind('/') {
        Some(slash) => path.get(..slash),
        None if path.is_empty() => None,
        None => Some(""),
    }
}

/// The folder of a file: the root for a file without a `/`.
pub fn folder(file: &str) -> &str {
    parent(file).unwrap_or("")
}

/// The last part of a path.
pub fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The file whose fixtures and hooks are those of the tests of its folder.
///
/// Source: <https://docs.pytest.org/en/stable/reference/fixtures.html#conftest-py-sharing-fixtures-across-multiple-files>
pub const CONFTEST: &str = "conftest.py";

pub fn is_conftest(path: &str) -> bool {
    name(path) == CONFTEST
}

/// Does a folder hold tests, by its name?
pub fn is_test_folder(name: &str) -> bool {
    let name = name.to_lowercase();
    matches!(&*name, "test" | "tests" | "testing")
        || name.starts_with("tests_")
        || name.starts_with("test_")
        || name.ends_with("_tests")
        || name.ends_with("-tests")
}

/// Is it a file of tests, by its name or a folder's? Whether pytest collects it, its configuration says.
pub fn is_of_tests(path: &str) -> bool {
    let file = name(path);
    file == CONFTEST
        || file.ends_with("_test.py")
        || file.starts_with("test_") && file.ends_with(".py")
        || ancestors(path).any(|folder| is_test_folder(name(folder)))
}

/// The folders around a path, from the nearest to the root.
pub fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(parent(path), |dir| parent(dir))
}

/// Whether `path` is `dir` or below it.
pub fn is_within(path: &str, dir: &str) -> bool {
    dir.is_empty()
        || path
            .strip_prefix(dir)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What is left of `path` below `dir`.
pub fn below<'path>(path: &'path str, dir: &str) -> Option<&'path str> {
    if dir.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix(dir)?;
    if rest.is_empty() {
        return Some(rest);
    }
    rest.strip_prefix('/')
}

/// How many folders two paths share, from the root.
pub fn shared_depth(left: &str, right: &str) -> usize {
    let pairs = left.split('/').zip(right.split('/'));
    pairs
        .take_while(|(one, other)| !one.is_empty() && one == other)
        .count()
}

/// How deep a folder is; the root is 0.
pub fn depth(dir: &str) -> usize {
    if dir.is_empty() {
        0
    } else {
        dir.split('/').count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins() {
        let cases = [
            ("", "a/b.py", Some("a/b.py")),
            ("tests", "../app", Some("app")),
            ("tests", ".", Some("tests")),
            ("a/b", "./c//d", Some("a/b/c/d")),
            ("a", "../..", None),
            ("a", "/etc", None),
        ];
        for (dir, path, expected) in cases {
            assert_eq!(join(dir, path).as_deref(), expected, "{dir} {path}");
        }
    }

    #[test]
    fn climbs() {
        let around: Vec<_> = ancestors("a/b/c.py").collect();
        assert_eq!(around, ["a/b", "a", ""]);
        assert_eq!(ancestors("c.py").collect::<Vec<_>>(), [""]);
        assert_eq!(ancestors("").count(), 0);
    }

    #[test]
    fn contains() {
        let cases = [
            ("a/b", "a", true),
            ("a", "a", true),
            ("ab", "a", false),
            ("x", "", true),
        ];
        for (path, dir, expected) in cases {
            assert_eq!(is_within(path, dir), expected, "{path} {dir}");
        }
        assert_eq!(below("a/b/c", "a"), Some("b/c"));
        assert_eq!(below("ab/c", "a"), None);
        assert_eq!(shared_depth("a/b/c", "a/b/d"), 2);
        assert_eq!(shared_depth("", ""), 0);
    }
}
