//! Parsing one file, and walking its tree.
//!
//! The children of the call in `f(a, # why\n b)` are, for a [`Cursor`], the identifier `f` and the argument list; the
//! children of the latter are `(`, `a`, `,`, `b` and `)`: comments and line continuations are passed over.

use std::cell::RefCell;

use super::kinds::{KINDS, Kind};

/// The syntax tree of one file.
pub struct Tree(tree_sitter::Tree);

/// One node of a tree.
#[derive(Clone, Copy)]
pub struct Node<'tree> {
    pub kind: Kind,
    inner: tree_sitter::Node<'tree>,
}

/// A place in a tree, moved from node to node.
pub struct Cursor<'tree> {
    inner: tree_sitter::TreeCursor<'tree>,
    kinds: &'static [Kind],
}

thread_local! {
    static PARSER: RefCell<Option<tree_sitter::Parser>> = const { RefCell::new(None) };
}

/// The tree of a text; its broken places are nodes of [`Kind::Error`] or missing nodes. None if the parser gave up.
pub fn parse(source: &str) -> Option<Tree> {
    PARSER.with_borrow_mut(|slot| {
        let parser = match slot {
            Some(parser) => parser,
            None => slot.insert(new_parser()?),
        };
        let tree = parser.parse(source, None);
        if tree.is_none() {
            parser.reset();
        }
        tree.map(Tree)
    })
}

fn new_parser() -> Option<tree_sitter::Parser> {
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&language()).ok()?;
    Some(parser)
}

impl Tree {
    pub fn cursor(&self) -> Cursor<'_> {
        Cursor {
            inner: self.0.walk(),
            kinds: &KINDS,
        }
    }

    /// Does any part of the tree not parse?
    pub fn has_error(&self) -> bool {
        self.0.root_node().has_error()
    }
}

impl<'tree> Cursor<'tree> {
    pub fn node(&self) -> Node<'tree> {
        let inner = self.inner.node();
        let kind = self
            .kinds
            .get(usize::from(inner.kind_id()))
            .copied()
            .unwrap_or(Kind::Error);
        Node { kind, inner }
    }

    /// Moves to the first child, if there is one; then [`Cursor::up`] leads back.
    pub fn first(&mut self) -> Option<Node<'tree>> {
        if !self.inner.goto_first_child() {
            return None;
        }
        let found = self.skip_trivia();
        if found.is_none() {
            self.inner.goto_parent();
        }
        found
    }

    /// Moves to the next sibling, if there is one.
    pub fn following(&mut self) -> Option<Node<'tree>> {
        if !self.inner.goto_next_sibling() {
            return None;
        }
        self.skip_trivia()
    }

    /// Moves to the parent.
    pub fn up(&mut self) {
        self.inner.goto_parent();
    }

    fn skip_trivia(&mut self) -> Option<Node<'tree>> {
        loop {
            let node = self.node();
            if !matches!(node.kind, Kind::Comment | Kind::LineContinuation) {
                return Some(node);
            }
            if !self.inner.goto_next_sibling() {
                return None;
            }
        }
    }
}

impl<'tree> Node<'tree> {
    /// The byte at which it begins.
    pub fn start(&self) -> usize {
        self.inner.start_byte()
    }

    /// The byte after its last.
    pub fn end(&self) -> usize {
        self.inner.end_byte()
    }

    /// The line, from 1, on which it begins.
    pub fn line(&self) -> u32 {
        line_number(self.inner.start_position())
    }

    /// The line, from 1, on which it ends.
    pub fn last_line(&self) -> u32 {
        line_number(self.inner.end_position())
    }

    /// Did the parser invent it?
    pub fn is_missing(&self) -> bool {
        self.inner.is_missing()
    }

    /// Does any part of it not parse?
    pub fn has_error(&self) -> bool {
        self.inner.has_error()
    }

    /// What the grammar calls it, for a message.
    pub fn grammar_name(&self) -> &'tree str {
        self.inner.kind()
    }
}

fn line_number(point: tree_sitter::Point) -> u32 {
    u32::try_from(point.row)
        .unwrap_or(u32::MAX)
        .saturating_add(1)
}

pub(super) fn language() -> tree_sitter::Language {
    tree_sitter_python::LANGUAGE.into()
}
