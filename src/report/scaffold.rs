//! The tests that are missing, written: a file for each file of handlers, with a test for each gap that a test closes.
//!
//! For `DELETE /orders/{order_id}` that no test is about, and tests beside which use the fixture `client`:
//!
//! ```python
//! def test_delete_orders_order_id(client):
//!     response = client.delete("/orders/1")
//!     assert 200 <= response.status_code < 300
//! ```
//!
//! A test asserts what covgap knows of the answer: its status. Values of parameters are those that other tests send, where some do.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;

use super::{text, words};
use crate::coverage::Audit;
use crate::coverage::audit::{Client, Gap, Given, Interface, Phase, Route, RouteKind};

/// The kinds that a request and an assertion close.
const KINDS: [&str; 5] = [
    "untested-route",
    "untested-websocket",
    "implementation-only-route",
    DOUBLED,
    "untested-error",
];
/// What the suite's own client reaches is doubled: here a client of the file's own has nothing replaced.
const DOUBLED: &str = "doubled-route";
/// Below are statuses of HTTP, with which a WebSocket is refused; how a test sees that differs between versions.
const FIRST_CLOSE_CODE: u16 = 1000;
/// The status that a request without a login gets.
const UNAUTHORIZED: u16 = 401;
/// A comment is cut to so many cells.
const MOST_CELLS: usize = 110;
/// What a parameter of a path is where no test says more.
const SOME_VALUE: &str = "1";
/// The fixture that a file makes itself, where the suite has none.
const OWN_FIXTURE: &str = "app_client";

/// Files to be written, and the gaps that no file closes.
pub struct Scaffold<'a> {
    pub files: Vec<NewFile>,
    pub left: Vec<&'a Gap>,
}

pub struct NewFile {
    /// From the project's root.
    pub path: String,
    pub text: String,
    pub tests: usize,
}

#[derive(Template)]
#[template(
    path = "scaffold.py",
    escape = "none",
    whitespace = "preserve",
    config = "templates/askama.toml"
)]
struct File {
    about: String,
    needs_pytest: bool,
    /// Some test asserts how a WebSocket is closed.
    needs_disconnect: bool,
    app: Option<App>,
    tests: Vec<NewTest>,
}

/// What a fixture of the file's own makes a client of.
struct App {
    module: String,
    attribute: String,
    is_factory: bool,
}

struct NewTest {
    name: String,
    fixture: String,
    /// The fixture and those that its request carries something of.
    parameters: String,
    is_awaited: bool,
    is_websocket: bool,
    /// The code with which the WebSocket is closed.
    closed: Option<u16>,
    marks: Vec<String>,
    /// Of the gap that it closes.
    gap: String,
    title: String,
    hints: Vec<String>,
    /// The client's method.
    send: String,
    arguments: String,
    options: &'static str,
    assertion: String,
}

/// The tests for these gaps.
pub fn of_gaps<'a>(audit: &'a Audit, gaps: &[&'a Gap]) -> Scaffold<'a> {
    let clients = Clients::new(audit);
    let mut files: BTreeMap<String, File> = BTreeMap::new();
    let mut left = Vec::new();
    for gap in gaps {
        match write(audit, &clients, gap, &mut files) {
            Some(()) => {}
            None => left.push(*gap),
        }
    }
    let files = files.into_iter().map(|(path, file)| NewFile {
        path,
        tests: file.tests.len(),
        text: file.render().unwrap_or_default() + "\n",
    });
    Scaffold {
        files: files.collect(),
        left,
    }
}

/// Why no test is written for gaps of a kind.
pub fn why_not(gap: &Gap) -> &'static str {
    match gap.kind.as_str() {
        "untested-error" if gap.status.is_some_and(|status| status < FIRST_CLOSE_CODE) => {
            "it refuses a WebSocket, or nothing that a new test could import sends its request"
        }
        kind if KINDS.contains(&kind) => "nothing that a new test could import sends its request",
        "doubled-infrastructure" | "skip-hides-infrastructure" => {
            "a real one must run beside the tests, which a test does not start"
        }
        "accepts-anything"
        | "swallowed-assert"
        | "test-asserts-nothing"
        | "impossible-status"
        | "skip-hides-failure"
        | "uncollectable-tests"
        | "lifespan-not-run"
        | "partial-initialization"
        | "absent-test-path" => "tests that are there must change, not new ones be written",
        "missing-setting" | "setting-differs" | "unreachable-service" => {
            "the configuration must change"
        }
        _ => "the code must change, and then a test be written of it",
    }
}

/// The file with the one test that closes a gap; nothing where none does.
pub(super) fn of_gap(audit: &Audit, clients: &Clients<'_>, gap: &Gap) -> Option<String> {
    let mut files = BTreeMap::new();
    write(audit, clients, gap, &mut files)?;
    files.into_values().next()?.render().ok()
}

/// Adds the test to its file; nothing where no request closes the gap, or where nothing can send it.
fn write(
    audit: &Audit,
    clients: &Clients<'_>,
    gap: &Gap,
    files: &mut BTreeMap<String, File>,
) -> Option<()> {
    let route = &audit.routes[gap.route.filter(|_| KINDS.contains(&gap.kind.as_str()))?];
    let handlers = route.handler.file.as_ref()?;
    let is_websocket = route.kind == RouteKind::Websocket;
    if is_websocket && gap.status.is_some_and(|status| status < FIRST_CLOSE_CODE) {
        return None;
    }
    let (client, given) = match clients.of(route) {
        Some(_) if gap.kind == DOUBLED => (None, Vec::new()),
        Some((client, given)) => (Some(client), given),
        None => (None, Vec::new()),
    };
    let app = match client {
        Some(_) => None,
        None => Some(app(&route.app)?),
    };
    let folder = match client {
        Some(client) => folder_of(audit, client),
        None => audit.tests.first().map(|test| parent(&test.place.file))?,
    };
    let path = format!(
        "{folder}test_gaps_{}.py",
        slug(handlers.trim_end_matches(".py"))
    );
    let file = files.entry(path).or_insert_with(|| File {
        about: text::cut(handlers, MOST_CELLS),
        needs_pytest: false,
        needs_disconnect: false,
        app: None,
        tests: Vec::new(),
    });
    let test = test(audit, route, gap, (client, &given), &file.tests);
    file.needs_disconnect |= test.closed.is_some();
    file.needs_pytest |= app.is_some() || !test.marks.is_empty() || test.closed.is_some();
    file.app = file.app.take().or(app);
    file.tests.push(test);
    Some(())
}

fn test(
    audit: &Audit,
    route: &Route,
    gap: &Gap,
    (client, given): (Option<&Client>, &[&Given]),
    others: &[NewTest],
) -> NewTest {
    // Who is to be refused for want of a login brings none.
    let given = match gap.status {
        Some(UNAUTHORIZED) => &[],
        Some(_) | None => given,
    };
    let (url, mut hints) = url(audit, route, client, gap.status);
    let has_body = matches!(route.method.as_str(), "POST" | "PUT" | "PATCH");
    if has_body {
        hints.push(match gap.status {
            None => format!("json: what {} takes", route.handler.name),
            Some(status) => format!("json: what is answered {status}"),
        });
    }
    match gap.evidence.first().filter(|_| gap.status.is_some()) {
        Some(evidence) => hints.push(format!(
            "what provokes {} ({})",
            evidence.says, evidence.place
        )),
        None => hints.push("assert what the answer holds".to_owned()),
    }
    let (send, arguments) = match route.method.as_str() {
        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" => {
            (route.method.to_lowercase(), literal(&url))
        }
        "" => ("get".to_owned(), literal(&url)),
        other => (
            "request".to_owned(),
            format!("{}, {}", literal(other), literal(&url)),
        ),
    };
    let fixture = client.map_or(OWN_FIXTURE, |client| &client.fixture);
    let mut parameters = vec![fixture];
    let mut arguments = arguments;
    for one in given {
        if !parameters.contains(&one.fixture.as_str()) {
            parameters.push(&one.fixture);
        }
        arguments += &format!(", {}={}", one.keyword, one.value);
    }
    let is_websocket = route.kind == RouteKind::Websocket;
    NewTest {
        name: name(route, gap.status, others),
        fixture: fixture.to_owned(),
        parameters: parameters.join(", "),
        closed: gap.status.filter(|_| is_websocket),
        is_awaited: client.is_some_and(|client| client.is_awaited),
        is_websocket,
        marks: client
            .map(|client| client.marks.clone())
            .unwrap_or_default(),
        gap: text::cut(&gap.id, MOST_CELLS),
        title: text::cut(&gap.title, MOST_CELLS),
        hints: hints
            .iter()
            .map(|hint| text::cut(hint, MOST_CELLS))
            .collect(),
        send,
        arguments,
        options: if has_body { ", json={}" } else { "" },
        assertion: assertion(audit, route, gap.status),
    }
}

/// The error, or the success that its registration says, or that other tests of it assert, or any.
fn assertion(audit: &Audit, route: &Route, status: Option<u16>) -> String {
    let exercises = route.exercises.iter().map(|&at| &audit.exercises[at]);
    let asserted: BTreeSet<u16> = exercises
        .flat_map(|exercise| exercise.statuses.iter().copied())
        .filter(|status| (200..300).contains(status))
        .collect();
    match (status.or(route.success), asserted.len(), asserted.first()) {
        (Some(status), _, _) => format!("response.status_code == {status}"),
        (None, 1, Some(status)) => format!("response.status_code == {status}"),
        (None, _, _) => "200 <= response.status_code < 300".to_owned(),
    }
}

/// With parameters filled in, and without what the client puts before it; then what is to be known of the parameters.
fn url(
    audit: &Audit,
    route: &Route,
    client: Option<&Client>,
    status: Option<u16>,
) -> (String, Vec<String>) {
    let mut hints = Vec::new();
    let sent = sent_values(audit, &route.path);
    let segments = route.path.split('/').enumerate().map(|(at, segment)| {
        let Some((before, rest)) = segment.split_once('{') else {
            return segment.to_owned();
        };
        let (parameter, after) = rest.split_once('}').unwrap_or((rest, ""));
        let parameter = parameter.split(':').next().unwrap_or(parameter);
        let which = match status {
            Some(404) => "of something that is not there",
            Some(422) => "that does not validate, or one of something that is there",
            Some(_) | None => "of something that is there",
        };
        hints.push(format!("{parameter}: one {which}"));
        let value = sent.get(&at).map_or(SOME_VALUE, String::as_str);
        if before.is_empty() && after.is_empty() {
            value.to_owned()
        } else {
            format!("{before}{SOME_VALUE}{after}")
        }
    });
    let path = segments.collect::<Vec<String>>().join("/");
    let base = client.map_or("", |client| without_host(&client.base));
    let path = match path.strip_prefix(base.trim_end_matches('/')) {
        Some(rest) if rest.starts_with('/') => rest.to_owned(),
        Some(_) | None => path,
    };
    (path, hints)
}

/// The path of a URL; empty where it has none.
fn without_host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or("", |at| &rest[at..])
}

/// What requests to routes of the same path have in the places of its parameters, by segment.
fn sent_values(audit: &Audit, path: &str) -> BTreeMap<usize, String> {
    let mut values = BTreeMap::new();
    let same = audit.routes.iter().filter(|route| route.path == path);
    for &at in same.flat_map(|route| &route.exercises) {
        let exercise = &audit.exercises[at];
        let url = without_host(&exercise.url);
        let url = url.split(['?', '#']).next().unwrap_or(url);
        let segments: Vec<&str> = url.split('/').collect();
        if exercise.interface != Interface::Http || segments.len() != path.split('/').count() {
            continue;
        }
        for (at, (template, value)) in path.split('/').zip(segments).enumerate() {
            if template.starts_with('{') && !value.is_empty() && !value.contains('{') {
                values.entry(at).or_insert_with(|| value.to_owned());
            }
        }
    }
    values
}

fn name(route: &Route, status: Option<u16>, others: &[NewTest]) -> String {
    let mut name = format!(
        "test_{}_{}",
        slug(words::route_method(route)),
        slug(&route.path)
    );
    if let Some(status) = status {
        name += &format!("_answers_{status}");
    }
    let is_taken = |name: &str| others.iter().any(|other| other.name == name);
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    std::iter::once(name.clone())
        .chain(numbered)
        .find(|name| !is_taken(name))
        .unwrap_or(name)
}

/// What can stand in a name: `api_v1_items_item_id`.
fn slug(text: &str) -> String {
    let words = text.split(|character: char| !character.is_ascii_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    if words.is_empty() {
        return "root".to_owned();
    }
    words.join("_")
}

/// A string of Python.
fn literal(text: &str) -> String {
    let mut literal = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                literal.push('\\');
                literal.push(character);
            }
            active if text::is_active(active) => {
                literal += &format!("\\U{:08x}", u32::from(active));
            }
            harmless => literal.push(harmless),
        }
    }
    literal.push('"');
    literal
}

/// `shop.main:app`, or `shop.main:create_app()`; none for what cannot be imported by such a name.
fn app(label: &str) -> Option<App> {
    let (module, attribute) = label.split_once(':')?;
    let is_factory = attribute.ends_with("()");
    let attribute = attribute.trim_end_matches("()");
    let is_name = |name: &str| {
        name.chars()
            .all(|character| character == '_' || character.is_alphanumeric())
            && name.starts_with(|first: char| first == '_' || first.is_alphabetic())
    };
    let is_importable = module.split('.').all(is_name) && is_name(attribute);
    is_importable.then(|| App {
        module: module.to_owned(),
        attribute: attribute.to_owned(),
        is_factory,
    })
}

/// Where a new test finds the client: beside the conftest, or beside a test that uses it.
fn folder_of(audit: &Audit, client: &Client) -> String {
    let is_conftest = client.file == "conftest.py" || client.file.ends_with("/conftest.py");
    match client.tests.first() {
        Some(&test) if !is_conftest => parent(&audit.tests[test].place.file),
        Some(_) | None => parent(&client.file),
    }
}

/// With a slash at its end; empty for the root.
fn parent(file: &str) -> String {
    file.rfind('/').map_or("", |at| &file[..=at]).to_owned()
}

/// An app, a file of handlers in it, and whether a client must open WebSockets.
type Beside<'a> = (&'a str, Option<&'a str>, RouteKind);

/// Which client a test of a route asks for.
pub(super) struct Clients<'a> {
    audit: &'a Audit,
    /// The clients of each test.
    by_test: BTreeMap<usize, Vec<usize>>,
    chosen: BTreeMap<Beside<'a>, (&'a Client, Vec<&'a Given>)>,
}

impl<'a> Clients<'a> {
    pub(super) fn new(audit: &'a Audit) -> Clients<'a> {
        let mut by_test: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, client) in audit.clients.iter().enumerate() {
            for &test in &client.tests {
                by_test.entry(test).or_default().push(at);
            }
        }
        let mut clients = Clients {
            audit,
            by_test,
            chosen: BTreeMap::new(),
        };
        let all: BTreeSet<Beside<'a>> = audit.routes.iter().map(beside).collect();
        for one in all {
            if let Some(client) = clients.choose(one) {
                let given = clients.given(one, client);
                clients.chosen.insert(one, (client, given));
            }
        }
        clients
    }

    /// With what its requests to the routes beside mostly carry.
    fn of(&self, route: &Route) -> Option<(&'a Client, Vec<&'a Given>)> {
        let (client, given) = self.chosen.get(&beside(route))?;
        Some((client, given.clone()))
    }

    /// What tests that reach the routes of the file through the client give to their requests, else those of the app.
    fn given(&self, (app, file, _): Beside<'_>, client: &Client) -> Vec<&'a Given> {
        let audit = self.audit;
        let reaching = |is_asked: &dyn Fn(&Route) -> bool| -> BTreeSet<usize> {
            let routes = audit.routes.iter().filter(|route| is_asked(route));
            let exercises = routes.flat_map(|route| &route.exercises);
            let exercises = exercises.map(|&at| &audit.exercises[at]);
            exercises
                .filter(|one| one.interface != Interface::Direct && one.phase == Phase::Call)
                .map(|one| one.test)
                .filter(|test| client.tests.contains(test))
                .collect()
        };
        let beside = reaching(&|route| route.app == app && route.handler.file.as_deref() == file);
        if beside.is_empty() {
            return mostly(audit, &reaching(&|route| route.app == app));
        }
        mostly(audit, &beside)
    }

    /// The client that most requests to the routes of the file go through, else most to the routes of its app.
    fn choose(&self, (app, file, kind): Beside<'_>) -> Option<&'a Client> {
        let audit = self.audit;
        let mut requests: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        for route in audit.routes.iter().filter(|route| route.app == app) {
            let is_beside = route.handler.file.as_deref() == file;
            let exercises = route.exercises.iter().map(|&at| &audit.exercises[at]);
            for exercise in exercises.filter(|one| one.interface != Interface::Direct) {
                for &client in self.by_test.get(&exercise.test).into_iter().flatten() {
                    let (beside, all) = requests.entry(client).or_default();
                    *beside += usize::from(is_beside);
                    *all += 1;
                }
            }
        }
        let can_send = |client: &Client| match kind {
            RouteKind::Http => true,
            RouteKind::Websocket => client.has_websockets && !client.is_awaited,
        };
        requests
            .into_iter()
            .filter(|&(client, _)| can_send(&audit.clients[client]))
            .max_by_key(|&(client, numbers)| (numbers, std::cmp::Reverse(client)))
            .map(|(client, _)| &audit.clients[client])
    }
}

/// Of each keyword what most of the tests carry, if more than half of them carry it.
fn mostly<'a>(audit: &'a Audit, tests: &BTreeSet<usize>) -> Vec<&'a Given> {
    let mut best: BTreeMap<&str, (usize, &Given)> = BTreeMap::new();
    for given in &audit.given {
        let number = given.tests.iter().filter(|one| tests.contains(one)).count();
        let known = best
            .get(given.keyword.as_str())
            .map_or(0, |(known, _)| *known);
        if number * 2 > tests.len() && number > known {
            best.insert(&given.keyword, (number, given));
        }
    }
    best.into_values().map(|(_, given)| given).collect()
}

fn beside(route: &Route) -> Beside<'_> {
    (&route.app, route.handler.file.as_deref(), route.kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_a_project_are_names_and_strings() {
        assert_eq!(slug("/api/v1/{item_id}"), "api_v1_item_id");
        assert_eq!(slug("/"), "root");
        assert_eq!(literal("/a\"b\\c\n"), "\"/a\\\"b\\\\c\\U0000000a\"");
        assert_eq!(without_host("http://test/api"), "/api");
        assert_eq!(without_host("http://test"), "");
        assert_eq!(without_host("/items/1"), "/items/1");
    }

    #[test]
    fn apps_are_imported_by_name() {
        let case = |label: &str, expected: Option<(&str, &str, bool)>| {
            let found = app(label).map(|app| (app.module, app.attribute, app.is_factory));
            let expected =
                expected.map(|(module, name, is_factory)| (module.into(), name.into(), is_factory));
            assert_eq!(found, expected, "{label}");
        };
        case("shop.main:app", Some(("shop.main", "app", false)));
        case(
            "shop.main:create_app()",
            Some(("shop.main", "create_app", true)),
        );
        case("shop.main", None);
        case("shop.main:app; import os", None);
    }
}
