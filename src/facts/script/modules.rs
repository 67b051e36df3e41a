//! Imports and exports of a script.
//!
//! `import { api as client } from "@/lib/api"` binds `client`, as Python's `from lib.api import api as client` does. What is
//! imported as a type is gone when the script runs, and is dropped.

use std::sync::Arc;

use super::lower::Lowering;
use super::program::{Export, Expr, Import, Name, Pattern, Stmt, What};
use super::texts::unquote;
use crate::syntax::{ScriptField as Field, ScriptKind as Kind, ScriptNode as Node};

impl Lowering<'_> {
    pub fn import(&mut self, node: Node<'_>) {
        if node.has_token("type") {
            return;
        }
        let line = node.line();
        let mut source = node.field(Field::Source);
        let mut bindings = Vec::new();
        let mut has_clause = false;
        for child in node.children() {
            match child.kind {
                Kind::ImportClause => {
                    has_clause = true;
                    self.import_clause(child, &mut bindings);
                }
                Kind::ImportRequire => {
                    source = child.field(Field::Source);
                    let inner = child.children();
                    if let Some(name) = inner.iter().find(|one| one.kind == Kind::Identifier) {
                        has_clause = true;
                        bindings.push((What::Everything, self.name(*name)));
                    }
                }
                _ => {}
            }
        }
        let Some(source) = source else { return };
        // Only types were imported: the statement is gone.
        if has_clause && bindings.is_empty() {
            return;
        }
        let module = Arc::from(unquote(self.text(source)));
        self.script.imports.push(Import {
            module,
            line,
            bindings,
        });
    }

    fn import_clause(&mut self, node: Node<'_>, bindings: &mut Vec<(What, Name)>) {
        for child in node.children() {
            match child.kind {
                Kind::Identifier => {
                    bindings.push((What::Named(Arc::from("default")), self.name(child)));
                }
                Kind::NamespaceImport => {
                    if let Some(name) = child.children().first() {
                        bindings.push((What::Everything, self.name(*name)));
                    }
                }
                Kind::NamedImports => {
                    for specifier in child.children() {
                        if specifier.kind != Kind::ImportSpecifier || specifier.has_token("type") {
                            continue;
                        }
                        let Some(name) = specifier.field(Field::Name) else {
                            continue;
                        };
                        let local = specifier.field(Field::Alias).unwrap_or(name);
                        let what = self.named(name);
                        let local = self.name(local);
                        bindings.push((what, local));
                    }
                }
                _ => {}
            }
        }
    }

    pub fn export(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        if node.has_token("type") {
            return;
        }
        let is_default = node.has_token("default");
        let source = node
            .field(Field::Source)
            .map(|source| Name::from(unquote(self.text(source))));
        if let Some(declaration) = node.field(Field::Declaration) {
            self.exported_declaration(declaration, is_default, out);
            return;
        }
        if let Some(value) = node.field(Field::Value) {
            let value = self.named_expression(value, Arc::from("default"));
            self.script.exports.push(Export::Default(value));
            out.push(Stmt::Expr(value));
            return;
        }
        let mut is_all = source.is_some();
        for child in node.children() {
            match (child.kind, &source) {
                (Kind::ExportClause, source) => {
                    is_all = false;
                    let source = source.clone();
                    self.export_clause(child, source.as_ref());
                }
                (Kind::NamespaceExport, Some(module)) => {
                    is_all = false;
                    let module = module.clone();
                    if let Some(name) = child.children().first() {
                        let exported = self.key_text(*name);
                        self.script.exports.push(Export::From {
                            exported,
                            what: What::Everything,
                            module,
                            line: node.line(),
                        });
                    }
                }
                // `export = value`
                (kind, None) if !is_default && kind != Kind::Comment => {
                    let value = self.expression(child);
                    self.script.exports.push(Export::Default(value));
                    out.push(Stmt::Expr(value));
                }
                _ => {}
            }
        }
        if let (true, Some(module)) = (is_all, source) {
            let line = node.line();
            self.script.exports.push(Export::All { module, line });
        }
    }

    fn export_clause(&mut self, node: Node<'_>, source: Option<&Name>) {
        for specifier in node.children() {
            if specifier.kind != Kind::ExportSpecifier || specifier.has_token("type") {
                continue;
            }
            let Some(name) = specifier.field(Field::Name) else {
                continue;
            };
            let exported = specifier.field(Field::Alias).unwrap_or(name);
            let exported = self.key_text(exported);
            let local = self.key_text(name);
            self.script.exports.push(match source {
                Some(module) => Export::From {
                    exported,
                    what: What::Named(local),
                    module: module.clone(),
                    line: specifier.line(),
                },
                None => Export::Local { exported, local },
            });
        }
    }

    fn exported_declaration(&mut self, node: Node<'_>, is_default: bool, out: &mut Vec<Stmt>) {
        let before = out.len();
        let mut lowered = self.statements(&[node]);
        out.append(&mut lowered);
        let mut exports = Vec::new();
        for stmt in out.get(before..).unwrap_or_default() {
            match stmt {
                Stmt::Function(name, _) | Stmt::Class(name, _) | Stmt::Enum(name, _) => {
                    exports.push(name.clone());
                }
                Stmt::Let(pattern, _) => names_in(pattern, &mut exports),
                _ => {}
            }
        }
        for local in exports {
            let exported = if is_default {
                Arc::from("default")
            } else {
                local.clone()
            };
            self.script.exports.push(Export::Local { exported, local });
        }
        if is_default && before == out.len() {
            // `export default function () {}` has no name.
            let expr = match node.kind {
                Kind::FunctionDeclaration | Kind::GeneratorDeclaration => {
                    let function = self.function(node, Some(Arc::from("default")));
                    Expr::Function(function)
                }
                Kind::ClassDeclaration | Kind::AbstractClass => {
                    let class = self.class(node, Some(Arc::from("default")));
                    Expr::Class(class)
                }
                _ => return,
            };
            let value = self.add(expr, node.line());
            self.script.exports.push(Export::Default(value));
            out.push(Stmt::Expr(value));
        }
    }
}

fn names_in(pattern: &Pattern, names: &mut Vec<Name>) {
    match pattern {
        Pattern::Name(name) => names.push(name.clone()),
        Pattern::Object(entries, rest) => {
            for (_, inner) in entries {
                names_in(inner, names);
            }
            names.extend(rest.clone());
        }
        Pattern::Array(items) => {
            for inner in items.iter().flatten() {
                names_in(inner, names);
            }
        }
        Pattern::Default(inner, _) | Pattern::Rest(inner) => names_in(inner, names),
        Pattern::Expr(_) | Pattern::Nothing => {}
    }
}
