//! What the bar of providers counts: contexts that pages need, and the test that renders or opens their root.
//!
//! A Python test with `page.goto("/")` opens every context that the page mounts.

use crate::coverage::audit::{
    Audit, Bar, BarId, BarItem, Context, Evidence, Interface, Place, Side,
};
use crate::coverage::bars::measured;
use crate::coverage::frontend::{is_below, place};
use crate::coverage::judge::Case;
use crate::project::frontend::addresses::{self, Opened};
use crate::project::frontend::look::{FoundConsumer, FoundContext, Frontend};
use crate::project::routes::shown;
use crate::project::values::value::HOLE;

/// Contexts that count: a hook of theirs fails outside, and a module that some page loads calls it.
fn counted(frontend: &Frontend) -> impl Iterator<Item = &FoundContext> {
    frontend.contexts.iter().filter(|context| {
        context
            .consumers
            .iter()
            .any(|consumer| consumer.is_reachable)
    })
}

pub fn bar(case: &Case<'_>, audit: &Audit) -> Bar {
    let frontend = case.frontend;
    let visits = visits(case, audit);
    let items = counted(frontend)
        .map(|context| {
            let mut evidence: Vec<Evidence> = context
                .hooks
                .iter()
                .take(2)
                .map(|hook| Evidence {
                    place: place(&hook.place),
                    says: format!("{} fails outside of its provider", hook.name),
                    rule: Some("react/context".into()),
                })
                .collect();
            for consumer in context
                .consumers
                .iter()
                .filter(|one| one.is_reachable)
                .take(2)
            {
                evidence.push(Evidence {
                    place: place(&consumer.place),
                    says: format!("{} needs it", consumer.name),
                    rule: None,
                });
            }
            let rendered = context.rendered_by.first().map(|at| Evidence {
                place: place(at),
                says: "renders the app's own root".into(),
                rule: Some("react/render".into()),
            });
            let visited = visits.iter().find(|(path, _)| {
                context
                    .pages
                    .iter()
                    .any(|page| is_page(page, path, &frontend.pages))
            });
            let visited = visited.map(|(path, at)| Evidence {
                place: at.clone(),
                says: format!("opens {} in a browser", shown(path)),
                rule: Some("browser/visit".into()),
            });
            let covered = rendered.or(visited);
            BarItem {
                name: context.name.clone(),
                place: Some(place(&context.place)),
                covered: covered.is_some(),
                evidence: evidence.into_iter().chain(covered).collect(),
            }
        })
        .collect();
    measured(
        BarId::ReactProviderTree,
        Side::Behavior,
        items,
        "contexts whose hook fails outside of its provider, and whose root a test renders or opens",
        "no context that a page needs fails outside of its provider",
    )
}

/// The trees of the contexts, in the order of the bar's items.
pub fn trees(case: &Case<'_>, bar: &Bar) -> Vec<Context> {
    let named = |one: &FoundConsumer| (one.name.clone(), place(&one.place));
    let trees = counted(case.frontend).zip(&bar.items);
    trees
        .map(|(context, item)| Context {
            name: context.name.clone(),
            place: place(&context.place),
            covered: item.covered,
            pages: context.pages.iter().map(|page| shown(page)).collect(),
            mounted_by: context.mounted_by.iter().map(named).collect(),
            hooks: context.hooks.iter().map(named).collect(),
            consumers: context
                .consumers
                .iter()
                .filter(|one| one.is_reachable)
                .map(named)
                .collect(),
        })
        .collect()
}

/// Does opening the path load the page? A frontend of one page loads it for every path.
fn is_page(page: &str, path: &str, pages: &[String]) -> bool {
    is_below(page, path) || pages.len() == 1
}

/// Pages that browser tests open, of the frontend's own and of Python's.
fn visits(case: &Case<'_>, audit: &Audit) -> Vec<(String, Place)> {
    let own = case
        .frontend
        .visits
        .iter()
        .map(|(path, at)| (path.clone(), place(at)));
    let exercises = audit.exercises.iter().filter(|exercise| {
        exercise.interface == Interface::Browser
            && audit.tests.get(exercise.test).is_some_and(|test| test.runs)
    });
    let own_hosts = addresses::own_hosts(case.world.sources, &case.world.rules.script_names);
    let python = exercises.filter_map(|exercise| {
        let url = exercise.url.replace("{}", &HOLE.to_string());
        match addresses::page(&url, &own_hosts) {
            Opened::Page(path) => Some((path, exercise.evidence.last()?.place.clone())),
            Opened::Foreign | Opened::Unknown => None,
        }
    });
    own.chain(python).collect()
}
