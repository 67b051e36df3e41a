//! Import statements.
//!
//! `import a.b, c as d` has two aliases and binds `a` and `d`; `from ..x import y` has the module `x`, the level 2 and binds `y`.

use super::super::program::{Alias, NameId, Span, Stmt};
use super::Lowering;
use crate::syntax::{Kind, Node};

impl<'tree> Lowering<'_, 'tree> {
    pub(super) fn import(&mut self, node: Node<'tree>) -> Stmt {
        let start = self.facts.aliases.len();
        self.each_child(|lowering, part| lowering.alias(part));
        let len = self.facts.aliases.len() - start;
        debug_assert!(node.kind == Kind::ImportStatement);
        Stmt::Import(Span {
            start: start as u32,
            len: len as u32,
        })
    }

    pub(super) fn import_from(&mut self, node: Node<'tree>) -> Stmt {
        let start = self.facts.aliases.len();
        let mut module = None;
        let mut level = 0;
        let mut is_after_import = false;
        if node.kind == Kind::FutureImportStatement {
            module = Some(self.name("__future__"));
        }
        self.each_child(|lowering, part| match part.kind {
            Kind::Import => is_after_import = true,
            Kind::DottedName if !is_after_import => module = Some(lowering.dotted_text(part)),
            Kind::RelativeImport => {
                lowering.each_child(|lowering, part| match part.kind {
                    Kind::ImportPrefix => {
                        level = lowering
                            .source_text(part)
                            .bytes()
                            .filter(|byte| *byte == b'.')
                            .count() as u32
                    }
                    Kind::DottedName => module = Some(lowering.dotted_text(part)),
                    _ => {}
                });
            }
            _ if is_after_import => lowering.alias_from(part),
            _ => {}
        });
        let len = self.facts.aliases.len() - start;
        Stmt::ImportFrom {
            module,
            level,
            aliases: Span {
                start: start as u32,
                len: len as u32,
            },
        }
    }

    /// A part of `import a.b, c as d`.
    fn alias(&mut self, node: Node<'tree>) {
        match node.kind {
            Kind::DottedName => {
                let name = self.dotted_text(node);
                let first = self.cursor.first();
                if let Some(first) = first {
                    self.bound_name(first);
                    self.cursor.up();
                }
                self.facts.aliases.push(Alias { name, bound: None });
            }
            Kind::AliasedImport => self.aliased_import(),
            _ => {}
        }
    }

    /// A part of `from x import a, b as c`, or the star.
    fn alias_from(&mut self, node: Node<'tree>) {
        match node.kind {
            Kind::DottedName => {
                let name = self.bound_name(node);
                self.facts.aliases.push(Alias { name, bound: None });
            }
            Kind::AliasedImport => self.aliased_import(),
            Kind::WildcardImport => {
                let name = self.name("*");
                self.facts.aliases.push(Alias { name, bound: None });
            }
            _ => {}
        }
    }

    fn aliased_import(&mut self) {
        let mut name = None;
        let mut bound = None;
        self.each_child(|lowering, part| match part.kind {
            Kind::DottedName => name = Some(lowering.dotted_text(part)),
            Kind::Identifier => bound = Some(lowering.bound_name(part)),
            _ => {}
        });
        if let Some(name) = name {
            self.facts.aliases.push(Alias { name, bound });
        }
    }

    /// The name `a.b`, however it is spaced.
    fn dotted_text(&mut self, node: Node<'tree>) -> NameId {
        let text = self.source_text(node);
        if text.bytes().all(|byte| {
            byte == b'.' || byte == b'_' || byte.is_ascii_alphanumeric() || !byte.is_ascii()
        }) {
            return self.name(text);
        }
        let mut joined = String::new();
        self.each_child(|lowering, part| {
            if part.kind == Kind::Identifier {
                if !joined.is_empty() {
                    joined.push('.');
                }
                joined.push_str(lowering.source_text(part));
            }
        });
        self.composed_name(joined)
    }
}
