//! Reaches: what each test does with infrastructure, itself and through the routes that it reaches.
//!
//! ```python
//! def test_cached(client):                            # GET /items asks Redis: the test speaks to the real one,
//!     assert client.get("/items").status_code == 200  # unless it replaces what the handler asks it through
//! ```

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::coverage::audit::Place;
use crate::coverage::judge::{Case, place};
use crate::coverage::{infrastructure, skips};
use crate::links::infrastructure::Behind;
use crate::links::paths::Sureness;
use crate::links::provoked::statuses_of;
use crate::links::trace::Traced;
use crate::links::walk::RouteKey;
use crate::project::values::infrastructure::Used;
use crate::project::values::log::DoubleSeen;
use crate::project::world::{CodePlace, ModuleId, ModuleKind};
use crate::rules::infrastructure::Use;
use crate::source::paths;

/// What one running test does. Kinds are positions in the rules.
pub struct Reach<'a> {
    pub test: &'a Traced,
    /// Does it skip when something is not there?
    pub may_skip: bool,
    /// Kinds that it makes a client of itself or speaks to, the real one, with where it does first.
    pub real: BTreeMap<usize, (Use, Place)>,
    /// Kinds that live code makes a client of, and nobody was seen to ask it for anything; those that a handler only may ask.
    pub maybe: BTreeSet<usize>,
    /// Kinds that something stands in for.
    pub replaced: BTreeMap<usize, BTreeSet<Replacement>>,
    /// Kinds of which the very client is replaced.
    pub without_client: BTreeSet<usize>,
}

/// Something stands in the place of infrastructure.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Replacement {
    pub part: Part,
    pub place: Place,
    pub how: String,
    pub rule: Option<String>,
}

/// What is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The client itself, or who gives it.
    Client,
    /// Code that speaks through one.
    Speaker,
}

/// What the handlers of routes speak to.
type Handlers<'a> = FxHashMap<&'a RouteKey, &'a [Used]>;

pub fn find<'a>(case: &Case<'a>) -> Vec<Reach<'a>> {
    let handlers: Handlers<'_> = case
        .links
        .routes
        .iter()
        .map(|route| (&route.key, route.explored.used.as_slice()))
        .collect();
    let composed = infrastructure::composed(case);
    let running = case.links.tests.iter().filter(|test| test.walked.runs);
    let mut found: Vec<Reach<'a>> = running.map(|test| reach(case, &handlers, test)).collect();
    for reach in &mut found {
        for kind in &composed {
            reach.take_embedded(case, *kind);
        }
    }
    found
}

fn reach<'a>(case: &Case<'a>, handlers: &Handlers<'_>, test: &'a Traced) -> Reach<'a> {
    let walked = &test.walked;
    let mut reach = Reach {
        test,
        may_skip: walked
            .skip
            .iter()
            .any(|reason| !skips::is_fair(case, reason)),
        real: BTreeMap::new(),
        maybe: BTreeSet::new(),
        replaced: BTreeMap::new(),
        without_client: BTreeSet::new(),
    };
    // Places of live code that do not run, as something else stands for them.
    let mut hidden: FxHashSet<(usize, CodePlace)> = FxHashSet::default();
    for double in &walked.doubles {
        reach.replace(case, double, &mut hidden);
    }
    let faked = walked.used.iter().filter(|used| used.what == Use::Faked);
    for used in faked {
        let name = &case.world.rules.infrastructure.infrastructure[used.kind].name;
        let replacement = Replacement {
            part: Part::Client,
            // What is there before its first line has no line.
            place: match used.place.line {
                0 => place(case.world, test.place),
                _ => place(case.world, used.place),
            },
            how: format!("uses a fake of {name}"),
            rule: None,
        };
        let replaced = reach.replaced.entry(used.kind).or_default();
        replaced.insert(replacement);
        reach.without_client.insert(used.kind);
    }
    let takes_requests = case.world.rules.infrastructure.of_requests();
    // A client of the app that the app's own package brings: the test speaks to the app through it.
    let sends_to_app = walked.contacts.iter().any(|(_, contact)| {
        contact.request.from_app && contact.request.is_network && !contact.is_foreign
    });
    for used in &walked.used {
        let is_of_app = case.world.kind(used.place.module) == ModuleKind::App;
        match used.what {
            Use::Faked | Use::Embedded | Use::Started => {}
            Use::Made | Use::MayContact | Use::Contacted
                if sends_to_app && takes_requests == Some(used.kind) => {}
            // A patch of what the machine can't put something in the place of leaves the real one standing.
            Use::Made | Use::MayContact | Use::Contacted
                if is_of_app && reach.without_client.contains(&used.kind) => {}
            Use::Made if is_of_app => {
                reach.maybe.insert(used.kind);
            }
            Use::Made | Use::MayContact | Use::Contacted => {
                reach.meet(used.kind, used.what, place(case.world, used.place));
            }
        }
    }
    for (_, contact) in &walked.contacts {
        let Some(sent) = contact.request.trail.last() else {
            continue;
        };
        let sure = contact
            .routes
            .iter()
            .filter(|(_, sureness, ..)| *sureness >= Sureness::Likely);
        let used = sure.filter_map(|(key, ..)| handlers.get(key));
        // A request that is answered with an error may not have come so far.
        let claimed = statuses_of(&contact.request.claims);
        let is_error = !claimed.is_empty() && claimed.iter().all(|status| *status >= 400);
        for used in used.copied().flatten() {
            let is_there = !hidden.contains(&(used.kind, used.place))
                && !reach.without_client.contains(&used.kind);
            match used.what {
                Use::Contacted if is_there && !is_error => {
                    reach.meet(used.kind, used.what, place(case.world, *sent));
                }
                Use::Contacted | Use::MayContact if is_there => {
                    reach.maybe.insert(used.kind);
                }
                Use::Faked
                | Use::Embedded
                | Use::Started
                | Use::Made
                | Use::MayContact
                | Use::Contacted => {}
            }
        }
    }
    let hooks = &case.links.startup.hooks;
    if walked.ran.iter().any(|code| hooks.contains(code)) {
        for kind in &case.links.infrastructure.at_start {
            if !reach.replaced.contains_key(kind) {
                reach.meet(*kind, Use::Contacted, place(case.world, test.place));
            }
        }
    }
    reach
}

impl Reach<'_> {
    /// More than making a client counts more.
    fn meet(&mut self, kind: usize, what: Use, at: Place) {
        let known = self.real.entry(kind).or_insert_with(|| (what, at.clone()));
        if known.0 < what {
            *known = (what, at);
        }
    }

    /// Production composes a service of the kind: the test that speaks to what runs inside of its own process has not met it.
    fn take_embedded(&mut self, case: &Case<'_>, kind: usize) {
        let used = self.test.walked.used.iter();
        let mut own = used.filter(|used| used.kind == kind && used.what == Use::Embedded);
        let at = own.next().map(|used| used.place);
        let is_touched = self.real.contains_key(&kind) || self.maybe.contains(&kind);
        let imported = || {
            let all = case.links.infrastructure.embedded.iter();
            let mut all = all.filter(|(known, at)| *known == kind && self.imports(case, at.module));
            all.next().map(|(_, at)| *at)
        };
        let Some(at) = at.or_else(|| is_touched.then(imported).flatten()) else {
            return;
        };
        self.real.remove(&kind);
        self.maybe.remove(&kind);
        self.without_client.insert(kind);
        let name = &case.world.rules.infrastructure.infrastructure[kind].name;
        self.replaced.entry(kind).or_default().insert(Replacement {
            part: Part::Client,
            place: place(case.world, at),
            how: format!("uses one inside of its own process for the {name}"),
            rule: None,
        });
    }

    /// Is the module the test's own, or a conftest around it? What the application makes of its settings may be another where they
    /// are set.
    fn imports(&self, case: &Case<'_>, module: ModuleId) -> bool {
        let path = case.world.path(module);
        let own = self.test.place.module;
        module == own
            || paths::is_conftest(&path)
                && paths::is_within(&case.world.path(own), paths::folder(&path))
    }

    fn replace(
        &mut self,
        case: &Case<'_>,
        double: &DoubleSeen,
        hidden: &mut FxHashSet<(usize, CodePlace)>,
    ) {
        let infrastructure = &case.links.infrastructure;
        let mut without: BTreeSet<usize> = BTreeSet::new();
        let behind = |code| infrastructure.behind.get(&code);
        let own = double.function.and_then(behind);
        let others = double.by.and_then(behind);
        let rules = &case.world.rules.infrastructure;
        let by_library = double.by_library.as_deref().and_then(|path| {
            let (kind, what) = rules.find(path.strip_suffix("()").unwrap_or(path))?;
            (what != Use::Faked).then_some(kind)
        });
        let is_still_real = |kind: &usize| {
            let speaks = |by: &Behind| by.places.iter().any(|(known, _)| known == kind);
            by_library == Some(*kind) || others.is_some_and(speaks)
        };
        if let Some(library) = &double.library {
            let replaced = rules.replaced(library);
            without.extend(replaced.filter(|kind| !is_still_real(kind)));
        }
        let mut kinds = without.clone();
        if let Some(own) = own {
            without.extend(own.gives.iter().filter(|kind| !is_still_real(kind)));
            kinds.extend(&without);
            let places = own.places.iter().filter(|(kind, _)| !is_still_real(kind));
            for used in places {
                kinds.insert(used.0);
                hidden.insert(*used);
            }
        }
        for kind in kinds {
            let replacement = Replacement {
                part: if without.contains(&kind) {
                    Part::Client
                } else {
                    Part::Speaker
                },
                place: place(case.world, double.place),
                how: format!("replaces {}", double.replaces),
                rule: Some(double.how.to_string()),
            };
            self.replaced.entry(kind).or_default().insert(replacement);
        }
        self.without_client.extend(without);
    }
}
