//! Contexts: which hooks fail outside of a provider, who calls them, and which page mounts the provider above.
//!
//! `useCart()` throws without a `CartProvider`, as a Python dependency raises without its `Depends`.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::effects::{Edge, Effects};
use super::entries::Page;
use super::found::place_of;
use super::natives::body_of;
use super::scripts::Scripts;
use super::value::{ContextIndex, FunctionKey, ScriptId};
use crate::facts::script::program::{Expr, ExprId, Pattern, Stmt};

#[derive(Debug, Clone)]
pub struct Context {
    pub name: Arc<str>,
    pub place: (ScriptId, u32),
    /// Functions that throw when it is not provided.
    pub hooks: Vec<Consumer>,
    /// Who calls them, each once.
    pub consumers: Vec<Consumer>,
    /// Addresses of pages whose composition mounts its provider.
    pub pages: Vec<String>,
    /// Functions that mount its provider, wherever they are.
    pub mounted_by: Vec<Consumer>,
    /// Places of tests that render the app's own root with it.
    pub rendered_by: Vec<(ScriptId, u32)>,
    /// Tests that render a consumer without it.
    pub bare: Vec<(ScriptId, u32)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consumer {
    pub name: Arc<str>,
    pub place: (ScriptId, u32),
    pub is_reachable: bool,
}

type Closure = FxHashSet<FunctionKey>;

/// Contexts with a hook that throws, in the order of their places.
pub fn contexts(
    scripts: &Scripts<'_>,
    effects: &Effects,
    tests: &Effects,
    mocks: &FxHashSet<(ScriptId, ScriptId)>,
    pages: &[(&Page, FxHashSet<ScriptId>)],
    reachable: &FxHashSet<ScriptId>,
) -> Vec<Context> {
    let mut found = Vec::new();
    let page_closures: Vec<(&Page, Closure)> = pages
        .iter()
        .map(|(page, loaded)| {
            let mut roots = roots_of(effects, &page.files);
            // The body of every module that the page loads is run.
            roots.extend(loaded.iter().map(|module| body_of(*module)));
            (*page, closure(effects, &roots))
        })
        .collect();
    for (position, context) in effects.contexts.iter().enumerate() {
        let index = ContextIndex(u32::try_from(position).unwrap_or(u32::MAX));
        if !context.is_empty || super::entries::is_aside(scripts, scripts.path(context.script)) {
            continue;
        }
        let hooks: Vec<(FunctionKey, Option<ExprId>)> = holders(effects, Edge::Uses(index))
            .into_iter()
            .filter(|(key, _)| throws(scripts, *key))
            .collect();
        if hooks.is_empty() {
            continue;
        }
        let mounting = holders(effects, Edge::Provider(index));
        let mounts = |set: &Closure| mounting.iter().any(|(key, _)| set.contains(key));
        let mut consumers = Vec::new();
        for (hook, at) in &hooks {
            // A component that asks the context itself is its own consumer.
            if is_component(scripts, *hook) {
                consumers.push(consumer(scripts, *hook, *at, reachable));
            }
            for (caller, at) in holders(effects, Edge::Function(*hook)) {
                let provides = mounting.iter().any(|(key, _)| *key == caller);
                if !hooks.iter().any(|(hook, _)| *hook == caller) && !provides {
                    consumers.push(consumer(scripts, caller, at, reachable));
                }
            }
        }
        let mounted_pages = page_closures
            .iter()
            .filter(|(_, set)| mounts(set))
            .map(|(page, _)| page.address.clone())
            .collect();
        let one =
            |(key, at): &(FunctionKey, Option<ExprId>)| consumer(scripts, *key, *at, reachable);
        let mut context = Context {
            name: name_of(scripts, context.script, context.expr),
            place: place_of(scripts, (context.script, context.expr)),
            hooks: hooks.iter().map(one).collect(),
            consumers,
            pages: mounted_pages,
            mounted_by: mounting.iter().map(one).collect(),
            rendered_by: Vec::new(),
            bare: Vec::new(),
        };
        rendered(
            scripts,
            effects,
            tests,
            mocks,
            pages,
            &hooks,
            &mounting,
            &mut context,
        );
        found.push(context);
    }
    found.sort_by(|one, two| {
        (scripts.path(one.place.0), one.place.1).cmp(&(scripts.path(two.place.0), two.place.1))
    });
    found
}

#[allow(clippy::too_many_arguments)]
fn rendered(
    scripts: &Scripts<'_>,
    effects: &Effects,
    tests: &Effects,
    mocks: &FxHashSet<(ScriptId, ScriptId)>,
    pages: &[(&Page, FxHashSet<ScriptId>)],
    hooks: &[(FunctionKey, Option<ExprId>)],
    mounting: &[(FunctionKey, Option<ExprId>)],
    context: &mut Context,
) {
    let page_files: FxHashSet<ScriptId> = pages
        .iter()
        .flat_map(|(page, _)| page.files.iter().copied())
        .collect();
    let roots: Closure = page_files
        .iter()
        .flat_map(|file| {
            let mounted = effects.edges.get(&body_of(*file)).into_iter().flatten();
            mounted.filter_map(|(edge, _)| match edge {
                Edge::Function(key) => Some(*key),
                Edge::Provider(_) | Edge::Uses(_) => None,
            })
        })
        .collect();
    for render in &tests.renders {
        let place = place_of(scripts, render.place);
        let named: Vec<FunctionKey> = render.named.clone();
        let all = closure(effects, &named);
        let provides = mounting.iter().any(|(key, _)| all.contains(key));
        let is_root = named
            .iter()
            .any(|key| roots.contains(key) || page_files.contains(&key.script));
        let consumes = hooks.iter().any(|(key, _)| all.contains(key));
        let is_mocked = hooks
            .iter()
            .any(|(key, _)| mocks.contains(&(render.place.0, key.script)));
        if provides && is_root {
            context.rendered_by.push(place);
        } else if consumes && !provides && render.providers.is_empty() && !is_mocked {
            context.bare.push(place);
        }
    }
}

/// The names of functions that ask a context and throw.
pub fn throwing(scripts: &Scripts<'_>, effects: &Effects) -> Vec<String> {
    let mut names: Vec<String> = effects
        .edges
        .iter()
        .filter(|(key, edges)| {
            throws(scripts, **key) && edges.iter().any(|(edge, _)| matches!(edge, Edge::Uses(_)))
        })
        .filter_map(|(key, _)| {
            let function = scripts.loaded(key.script)?.function(key.function)?;
            Some(function.name.as_ref()?.to_string())
        })
        .collect();
    names.sort();
    names.dedup();
    names
}

/// The functions and the bodies of some files.
fn roots_of(effects: &Effects, files: &[ScriptId]) -> Vec<FunctionKey> {
    let mut roots: Vec<FunctionKey> = effects
        .edges
        .keys()
        .filter(|key| files.contains(&key.script))
        .copied()
        .collect();
    roots.extend(files.iter().map(|file| body_of(*file)));
    roots
}

/// Everything that some functions call or mount, with themselves.
fn closure(effects: &Effects, from: &[FunctionKey]) -> Closure {
    let mut seen = Closure::default();
    let mut stack = from.to_vec();
    while let Some(key) = stack.pop() {
        if !seen.insert(key) {
            continue;
        }
        for (edge, _) in effects.edges.get(&key).into_iter().flatten() {
            if let Edge::Function(other) = edge {
                stack.push(*other);
            }
        }
    }
    seen
}

/// Functions with this edge, sorted.
fn holders(effects: &Effects, wanted: Edge) -> Vec<(FunctionKey, Option<ExprId>)> {
    let mut found: Vec<(FunctionKey, Option<ExprId>)> = effects
        .edges
        .iter()
        .filter_map(|(key, edges)| {
            let (_, at) = edges.iter().find(|(edge, _)| *edge == wanted)?;
            Some((*key, *at))
        })
        .collect();
    found.sort();
    found
}

fn throws(scripts: &Scripts<'_>, key: FunctionKey) -> bool {
    scripts
        .loaded(key.script)
        .and_then(|script| script.function(key.function))
        .is_some_and(|function| function.throws)
}

fn is_component(scripts: &Scripts<'_>, key: FunctionKey) -> bool {
    scripts
        .loaded(key.script)
        .and_then(|script| script.function(key.function)?.name.clone())
        .is_some_and(|name| name.starts_with(|c: char| c.is_ascii_uppercase()))
}

fn consumer(
    scripts: &Scripts<'_>,
    key: FunctionKey,
    at: Option<ExprId>,
    reachable: &FxHashSet<ScriptId>,
) -> Consumer {
    let script = scripts.loaded(key.script);
    let function = script.and_then(|script| script.function(key.function));
    let line = match (at, function) {
        (Some(at), _) => place_of(scripts, (key.script, at)).1,
        (None, Some(function)) => function.line,
        (None, None) => 1,
    };
    Consumer {
        name: function
            .and_then(|function| function.name.clone())
            .unwrap_or_else(|| Arc::from("a function")),
        place: (key.script, line),
        is_reachable: reachable.contains(&key.script),
    }
}

/// The name that a context is bound to.
fn name_of(scripts: &Scripts<'_>, script: ScriptId, expr: ExprId) -> Arc<str> {
    let names: FxHashMap<ExprId, Arc<str>> = scripts
        .loaded(script)
        .map(|script| bound(&script.body))
        .unwrap_or_default();
    let unwrapped = scripts.loaded(script).and_then(|program| {
        names
            .iter()
            .find(|(bound, _)| matches!(program.expr(**bound), Expr::Call(_, inner) if inner.contains(&expr)))
    });
    names
        .get(&expr)
        .or(unwrapped.map(|(_, name)| name))
        .cloned()
        .unwrap_or_else(|| Arc::from("a context"))
}

fn bound(statements: &[Stmt]) -> FxHashMap<ExprId, Arc<str>> {
    let mut names = FxHashMap::default();
    let mut sorted: BTreeMap<ExprId, Arc<str>> = BTreeMap::new();
    for statement in statements {
        if let Stmt::Let(Pattern::Name(name), Some(value)) = statement {
            sorted.insert(*value, name.clone());
        }
    }
    names.extend(sorted);
    names
}
