//! Elements: `<Provider value={x}>children</Provider>` in a script.
//!
//! Its name is an expression, except that of an element of HTML: `<div>` names nothing. A Python template would write
//! `Provider(x)(children)`.

use std::sync::Arc;

use super::lower::Lowering;
use super::program::{Element, Expr, ExprId, Name};
use super::texts::unquote;
use crate::syntax::{ScriptField as Field, ScriptKind as Kind, ScriptNode as Node};

impl Lowering<'_> {
    pub fn element(&mut self, node: Node<'_>) -> Element {
        let tag = match node.kind {
            Kind::JsxElement => node.field(Field::OpenTag),
            _ => Some(node),
        };
        let mut element = Element {
            name: None,
            attributes: Vec::new(),
            spreads: Vec::new(),
            children: Vec::new(),
        };
        if let Some(tag) = tag {
            element.name = tag
                .field(Field::Name)
                .filter(|name| !self.is_html(*name))
                .map(|name| self.expression(name));
            for child in tag.children() {
                match child.kind {
                    Kind::JsxAttribute => {
                        if let Some(attribute) = self.attribute(child) {
                            element.attributes.push(attribute);
                        }
                    }
                    Kind::JsxExpression => {
                        for inner in child.children() {
                            let inner = match inner.kind {
                                Kind::Spread => inner.children().first().copied(),
                                _ => Some(inner),
                            };
                            let value = self.expression_or_unknown(inner, child.line());
                            element.spreads.push(value);
                        }
                    }
                    _ => {}
                }
            }
        }
        if node.kind == Kind::JsxElement {
            for child in node.children() {
                if matches!(
                    child.kind,
                    Kind::JsxElement | Kind::JsxSelfClosing | Kind::JsxExpression
                ) {
                    let value = self.expression(child);
                    element.children.push(value);
                }
            }
        }
        element
    }

    /// Names of HTML elements begin small and have no dot.
    fn is_html(&self, name: Node<'_>) -> bool {
        name.kind == Kind::Identifier
            && self
                .text(name)
                .starts_with(|c: char| c.is_ascii_lowercase())
    }

    fn attribute(&mut self, node: Node<'_>) -> Option<(Name, Option<ExprId>)> {
        let children = node.children();
        let name = self.name(*children.first()?);
        let value = children.get(1).map(|value| match value.kind {
            Kind::String => {
                let text = Arc::from(unquote(self.text(*value)));
                self.add(Expr::Text(text), value.line())
            }
            _ => self.expression(*value),
        });
        Some((name, value))
    }
}
