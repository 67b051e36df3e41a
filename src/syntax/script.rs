//! Parsing one TypeScript or JavaScript file, with or without JSX.
//!
//! The call in `fetch("/items")` is a [`ScriptNode`] of the kind call; its field *function* is the identifier `fetch`. The script
//! belongs to an app that is served with `@app.get("/items")`.

use std::cell::RefCell;

use super::script_kinds::{Grammar, JSX, PLAIN, ScriptField, ScriptKind};

/// Which of the two grammars reads a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// `.ts`: `<T>x` is a cast.
    Plain,
    /// `.tsx`, `.jsx`, `.js`: `<T>x</T>` is an element.
    Jsx,
}

/// The syntax tree of one script.
pub struct ScriptTree {
    inner: tree_sitter::Tree,
    grammar: &'static Grammar,
}

/// One node of it.
#[derive(Clone, Copy)]
pub struct ScriptNode<'tree> {
    pub kind: ScriptKind,
    inner: tree_sitter::Node<'tree>,
    grammar: &'static Grammar,
}

thread_local! {
    static PARSERS: RefCell<[Option<tree_sitter::Parser>; 2]> = const { RefCell::new([None, None]) };
}

/// The tree of a text; its broken places are nodes of [`ScriptKind::Error`]. None if the parser gave up.
pub fn parse_script(source: &str, dialect: Dialect) -> Option<ScriptTree> {
    let grammar: &'static Grammar = match dialect {
        Dialect::Plain => &PLAIN,
        Dialect::Jsx => &JSX,
    };
    PARSERS.with_borrow_mut(|parsers| {
        let slot = parsers.get_mut(dialect as usize)?;
        let parser = match slot {
            Some(parser) => parser,
            None => {
                let mut parser = tree_sitter::Parser::new();
                let language = match dialect {
                    Dialect::Plain => tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
                    Dialect::Jsx => tree_sitter_typescript::LANGUAGE_TSX,
                };
                parser.set_language(&language.into()).ok()?;
                slot.insert(parser)
            }
        };
        let mut tree = parser.parse(source, None);
        if dialect == Dialect::Jsx
            && tree
                .as_ref()
                .is_some_and(|tree| tree.root_node().has_error())
            && let Some(masked) = masked(source)
            && let Some(again) = parser.parse(&masked, None)
            && !again.root_node().has_error()
        {
            tree = Some(again);
        }
        if tree.is_none() {
            parser.reset();
        }
        tree.map(|inner| ScriptTree { inner, grammar })
    })
}

/// The text with `|` for each `&` that stands alone. The grammar takes `<b>Terms & conditions</b>` for a broken entity, where
/// TypeScript sees text (JSX, "JSXTextCharacter"); an operator becomes another one, and every byte keeps its place.
fn masked(source: &str) -> Option<String> {
    let bytes = source.as_bytes();
    let at = |index: usize| bytes.get(index).copied().unwrap_or(b' ');
    let is_lone = |index: usize| {
        at(index) == b'&'
            && !matches!(at(index + 1), b'&' | b'=' | b'#')
            && index.checked_sub(1).is_none_or(|before| at(before) != b'&')
            && !is_entity(bytes.get(index + 1..).unwrap_or_default())
    };
    let lone: Vec<usize> = (0..bytes.len()).filter(|&index| is_lone(index)).collect();
    if lone.is_empty() {
        return None;
    }
    let mut masked = bytes.to_vec();
    for index in lone {
        *masked.get_mut(index)? = b'|';
    }
    String::from_utf8(masked).ok()
}

/// Does `nbsp;` begin here?
fn is_entity(after: &[u8]) -> bool {
    let name = after.iter().take_while(|byte| byte.is_ascii_alphanumeric());
    let length = name.count();
    length > 0 && after.get(length) == Some(&b';')
}

impl ScriptTree {
    pub fn root(&self) -> ScriptNode<'_> {
        ScriptNode::new(self.inner.root_node(), self.grammar)
    }
}

impl<'tree> ScriptNode<'tree> {
    fn new(inner: tree_sitter::Node<'tree>, grammar: &'static Grammar) -> Self {
        ScriptNode {
            kind: grammar.kind(inner.kind_id()),
            inner,
            grammar,
        }
    }

    /// The named children without comments.
    pub fn children(&self) -> Vec<ScriptNode<'tree>> {
        let mut cursor = self.inner.walk();
        self.inner
            .named_children(&mut cursor)
            .map(|node| ScriptNode::new(node, self.grammar))
            .filter(|node| node.kind != ScriptKind::Comment)
            .collect()
    }

    /// The child that is this part of it.
    pub fn field(&self, field: ScriptField) -> Option<ScriptNode<'tree>> {
        let id = self.grammar.field(field)?;
        self.inner
            .child_by_field_id(id)
            .map(|node| ScriptNode::new(node, self.grammar))
    }

    /// All children that are this part of it.
    pub fn fields(&self, field: ScriptField) -> Vec<ScriptNode<'tree>> {
        let Some(id) = self
            .grammar
            .field(field)
            .and_then(std::num::NonZeroU16::new)
        else {
            return Vec::new();
        };
        let mut cursor = self.inner.walk();
        self.inner
            .children_by_field_id(id, &mut cursor)
            .map(|node| ScriptNode::new(node, self.grammar))
            .filter(|node| node.inner.is_named() && node.kind != ScriptKind::Comment)
            .collect()
    }

    /// Is a token of this spelling a direct child, as `type` in `import type { A }`?
    pub fn has_token(&self, text: &str) -> bool {
        let mut cursor = self.inner.walk();
        self.inner
            .children(&mut cursor)
            .any(|child| !child.is_named() && child.kind() == text)
    }

    pub fn text<'text>(&self, source: &'text str) -> &'text str {
        source.get(self.inner.byte_range()).unwrap_or_default()
    }

    pub fn start(&self) -> usize {
        self.inner.start_byte()
    }

    pub fn end(&self) -> usize {
        self.inner.end_byte()
    }

    /// The line, from 1, on which it begins.
    pub fn line(&self) -> u32 {
        u32::try_from(self.inner.start_position().row)
            .unwrap_or(u32::MAX)
            .saturating_add(1)
    }

    /// Does any part of it not parse?
    pub fn has_error(&self) -> bool {
        self.inner.has_error()
    }
}
