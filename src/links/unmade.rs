//! Classes that live code looks up by name, and that nothing which production runs ever mentions: nobody can have made one.
//!
//! ```python
//! services.get("BillingService")    # app/main.py, live; `class BillingService` lies in app/billing.py, which no live module imports
//! ```
//! That a package's `__init__.py` hands a class on does not make one. An import of a text that is put together can't be excluded.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::facts::program::{Expr, ExprId};
use crate::links::services::Service;
use crate::project::world::{CodePlace, ModuleId, ModuleKind, Unit, World};

/// A class that is looked up and never made.
#[derive(Debug, Clone)]
pub struct Unmade {
    pub name: String,
    /// Where live code names it, in order.
    pub named: Vec<CodePlace>,
    pub defined: CodePlace,
    /// Does a live module import it, to hand it on?
    pub is_imported: bool,
}

/// Each class once, by name.
pub fn find(world: &World<'_>, live: &FxHashSet<ModuleId>, services: &[Service]) -> Vec<Unmade> {
    let mut modules: Vec<ModuleId> = live.iter().copied().collect();
    modules.sort_unstable();
    let units: Vec<&Unit> = modules.iter().filter_map(|&id| world.unit(id)).collect();
    let mut named: BTreeMap<&str, Vec<CodePlace>> = BTreeMap::new();
    for unit in &units {
        for (name, place) in names_in_texts(unit) {
            named.entry(name).or_default().push(place);
        }
    }
    for name in units.iter().flat_map(|unit| mentioned(unit)) {
        named.remove(name);
    }
    let mut found: BTreeMap<String, Unmade> = BTreeMap::new();
    for service in services {
        let places = named.remove(&*service.name).into_iter().flatten();
        let named: Vec<CodePlace> = places
            .filter(|place| place.module != service.place.module)
            .collect();
        if !named.is_empty() {
            let one = Unmade {
                name: service.name.clone(),
                named,
                defined: service.place,
                is_imported: true,
            };
            found.insert(service.name.clone(), one);
        }
    }
    // A table of the database, say: others may find it without its name.
    for unit in &units {
        for class in &unit.facts.classes {
            named.remove(unit.facts.name(class.name));
        }
    }
    for (name, defined) in unimported(world, live, &named) {
        let one = Unmade {
            named: named.get(&*name).cloned().unwrap_or_default(),
            name: name.clone(),
            defined,
            is_imported: false,
        };
        found.entry(name).or_insert(one);
    }
    found.retain(|_, one| !may_be_imported_by_text(world, &units, one.defined.module));
    found.into_values().collect()
}

/// Does a text of live code name the module? `("app.billing", "BillingService")` is a table that something may import by.
fn may_be_imported_by_text(world: &World<'_>, live: &[&Unit], module: ModuleId) -> bool {
    let Some(defining) = world.unit(module) else {
        return true;
    };
    let names = |text: &str| {
        let spelled = text.split(':').next().unwrap_or(text);
        // `..billing` is relative to a package that stands elsewhere.
        let dotted = spelled.trim_start_matches('.');
        let before = defining.name.strip_suffix(dotted);
        let behind = dotted.strip_prefix(&*defining.name);
        spelled.contains('.')
            && !dotted.is_empty()
            && (before.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
                || behind.is_some_and(|rest| rest.starts_with('.')))
    };
    live.iter()
        .any(|unit| unit.facts.texts.iter().any(|text| names(text)))
}

/// What a module's code names, but for what a package imports to hand it on.
fn mentioned(unit: &Unit) -> impl Iterator<Item = &str> {
    let facts = &unit.facts;
    let expressions = facts.exprs.iter().filter_map(|expr| match expr {
        Expr::Name(name) | Expr::Attribute { name, .. } => Some(*name),
        _ => None,
    });
    let locals = facts.functions.iter().flat_map(|function| &function.locals);
    let aliases = facts.aliases.iter().filter(|_| !unit.is_package);
    let decorated = facts.classes.iter();
    let decorated = decorated.filter(|class| class.decorators.len > 0);
    expressions
        .chain(locals.copied())
        .chain(aliases.map(|alias| alias.name))
        .chain(decorated.map(|class| class.name))
        .map(|name| facts.name(name))
}

/// The classes that are named and lie in modules of the project which are not live.
fn unimported(
    world: &World<'_>,
    live: &FxHashSet<ModuleId>,
    named: &BTreeMap<&str, Vec<CodePlace>>,
) -> Vec<(String, CodePlace)> {
    if named.is_empty() {
        return Vec::new();
    }
    let modules = (0..u32::try_from(world.sources.files.len()).unwrap_or(u32::MAX)).map(ModuleId);
    let others: Vec<ModuleId> = modules
        .filter(|module| world.kind(*module) == ModuleKind::App && !live.contains(module))
        .filter(|module| !world.rules.names.is_aside(&world.path(*module)))
        .collect();
    others
        .par_iter()
        .flat_map_iter(|&module| classes_of(world, module, named))
        .collect()
}

/// Texts that are spelled like a class of two words or more, where they are handed to a call or kept as a value of a dict.
fn names_in_texts(unit: &Unit) -> impl Iterator<Item = (&str, CodePlace)> {
    let facts = &unit.facts;
    let values = facts.exprs.iter().flat_map(|expr| match expr {
        Expr::Call { arguments, .. } => {
            let given = facts.argument_list(*arguments).iter();
            given.map(|argument| argument.value).collect()
        }
        Expr::Dict(pairs) => {
            let pairs = facts.expr_list(*pairs).chunks(2);
            pairs.filter_map(|pair| pair.get(1).copied()).collect()
        }
        _ => Vec::<ExprId>::new(),
    });
    values.filter_map(|value| match facts.expr(value) {
        Expr::Text(text) if is_class_name(facts.text(text)) => {
            let place = CodePlace {
                module: unit.id,
                line: facts.expr_line(value),
            };
            Some((facts.text(text), place))
        }
        _ => None,
    })
}

fn is_class_name(text: &str) -> bool {
    let humps = text
        .chars()
        .zip(text.chars().skip(1))
        .filter(|(one, next)| one.is_ascii_uppercase() && next.is_ascii_lowercase());
    text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.chars().all(|char| char.is_ascii_alphanumeric())
        && humps.count() >= 2
}

/// The classes at the top of a module that are among the names. A module that can have none is not parsed.
fn classes_of(
    world: &World<'_>,
    module: ModuleId,
    named: &BTreeMap<&str, Vec<CodePlace>>,
) -> Vec<(String, CodePlace)> {
    let text = world.file_of(module).map(|file| world.sources.read(file));
    let Some(Ok(text)) = text else {
        return Vec::new();
    };
    let may_have = text.lines().any(|line| {
        let name = line.strip_prefix("class ").unwrap_or_default().trim_start();
        let end = name.find(|char: char| !char.is_ascii_alphanumeric());
        named.contains_key(&name[..end.unwrap_or(name.len())])
    });
    let unit = may_have.then(|| world.unit(module)).flatten();
    let classes = unit.iter().flat_map(|unit| {
        let classes = unit.facts.classes.iter();
        classes.filter(|class| class.name == class.qualified_name)
    });
    let spelled = classes.filter_map(|class| {
        let name = unit?.facts.name(class.name);
        let line = class.line;
        let place = CodePlace { module, line };
        named.contains_key(name).then(|| (name.to_string(), place))
    });
    spelled.collect()
}
