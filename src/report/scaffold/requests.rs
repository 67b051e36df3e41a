//! Tests of routes: one request, and how it is answered.
//!
//! For the 403 of a WebSocket `/feed`, which no test asserts:
//!
//! ```python
//! def test_ws_feed_answers_403(client):
//!     with pytest.raises(WebSocketDenialResponse) as refused:
//!         with client.websocket_connect("/feed") as websocket:
//!             websocket.receive_json()
//!     assert refused.value.status_code == 403
//! ```

use std::collections::{BTreeMap, BTreeSet};

use super::clients::Clients;
use super::files::{Body, DOUBLED, MOST_CELLS, NewTest, OWN_FIXTURE, Planned, UNHANDLED};
use super::files::{app, closes, folder_of, is_about, literal, own_folder, slug};
use crate::coverage::Audit;
use crate::coverage::audit::{Client, Gap, Given, Interface, Route, RouteKind};
use crate::report::{text, words};

/// The kinds that are about one route, and that a request and an assertion close.
pub(super) const KINDS: [&str; 6] = [
    "untested-route",
    "untested-websocket",
    "implementation-only-route",
    DOUBLED,
    "untested-error",
    UNHANDLED,
];
/// Below are statuses of HTTP, with which a WebSocket is refused.
const FIRST_CLOSE_CODE: u16 = 1000;
/// The status that a request without a login gets.
const UNAUTHORIZED: u16 = 401;
/// What a parameter of a path is where no test says more.
pub(super) const SOME_VALUE: &str = "1";

/// Through the client that the tests beside use, or one of its own where they have none, or where it replaces something.
pub(super) fn of_route(audit: &Audit, clients: &Clients<'_>, gap: &Gap) -> Option<Planned> {
    let route = &audit.routes[gap.route?];
    let (client, given) = match clients.of(route) {
        Some(_) if gap.kind == DOUBLED => (None, Vec::new()),
        Some((client, given)) => (Some(client), given),
        None => (None, Vec::new()),
    };
    planned(audit, route, gap, (client, &given))
}

/// A test of the route for the gap; through a client of its own where there is none.
pub(super) fn planned(
    audit: &Audit,
    route: &Route,
    gap: &Gap,
    (client, given): (Option<&Client>, &[&Given]),
) -> Option<Planned> {
    let subject = route.handler.file.clone()?;
    let (folder, app) = match client {
        Some(client) => (folder_of(audit, client), None),
        None => (own_folder(audit)?, Some(app(&route.app)?)),
    };
    Some(Planned {
        folder,
        subject,
        app,
        production: None,
        test: test(audit, route, gap, (client, given)),
    })
}

fn test(
    audit: &Audit,
    route: &Route,
    gap: &Gap,
    (client, given): (Option<&Client>, &[&Given]),
) -> NewTest {
    // Who is to be refused for want of a login brings none.
    let given = match gap.status {
        Some(UNAUTHORIZED) => &[],
        Some(_) | None => given,
    };
    let is_unhandled = gap.kind == UNHANDLED;
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
    let (send, mut arguments) = sent(&route.method, &url);
    let fixture = client.map_or(OWN_FIXTURE, |client| &client.fixture);
    let mut parameters = vec![fixture];
    for one in given {
        if !parameters.contains(&one.fixture.as_str()) {
            parameters.push(&one.fixture);
        }
        arguments += &format!(", {}={}", one.keyword, one.value);
    }
    let body = match (route.kind, gap.status) {
        (RouteKind::Websocket, None) => Body::Connect { arguments },
        (RouteKind::Websocket, Some(status)) if status < FIRST_CLOSE_CODE => {
            Body::Refused { arguments, status }
        }
        (RouteKind::Websocket, Some(code)) => Body::Closed { arguments, code },
        (RouteKind::Http, status) => Body::Request {
            send,
            arguments,
            options: if has_body { ", json={}" } else { "" },
            assertion: if is_unhandled {
                "response.status_code < 500".to_owned()
            } else {
                assertion(audit, route, status)
            },
        },
    };
    NewTest {
        name: name(route, gap.status),
        fixture: fixture.to_owned(),
        parameters: parameters.join(", "),
        is_awaited: client.is_some_and(|client| client.is_awaited),
        marks: client
            .map(|client| client.marks.clone())
            .unwrap_or_default(),
        gaps: vec![if is_unhandled {
            is_about(gap, "fails until it is turned into an answer")
        } else {
            closes(gap)
        }],
        hints: hints
            .iter()
            .map(|hint| text::cut(hint, MOST_CELLS))
            .collect(),
        body,
    }
}

/// The client's method, and its arguments.
pub(super) fn sent(method: &str, url: &str) -> (String, String) {
    match method {
        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" => {
            (method.to_lowercase(), literal(url))
        }
        "" => ("get".to_owned(), literal(url)),
        other => (
            "request".to_owned(),
            format!("{}, {}", literal(other), literal(url)),
        ),
    }
}

/// The error, or the success that its registration says, or that other tests of it assert, or any.
pub(super) fn assertion(audit: &Audit, route: &Route, status: Option<u16>) -> String {
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
pub(super) fn without_host(url: &str) -> &str {
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

fn name(route: &Route, status: Option<u16>) -> String {
    let method = words::route_method(route);
    let answers = status.map_or_else(String::new, |status| format!("_answers_{status}"));
    format!("test_{}_{}{answers}", slug(method), slug(&route.path))
}
