//! Syntax: the concrete syntax tree of one file, as a cursor that the lowering drives.
//!
//! *In:* the text of one file. *Out:* a [`Tree`], and a [`Cursor`] over its [`Node`]s, each of a [`Kind`].
//! *Never:* the meaning of a node. No other room spells the grammar's names of nodes.
//!
//! Reading order: [`kinds`] (what a node is), [`tree`] (parsing, the cursor); the same for scripts of a frontend:
//! [`script_kinds`], [`script`].

mod kinds;
mod script;
mod script_kinds;
mod tree;

pub use kinds::Kind;
pub use script::{Dialect, ScriptNode, ScriptTree, parse_script};
pub use script_kinds::{ScriptField, ScriptKind};
pub use tree::{Cursor, Node, Tree, parse};
