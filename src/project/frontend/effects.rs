//! What scripts do when they run: requests, visits of pages, contexts, and which component mounts which.
//!
//! `fetch("/items", { method: "POST" })` is one request, `POST /items`, as Python's `client.post("/items")` is.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::value::{ContextIndex, FunctionKey, ScriptId};
use crate::facts::script::program::ExprId;

/// Most requests that are kept: a frontend has some hundreds.
const MOST_REQUESTS: usize = 200_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RequestKind {
    Http,
    Websocket,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub kind: RequestKind,
    /// Alternatives; empty for a WebSocket.
    pub methods: Vec<Arc<str>>,
    /// Alternatives.
    pub urls: Vec<Arc<str>>,
    /// Calls that lead to it, outermost first; the last one sends it.
    pub trail: Vec<(ScriptId, ExprId)>,
    pub rule: Arc<str>,
    /// Sent by a function that is not there, by its name.
    pub is_guess: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edge {
    /// Calls it, or mounts it as a component.
    Function(FunctionKey),
    /// Mounts the context's provider.
    Provider(ContextIndex),
    /// Asks the context for its value.
    Uses(ContextIndex),
}

#[derive(Debug, Clone)]
pub struct ContextFound {
    pub script: ScriptId,
    pub expr: ExprId,
    /// Is there no value outside of a provider?
    pub is_empty: bool,
}

/// A page that a browser test opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    pub urls: Vec<Arc<str>>,
    pub place: (ScriptId, ExprId),
}

/// A component that a test renders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Render {
    pub component: Option<FunctionKey>,
    /// Providers that the test puts around it.
    pub providers: Vec<ContextIndex>,
    /// All functions that are named in what is rendered.
    pub named: Vec<FunctionKey>,
    pub place: (ScriptId, ExprId),
}

#[derive(Debug, Default)]
pub struct Effects {
    pub requests: Vec<Request>,
    pub edges: FxHashMap<FunctionKey, Vec<(Edge, Option<ExprId>)>>,
    pub contexts: Vec<ContextFound>,
    pub visits: Vec<Visit>,
    pub renders: Vec<Render>,
    /// Modules that a test replaces.
    pub mocks: Vec<(ScriptId, ScriptId)>,
    seen: rustc_hash::FxHashSet<u64>,
}

impl Effects {
    pub fn send(&mut self, request: Request) {
        use std::hash::{Hash, Hasher};
        let mut hasher = rustc_hash::FxHasher::default();
        (&request.methods, &request.urls, &request.trail).hash(&mut hasher);
        if self.requests.len() < MOST_REQUESTS && self.seen.insert(hasher.finish()) {
            self.requests.push(request);
        }
    }

    pub fn edge_at(&mut self, from: FunctionKey, edge: Edge, at: Option<ExprId>) {
        let edges = self.edges.entry(from).or_default();
        if !edges.iter().any(|(known, _)| *known == edge) {
            edges.push((edge, at));
        }
    }

    /// A context, made at one place once.
    pub fn context(&mut self, found: ContextFound) -> ContextIndex {
        let known = self
            .contexts
            .iter()
            .position(|known| known.script == found.script && known.expr == found.expr);
        let position = known.unwrap_or_else(|| {
            self.contexts.push(found);
            self.contexts.len() - 1
        });
        ContextIndex(u32::try_from(position).unwrap_or(u32::MAX))
    }
}
