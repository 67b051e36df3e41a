//! Syntax: the concrete syntax tree of one file, as a cursor that the lowering drives.
//!
//! *In:* the text of one file. *Out:* a [`Tree`], and a [`Cursor`] over its [`Node`]s, each of a [`Kind`].
//! *Never:* the meaning of a node. No other room spells the grammar's names of nodes.
//!
//! Reading order: [`kinds`] (what a node is), [`tree`] (parsing, the cursor).

mod kinds;
mod tree;

pub use kinds::Kind;
pub use tree::{Cursor, Node, Tree, parse};
