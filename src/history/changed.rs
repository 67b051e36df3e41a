//! Which routes a change touches: those that it adds, and those whose handler says something else now.
//!
//! ```python
//! @app.get("/items")
//! def list_items(limit: int = 10):      # another default: the route has changed
//!     return store.all()[:limit]
//! ```

use std::collections::BTreeMap;

use super::snapshot::{Route, Snapshot};

/// The routes of `head` that `base` does not have, or whose handlers' texts differ. Each function gives the text of a route's file.
pub fn routes<'head>(
    base: &Snapshot,
    head: &'head Snapshot,
    base_text: &dyn Fn(&str) -> Option<String>,
    head_text: &dyn Fn(&str) -> Option<String>,
) -> Vec<&'head Route> {
    let mut before: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for route in base.counted() {
        let text = text_of(route, base_text);
        before.entry(route.key()).or_default().push(text);
    }
    head.counted()
        .filter(|route| !route.external)
        .filter(|route| match before.get(&route.key()) {
            Some(texts) => !texts.contains(&text_of(route, head_text)),
            None => true,
        })
        .collect()
}

fn text_of(route: &Route, text: &dyn Fn(&str) -> Option<String>) -> String {
    let file = route.handler.file.as_deref();
    let text = file.and_then(text).unwrap_or_default();
    plain(&block(&text, route.handler.line as usize))
}

/// The definition that begins on a line (from 1), with its decorators, to where the code goes on to the left of its body.
fn block(text: &str, line: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let Some(start) = line.checked_sub(1).filter(|start| *start < lines.len()) else {
        return String::new();
    };
    let indent = |line: &str| line.len() - line.trim_start().len();
    let own = indent(lines[start]);
    let mut first = start;
    // A decorator may be several lines long; an empty line ends them all.
    while first > 0 && !lines[first - 1].trim().is_empty() && indent(lines[first - 1]) >= own {
        let above = lines[first - 1].trim_start();
        if !above.starts_with(['@', ')', '"', '\'']) && indent(lines[first - 1]) == own {
            break;
        }
        first -= 1;
    }
    let mut last = start + 1;
    while last < lines.len() {
        let line = lines[last];
        let closes = line.trim_start().starts_with([')', ']', '}']);
        if !line.trim().is_empty() && indent(line) <= own && !closes {
            break;
        }
        last += 1;
    }
    lines[first..last].join("\n")
}

/// Without what a formatter changes: spaces, line ends, commas before a closing bracket, the kind of quotes.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars().filter(|character| !character.is_whitespace()) {
        if matches!(character, ')' | ']' | '}') && plain.ends_with(',') {
            plain.pop();
        }
        plain.push(if character == '\'' { '"' } else { character });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{block, plain};

    const TEXT: &str = "import x\n\n@app.get('/a')\ndef a():\n    return 1\n\n\nclass C:\n    @get(\n        '/b',\n    )\n    def b(\n        self,\n    ):\n        return 2\n\n    def c(self):\n        pass\n";

    #[test]
    fn blocks() {
        assert_eq!(
            block(TEXT, 4).trim(),
            "@app.get('/a')\ndef a():\n    return 1"
        );
        let inner = block(TEXT, 12);
        assert!(inner.trim_start().starts_with("@get("), "{inner}");
        assert!(
            inner.contains("return 2") && !inner.contains("def c"),
            "{inner}"
        );
        assert_eq!(block(TEXT, 99), "");
        assert_eq!(block("", 1), "");
    }

    #[test]
    fn a_formatter_changes_nothing() {
        let before = "def a( x, y ):\n  return f('x')\n";
        let after = "def a(\n    x,\n    y,\n):\n    return f(\"x\")\n";
        assert_eq!(plain(before), plain(after));
        assert_ne!(plain("return 1"), plain("return 2"));
    }
}
