//! Tests that are not of one route that is there: of the start-up, of infrastructure, of settings, and of what the frontend asks for.
//!
//! For a step of the start-up that no test runs:
//!
//! ```python
//! def test_the_start_up_runs(app_client):          # a fixture of the file: `with TestClient(app) as client`
//!     response = app_client.get("/health")
//!     assert response.status_code == 200
//! ```

use std::collections::BTreeMap;

use super::clients::Clients;
use super::files::{App, Body, LIFESPAN, NewTest, OWN_FIXTURE, Planned, Production};
use super::files::{app, closes, folder_of, is_about, literal, own_folder, slug};
use super::requests::{self, SOME_VALUE, assertion, sent};
use crate::coverage::Audit;
use crate::coverage::audit::{
    Client, Confidence, Environment, Gap, Interface, Phase, Replaced, Route, RouteKind, Verdict,
};

/// Of a request of which nothing says how it is answered.
const NO_FAILURE: &str = "response.status_code < 500";

/// The first of the routes through which tests meet a double of it, with nothing replaced.
pub(super) fn with_the_real_one(audit: &Audit, gap: &Gap) -> Option<Planned> {
    // A request that may not come as far as it closes nothing for sure.
    let name = gap
        .about
        .as_ref()
        .filter(|_| gap.confidence == Confidence::Certain)?;
    let mut all = audit.infrastructure.iter();
    let one = all.find(|one| one.name == *name)?;
    // What few tests replace, they replace for their own requests; what all of them do may be for none.
    let mut replaced: Vec<&Replaced> = one.replaced.iter().collect();
    replaced.sort_by_key(|one| one.tests.len());
    let mut routes = replaced
        .iter()
        .filter_map(|one| most_requested(audit, &one.tests));
    let route = &audit.routes[routes.next()?];
    let mut planned = requests::planned(audit, route, gap, (None, &[]))?;
    let hint = format!("{name}: a real one beside the tests, and the settings that name it");
    planned.test.hints.insert(0, hint);
    Some(planned)
}

/// The route that most requests of the tests reach.
fn most_requested(audit: &Audit, tests: &[usize]) -> Option<usize> {
    let mut numbers: BTreeMap<usize, usize> = BTreeMap::new();
    for &at in tests.iter().flat_map(|test| &audit.tests[*test].exercises) {
        let exercise = &audit.exercises[at];
        let is_request = exercise.interface == Interface::Http && exercise.phase == Phase::Call;
        if let Some(route) = exercise.route.filter(|_| is_request) {
            *numbers.entry(route).or_default() += 1;
        }
    }
    let most = numbers.into_iter();
    let (route, _) = most.max_by_key(|&(route, number)| (number, std::cmp::Reverse(route)))?;
    Some(route)
}

/// A request through a client that is entered, of the one app that production serves.
pub(super) fn start_up(audit: &Audit, gap: &Gap) -> Option<Planned> {
    let [(label, _)] = audit.project.apps.as_slice() else {
        return None;
    };
    let app = app(label)?;
    let route = simplest(audit, label);
    let (send, arguments) = sent("GET", route.map_or("/", |route| &route.path));
    let is_sure = |route: &&Route| is_reached(route) || needs(route) == 0;
    let assertion = route.filter(is_sure).map_or_else(
        || NO_FAILURE.to_owned(),
        |route| assertion(audit, route, None),
    );
    let body = Body::Request {
        send,
        arguments,
        options: "",
        assertion,
    };
    let about = match gap.evidence.first().filter(|_| gap.kind == LIFESPAN) {
        Some(made) => is_about(
            gap,
            &format!("closed when that of {} is entered, too", made.place),
        ),
        None => closes(gap),
    };
    let hints = [
        "settings and infrastructure, as the start-up needs them",
        "assert what the start-up leaves behind",
    ];
    own(audit, "the start-up", Some(app), body, about, &hints)
}

/// A route that is asked for without a parameter: best one that needs nothing, seldom fails, and that tests reach.
fn simplest<'a>(audit: &'a Audit, app: &str) -> Option<&'a Route> {
    let routes = audit.routes.iter().filter(|route| {
        let is_plain = route.kind == RouteKind::Http && route.method == "GET";
        is_plain && route.served && route.app == app && route.shadowed_by.is_none()
    });
    routes
        .filter(|route| !route.path.contains('{'))
        .min_by_key(|route| {
            let is_reached = is_reached(route);
            (needs(route), !is_reached, route.path.len())
        })
}

fn is_reached(route: &Route) -> bool {
    route.verdict == Verdict::Behavior
}

/// So much that a request without anything may lack.
fn needs(route: &Route) -> usize {
    route.dependencies.len() + route.error_branches.len()
}

/// Production's file of settings has it.
pub(super) fn setting(audit: &Audit, gap: &Gap) -> Option<Planned> {
    let name = gap.about.as_ref()?;
    let mut files: BTreeMap<&str, usize> = BTreeMap::new();
    for one in audit.settings.iter().flat_map(|setting| &setting.provided) {
        if one.environment == Environment::Production && one.is_in_env_file {
            *files.entry(&one.place.file).or_default() += 1;
        }
    }
    let most = files.into_iter();
    let (file, _) = most.max_by_key(|&(file, number)| (number, std::cmp::Reverse(file)))?;
    let folder = own_folder(audit)?;
    let production = Production {
        up: folder.matches('/').count(),
        file: literal(file),
    };
    let body = Body::Setting {
        name: literal(name),
    };
    let about = is_about(gap, "fails until it is provided");
    let mut planned = own(audit, "production's settings", None, body, about, &[])?;
    planned.production = Some(production);
    planned.test.name = format!("test_production_has_{}", slug(name));
    planned.test.parameters.clear();
    Some(planned)
}

/// The request as the frontend sends it.
pub(super) fn call(audit: &Audit, clients: &Clients<'_>, gap: &Gap) -> Option<Planned> {
    let (method, path) = gap.about.as_ref()?.split_once(" /")?;
    let url = format!("/{}", path.replace("{}", SOME_VALUE));
    let is_websocket = gap.kind == "websocket-without-route";
    let client = clients.most_used(is_websocket);
    let app = match (client, audit.project.apps.as_slice()) {
        (Some(_), _) => None,
        (None, [(label, _)]) => Some(app(label)?),
        (None, _) => return None,
    };
    let (send, arguments) = sent(method, &url);
    let body = if is_websocket {
        Body::Connect {
            arguments: literal(&url),
        }
    } else {
        let has_body = matches!(method, "POST" | "PUT" | "PATCH");
        Body::Request {
            send,
            arguments,
            options: if has_body { ", json={}" } else { "" },
            assertion: "response.status_code < 400".to_owned(),
        }
    };
    let about = is_about(gap, "fails until a route serves it");
    let hints: &[&str] = match (is_websocket, path.contains("{}")) {
        (false, false) => &["what the frontend sends with it"],
        (false, true) => &["what the frontend sends with it, and the values of its path"],
        (true, _) => &["the values of its path, and a message that it is to be sent"],
    };
    let mut planned = own(audit, "the frontend", app, body, about, hints)?;
    planned.test.name = format!("test_frontend_{}_{}", slug(method), slug(path));
    if let Some(client) = client {
        through(&mut planned, audit, client);
    }
    Some(planned)
}

fn through(planned: &mut Planned, audit: &Audit, client: &Client) {
    planned.folder = folder_of(audit, client);
    let test = &mut planned.test;
    test.fixture.clone_from(&client.fixture);
    test.parameters.clone_from(&client.fixture);
    test.marks.clone_from(&client.marks);
    test.is_awaited = client.is_awaited;
}

/// A test of a file that has a client of its own.
fn own(
    audit: &Audit,
    subject: &str,
    app: Option<App>,
    body: Body,
    about: String,
    hints: &[&str],
) -> Option<Planned> {
    Some(Planned {
        folder: own_folder(audit)?,
        subject: subject.to_owned(),
        app,
        production: None,
        test: NewTest {
            name: format!("test_{}_runs", slug(subject)),
            fixture: OWN_FIXTURE.to_owned(),
            parameters: OWN_FIXTURE.to_owned(),
            is_awaited: false,
            marks: Vec::new(),
            gaps: vec![about],
            hints: hints.iter().map(|hint| (*hint).to_owned()).collect(),
            body,
        },
    })
}
