//! YAML documents as trees of text, with lines. Nothing is interpreted: `8000`, `yes` and `~` stay what is written.
//!
//! ```yaml
//! services:
//!   api:
//!     command: ["serve", "app.main:app"]     # Map → Map → List of Text, line 3
//! ```
//! A file that breaks off somewhere gives what stands before.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};
use saphyr_parser::{Event, Parser, ScanError};

use crate::config::Error;

/// Aliases are copied as long as a file stays below this many nodes: a few lines can stand for millions.
const MOST_NODES: usize = 200_000;
/// Files larger than this are data.
const LARGEST: usize = 2 * 1024 * 1024;
/// Nobody nests deeper.
const DEEPEST: usize = 200;

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// From 1; of a block of text, its first line.
    pub line: usize,
    pub value: Value,
}

/// What it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Text(String),
    List(Vec<Node>),
    /// In order of appearance; `<<` is a key like any other, see [`Node::get`].
    Map(Vec<(String, Node)>),
}

impl Node {
    /// The value of a key, its own or a merged one (`<<: *default`).
    pub fn get(&self, key: &str) -> Option<&Self> {
        let own = self.entries().iter().find(|(name, _)| name == key);
        if let Some((_, node)) = own {
            return Some(node);
        }
        self.merges().find_map(|node| node.get(key))
    }

    /// The keys and values of a map, its own and merged ones: of two the own one counts, then the first of `<<: [*first, *second]`.
    pub fn merged(&self) -> Vec<(&str, &Self)> {
        let mut found = Vec::new();
        let mut known: FxHashSet<&str> = FxHashSet::default();
        let mut waiting = vec![self];
        while let Some(node) = waiting.pop() {
            let own = node.entries().iter().filter(|(name, _)| name != "<<");
            for (key, value) in own {
                if known.insert(key) {
                    found.push((key.as_str(), value));
                }
            }
            let mut merges: Vec<&Self> = node.merges().collect();
            merges.reverse();
            waiting.extend(merges);
        }
        found
    }

    /// The maps that it takes over, in the order in which they count.
    fn merges(&self) -> impl Iterator<Item = &Self> {
        let merged = self.entries().iter().filter(|(name, _)| name == "<<");
        merged.flat_map(|(_, node)| match &node.value {
            Value::List(items) => items.as_slice(),
            Value::Text(_) | Value::Map(_) => std::slice::from_ref(node),
        })
    }

    /// The keys and values of a map; nothing for anything else.
    pub fn entries(&self) -> &[(String, Self)] {
        match &self.value {
            Value::Map(entries) => entries,
            Value::Text(_) | Value::List(_) => &[],
        }
    }

    /// The items of a list; nothing for anything else.
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            Value::Text(_) | Value::Map(_) => &[],
        }
    }

    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::List(_) | Value::Map(_) => None,
        }
    }
}

/// A list or map that is not closed yet.
struct Open {
    node: Node,
    anchor: usize,
    key: Option<String>,
}

/// Where a file stops being YAML, with the line, from 1.
pub fn mistake(text: &str) -> Option<(usize, String)> {
    if text.len() > LARGEST {
        return Some((1, "too large to be read".into()));
    }
    let error = error(&readable(text))?;
    Some((error.marker().line(), error.info().to_string()))
}

fn error(text: &str) -> Option<ScanError> {
    Parser::new_from_str(text).find_map(Result::err)
}

/// The text, with brackets that are closed on the level of their key moved in: YAML forbids it (1.2, §7.4), but what reads these
/// files (libyaml, go-yaml) takes it, and people write it.
fn readable(text: &str) -> Cow<'_, str> {
    let closes = |line: &str| {
        let line = line.trim();
        line.starts_with([']', '}']) && line.trim_end_matches(',').len() == 1
    };
    if !text.lines().any(closes) || error(text).is_none() {
        return Cow::Borrowed(text);
    }
    let lines = text.split_inclusive('\n');
    let moved: String = lines
        .flat_map(|line| [if closes(line) { " " } else { "" }, line])
        .collect();
    if error(&moved).is_some() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(moved)
}

/// What is said of a file that is not YAML to its end.
pub fn warning(path: &str, text: &str) -> Option<Error> {
    let (line, says) = mistake(text)?;
    Some(Error::at(path, format!("not valid YAML: {says}")).on_line(line))
}

/// The documents of a file.
pub fn read(text: &str) -> Vec<Node> {
    let mut documents = Vec::new();
    if text.len() > LARGEST {
        return documents;
    }
    let mut stack: Vec<Open> = Vec::new();
    let mut anchors: FxHashMap<usize, (Node, usize)> = FxHashMap::default();
    let mut nodes = 0;
    for event in Parser::new_from_str(&readable(text)) {
        let Ok((event, span)) = event else { break };
        let line = span.start.line();
        nodes += 1;
        let (node, anchor) = match event {
            Event::Scalar(text, _, anchor, _) => {
                let value = Value::Text(text.into_owned());
                (Node { line, value }, anchor)
            }
            Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => {
                let value = match event {
                    Event::SequenceStart(..) => Value::List(Vec::new()),
                    _ => Value::Map(Vec::new()),
                };
                if stack.len() >= DEEPEST {
                    break;
                }
                stack.push(Open {
                    node: Node { line, value },
                    anchor,
                    key: None,
                });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match stack.pop() {
                Some(open) => (open.node, open.anchor),
                None => continue,
            },
            Event::Alias(anchor) => match anchors.get(&anchor) {
                Some((node, size)) if nodes + size < MOST_NODES => {
                    nodes += size;
                    (node.clone(), 0)
                }
                _ => (
                    Node {
                        line,
                        value: Value::Text(String::new()),
                    },
                    0,
                ),
            },
            _ => continue,
        };
        if anchor != 0 {
            let size = size(&node);
            nodes += size;
            anchors.insert(anchor, (node.clone(), size));
        }
        place(node, &mut stack, &mut documents);
    }
    while let Some(open) = stack.pop() {
        place(open.node, &mut stack, &mut documents);
    }
    documents
}

/// Puts a finished node where it belongs.
fn place(node: Node, stack: &mut [Open], documents: &mut Vec<Node>) {
    let Some(open) = stack.last_mut() else {
        documents.push(node);
        return;
    };
    match &mut open.node.value {
        Value::List(items) => items.push(node),
        Value::Map(entries) => match open.key.take() {
            Some(key) => entries.push((key, node)),
            None => open.key = Some(node.text().unwrap_or_default().to_string()),
        },
        Value::Text(_) => {}
    }
}

fn size(node: &Node) -> usize {
    let mut open = vec![node];
    let mut count = 0;
    while let Some(node) = open.pop() {
        count += 1;
        open.extend(node.items());
        open.extend(node.entries().iter().map(|(_, node)| node));
    }
    count
}

#[cfg(test)]
mod tests {
    use super::{Node, read};

    fn said(node: &Node) -> String {
        if let Some(text) = node.text() {
            return format!("{text}@{}", node.line);
        }
        let items: Vec<String> = node.items().iter().map(said).collect();
        let entries: Vec<String> = node
            .entries()
            .iter()
            .map(|(key, node)| format!("{key}: {}", said(node)))
            .collect();
        format!("[{}]", [items, entries].concat().join(", "))
    }

    #[test]
    fn keeps_what_is_written() {
        let cases = [
            ("a: 8000\nb: yes\nc: ~\n", "[a: 8000@1, b: yes@2, c: ~@3]"),
            ("a:\n  - x\n  - \"y z\"\n", "[a: [x@2, y z@3]]"),
            (
                "a: >\n  x\n  y\nb: |\n  p\n  q\n",
                "[a: x y\n@2, b: p\nq\n@5]",
            ),
            ("a: {b: c}\nd: [", "[a: [b: c@1], d: []]"),
            ("a: &x [1]\nb: *x\n", "[a: [1@1], b: [1@1]]"),
            (
                "a: [\n  b,\n]\nc: {\n  d: e\n}\n",
                "[a: [b@2], c: [d: e@5]]",
            ),
            ("a:\n  b: [\n    c\n  ]\nd: [\n", "[a: [b: [c@3]], d: []]"),
            ("", ""),
        ];
        for (text, expected) in cases {
            let documents: Vec<String> = read(text).iter().map(said).collect();
            assert_eq!(documents.join("---"), expected, "{text}");
        }
    }

    #[test]
    fn merges_maps() {
        let documents = read("base: &base\n  x: 1\n  y: 2\nuse:\n  <<: *base\n  y: 3\n");
        let used = documents[0].get("use").unwrap();
        assert_eq!(used.get("x").and_then(Node::text), Some("1"));
        assert_eq!(used.get("y").and_then(Node::text), Some("3"));
        assert_eq!(used.get("z"), None);
        let documents = read(
            "a: &a {x: a}\nb: &b {x: b, y: b}\nc: &c\n  <<: *b\n  z: c\nuse:\n  <<: [*a, *c]\n  w: own\n",
        );
        let used = documents[0].get("use").unwrap();
        let all: Vec<String> = used
            .merged()
            .iter()
            .map(|(key, node)| format!("{key}={}", node.text().unwrap_or_default()))
            .collect();
        assert_eq!(all, ["w=own", "x=a", "z=c", "y=b"]);
        for (key, node) in used.merged() {
            assert_eq!(used.get(key), Some(node));
        }
    }

    #[test]
    fn does_not_explode() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..12 {
            let items = vec![format!("*a{}", level - 1); 10].join(", ");
            text.push_str(&format!("a{level}: &a{level} [{items}]\n"));
        }
        assert_eq!(read(&text).len(), 1);
        assert!(read(&"[".repeat(100_000)).len() <= 1);
        assert!(read(&"- ".repeat(100_000)).len() <= 1);
    }
}
