//! What many exercises have in common: the chain of evidence of a fixture's request, and the function that it calls.
//!
//! A `client` that logs in sends `POST /token` for each of a thousand tests; the chain that leads there is put together once.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::coverage::audit::{Evidence, Target};
use crate::coverage::judge::place;
use crate::facts::program::FunctionId;
use crate::links::walk::{Contact, DirectCall};
use crate::project::routes::shown;
use crate::project::world::{CodePlace, ModuleId, World};

/// What has been said before.
#[derive(Default)]
pub struct Shared {
    calls: FxHashMap<(CodePlace, ModuleId, FunctionId), Said>,
    targets: FxHashMap<(ModuleId, FunctionId), Arc<Target>>,
    /// By the address of the contact, of which a fixture's tests have one together.
    chains: FxHashMap<*const Contact, Arc<[Evidence]>>,
}

/// A direct call in words.
pub struct Said {
    pub target: Arc<Target>,
    pub evidence: Arc<[Evidence]>,
    /// Calls of which this is the same are one exercise.
    pub unique: Arc<str>,
}

impl Shared {
    /// None: nothing is known of the function.
    pub fn of_call(&mut self, world: &World<'_>, call: &DirectCall) -> Option<&Said> {
        let code = (call.module, call.function);
        let unit = world.loaded(call.module)?;
        let target = self.targets.entry(code).or_insert_with(|| {
            let facts = unit.facts.function(call.function);
            Arc::new(Target {
                file: Some(unit.path.to_string()),
                line: facts.line,
                name: unit.facts.name(facts.qualified_name).to_string(),
            })
        });
        let key = (call.from, call.module, call.function);
        let said = self.calls.entry(key).or_insert_with(|| Said {
            target: target.clone(),
            evidence: Arc::new([Evidence {
                place: place(world, call.from),
                says: format!("calls {} directly", target.name),
                rule: None,
            }]),
            unique: Arc::from(format!("{}:{}", unit.path, target.name)),
        });
        Some(said)
    }

    /// The chain that leads to a contact, which lives as long as this does.
    pub fn of_contact(&mut self, world: &World<'_>, contact: &Contact) -> Arc<[Evidence]> {
        let chain = self.chains.entry(std::ptr::from_ref(contact));
        chain.or_insert_with(|| chain_of(world, contact)).clone()
    }
}

fn chain_of(world: &World<'_>, contact: &Contact) -> Arc<[Evidence]> {
    let request = &contact.request;
    let calls = request.trail.iter().map(|one| Evidence {
        place: place(world, *one),
        says: "calls".into(),
        rule: None,
    });
    let mut chain: Vec<Evidence> = calls.collect();
    if let Some(last) = chain.last_mut() {
        let method = match request.is_websocket {
            true => "WebSocket",
            false => &request.method,
        };
        last.says = format!("sends {method} {}", shown(&request.url));
        last.rule = request.rule.as_ref().map(ToString::to_string);
    }
    chain.into()
}
