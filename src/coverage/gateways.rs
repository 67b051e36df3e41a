//! Routes that a gateway leads elsewhere: who asks for them from outside gets an answer of another container.
//!
//! ```yaml
//! api:       {labels: ["traefik.http.routers.api.rule=PathPrefix(`/api`)"]}
//! frontend:  {labels: ["traefik.http.routers.web.rule=!PathPrefix(`/api`)"]}    # takes `GET /health` of the api
//! ```

use crate::coverage::audit::{Audit, Evidence, Gap, Place, Priority, Route};
use crate::coverage::gaps::{gap, handler, what};
use crate::coverage::infrastructure::composition_of_production;
use crate::coverage::judge::Case;
use crate::source::{ComposeFile, Lead, Service};

/// Of the routes that one container takes, so many are named.
const MOST_ROUTES: usize = 12;

/// One gap for each container that takes routes of the app.
pub fn gaps(case: &Case<'_>, audit: &Audit) -> Vec<Gap> {
    let routes: Vec<(usize, &Route)> = audit
        .routes
        .iter()
        .enumerate()
        .filter(|(_, route)| route.served && !route.external && route.shadowed_by.is_none())
        .collect();
    let files = composition_of_production(case).into_iter();
    files.flat_map(|file| of_file(file, &routes)).collect()
}

fn of_file(file: &ComposeFile, routes: &[(usize, &Route)]) -> Vec<Gap> {
    let led: Vec<&Service> = file
        .services
        .iter()
        .filter(|one| !one.leads.is_empty())
        .collect();
    if led.iter().any(|service| service.has_changed_paths) {
        return Vec::new();
    }
    let number = |service: &Service| {
        let taken = routes
            .iter()
            .filter(|(_, route)| takes(service, &route.path) == Some(true));
        taken.count()
    };
    // The app runs where most of its paths lead, in a container that is built here.
    let built = led
        .iter()
        .copied()
        .filter(|service| service.build.is_some());
    let mut built: Vec<&Service> = built.collect();
    built.sort_by_key(|service| std::cmp::Reverse(number(service)));
    let app = match built.as_slice() {
        [app] => *app,
        [app, other, ..] if number(app) > number(other) => *app,
        _ => return Vec::new(),
    };
    let lost: Vec<&Route> = routes
        .iter()
        .filter(|(_, route)| takes(app, &route.path) == Some(false))
        .map(|(_, route)| *route)
        .collect();
    let others = led.iter().filter(|service| service.name != app.name);
    others
        .filter_map(|other| {
            let taken = lost.iter().copied();
            let taken = taken.filter(|route| takes(other, &route.path) == Some(true));
            let taken: Vec<&Route> = taken.collect();
            let is_app = number(app) >= number(other) && !taken.is_empty();
            is_app.then(|| of_other(file, app, other, &taken))
        })
        .collect()
}

/// Does one of its rules?
fn takes(service: &Service, path: &str) -> Option<bool> {
    let answers = service.leads.iter().map(|lead| lead.rule.takes(path));
    let answers: Vec<Option<bool>> = answers.collect();
    if answers.contains(&Some(true)) {
        return Some(true);
    }
    (!answers.contains(&None)).then_some(false)
}

fn of_other(file: &ComposeFile, app: &Service, other: &Service, taken: &[&Route]) -> Gap {
    let at = |lead: &Lead, says: String| Evidence {
        place: Place {
            file: file.path.clone(),
            line: lead.line,
        },
        says,
        rule: None,
    };
    let first = taken.first().map(|route| what(route)).unwrap_or_default();
    let title = match taken.len() {
        1 => format!(
            "the gateway of {} leads {first} to {}",
            file.path, other.name
        ),
        count => format!(
            "the gateway of {} leads {count} routes to {}: {first}, …",
            file.path, other.name
        ),
    };
    let takes = other.leads.iter().filter(|lead| {
        taken
            .iter()
            .any(|route| lead.rule.takes(&route.path) == Some(true))
    });
    let mut evidence: Vec<Evidence> = takes
        .map(|lead| at(lead, format!("{} takes what fits this rule", other.name)))
        .collect();
    let leaves = app.leads.last();
    evidence.extend(leaves.map(|lead| at(lead, format!("no rule of {} takes them", app.name))));
    evidence.extend(taken.iter().take(MOST_ROUTES).map(|route| handler(route)));
    // Some routes are meant for neighbours alone: health checks, metrics.
    gap(
        "route-behind-gateway",
        &format!("{}:{}:{}", file.path, app.name, other.name),
        Priority::P1,
        title,
        evidence,
        "let a rule of the gateway lead the paths to the app, and ask for one through the gateway in a test",
        None,
    )
    .only_possible()
}
