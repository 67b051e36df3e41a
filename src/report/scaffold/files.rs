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
//! For some kinds the code or the configuration must change, and the test that is written fails until it has.

use std::collections::BTreeMap;

use askama::Template;

use super::clients::Clients;
use super::{others, requests};
use crate::coverage::Audit;
use crate::coverage::audit::{Client, Gap};
use crate::report::text;
use crate::source::paths;

/// What the suite's own client reaches is doubled: here a client of the file's own has nothing replaced.
pub(super) const DOUBLED: &str = "doubled-route";
pub(super) const UNHANDLED: &str = "unhandled-exception";
pub(super) const LIFESPAN: &str = "lifespan-not-run";
const MISSING_SETTING: &str = "missing-setting";
/// A comment is cut to so many cells.
pub(super) const MOST_CELLS: usize = 110;
/// The fixture that a file makes itself, where the suite has none.
pub(super) const OWN_FIXTURE: &str = "app_client";

/// Files to be written, and the gaps for which none is.
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
    /// Some test asserts the status with which a WebSocket is refused.
    needs_denial: bool,
    production: Option<Production>,
    app: Option<App>,
    tests: Vec<NewTest>,
}

/// What a fixture of the file's own makes a client of.
#[derive(Clone)]
pub(super) struct App {
    module: String,
    attribute: String,
    is_factory: bool,
}

/// The file in which production's settings stand.
#[derive(Clone)]
pub(super) struct Production {
    /// From the folder of the test, so many folders up is the project's root.
    pub up: usize,
    /// A string of Python.
    pub file: String,
}

pub(super) struct NewTest {
    pub name: String,
    pub fixture: String,
    /// The fixture and those that its request carries something of.
    pub parameters: String,
    pub is_awaited: bool,
    pub marks: Vec<String>,
    /// A line for each gap that it is about.
    pub gaps: Vec<String>,
    pub hints: Vec<String>,
    pub body: Body,
}

#[derive(PartialEq, Eq)]
pub(super) enum Body {
    Request {
        /// The client's method.
        send: String,
        arguments: String,
        options: &'static str,
        assertion: String,
    },
    Connect {
        arguments: String,
    },
    /// The code with which the WebSocket is closed.
    Closed {
        arguments: String,
        code: u16,
    },
    /// The status of HTTP with which it is refused.
    Refused {
        arguments: String,
        status: u16,
    },
    /// A string of Python: what production's file has.
    Setting {
        name: String,
    },
}

/// A test, and where it goes.
pub(super) struct Planned {
    /// With a slash at its end; empty for the root.
    pub folder: String,
    /// A file of handlers, or what else the tests of the new file have in common.
    pub subject: String,
    pub app: Option<App>,
    pub production: Option<Production>,
    pub test: NewTest,
}

/// The tests for these gaps.
pub fn of_gaps<'a>(audit: &'a Audit, gaps: &[&'a Gap]) -> Scaffold<'a> {
    let clients = Clients::new(audit);
    let mut files: BTreeMap<String, File> = BTreeMap::new();
    let mut left = Vec::new();
    for gap in gaps {
        match plan(audit, &clients, gap) {
            Some(planned) => put(planned, &mut files),
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

/// Why no test is written for a gap.
pub fn why_not(gap: &Gap) -> &'static str {
    match gap.kind.as_str() {
        "doubled-infrastructure" => {
            "a real one must run beside a test, and no request of a test is known that leads to it"
        }
        "skip-hides-infrastructure" => {
            "a real one must run beside the tests, and they fail where it does not"
        }
        "accepts-anything"
        | "swallowed-assert"
        | "test-asserts-nothing"
        | "impossible-status"
        | "skip-hides-failure"
        | "uncollectable-tests"
        | "absent-test-path" => "tests that are there must change, not new ones be written",
        LIFESPAN | "partial-initialization" => {
            "a test must run the start-up, and which app has it is not known by one name"
        }
        MISSING_SETTING | "setting-differs" | "unreachable-service" => {
            "the configuration must change"
        }
        "call-without-route" | "websocket-without-route" => {
            "a route must be added or the URL corrected; nothing that a new test could import sends the request"
        }
        "degraded-answer" => {
            "a double must make what the handler asks fail, and which one is the project's to say"
        }
        "missing-provider" => "the frontend must change: its tests are not pytest's",
        kind if requests::KINDS.contains(&kind) && gap.route.is_some() => {
            "nothing that a new test could import sends its request"
        }
        _ => "the code must change, and then a test be written of it",
    }
}

/// What the page says above the test of a gap of the kind.
pub(in crate::report) fn heading(kind: &str) -> &'static str {
    match kind {
        UNHANDLED | MISSING_SETTING => "The test that fails until it is closed",
        "call-without-route" | "websocket-without-route" => {
            "The test that fails until a route serves it"
        }
        LIFESPAN => "A client that is entered, and a test through it: make the other one like this",
        "doubled-infrastructure" => "The test that closes it, with a real one beside it",
        _ => "The test that closes it",
    }
}

/// The file with the one test for a gap; nothing where none is written.
pub(in crate::report) fn of_gap(audit: &Audit, clients: &Clients<'_>, gap: &Gap) -> Option<String> {
    let mut files = BTreeMap::new();
    put(plan(audit, clients, gap)?, &mut files);
    files.into_values().next()?.render().ok()
}

/// Nothing where no test closes the gap, or where nothing can send its request.
fn plan(audit: &Audit, clients: &Clients<'_>, gap: &Gap) -> Option<Planned> {
    match gap.kind.as_str() {
        "doubled-infrastructure" => others::with_the_real_one(audit, gap),
        LIFESPAN | "partial-initialization" => others::start_up(audit, gap),
        MISSING_SETTING => others::setting(audit, gap),
        "call-without-route" | "websocket-without-route" => others::call(audit, clients, gap),
        kind if requests::KINDS.contains(&kind) => requests::of_route(audit, clients, gap),
        _ => None,
    }
}

/// Adds the test to its file, or the gap to the test that is the same.
fn put(planned: Planned, files: &mut BTreeMap<String, File>) {
    let path = format!(
        "{}test_gaps_{}.py",
        planned.folder,
        slug(planned.subject.trim_end_matches(".py"))
    );
    let file = files.entry(path).or_insert_with(|| File {
        about: text::cut(&planned.subject, MOST_CELLS),
        needs_pytest: false,
        needs_disconnect: false,
        needs_denial: false,
        production: None,
        app: None,
        tests: Vec::new(),
    });
    let mut test = planned.test;
    let is_closed = matches!(test.body, Body::Closed { .. });
    let is_refused = matches!(test.body, Body::Refused { .. });
    file.needs_disconnect |= is_closed;
    file.needs_denial |= is_refused;
    file.needs_pytest |= planned.app.is_some() || !test.marks.is_empty() || is_closed || is_refused;
    file.app = file.app.take().or(planned.app);
    file.production = file.production.take().or(planned.production);
    let mut tests = file.tests.iter_mut();
    let same = tests.find(|known| known.body == test.body && known.parameters == test.parameters);
    if let Some(known) = same {
        let new = |hint: &String| !known.hints.contains(hint);
        let hints: Vec<String> = test.hints.into_iter().filter(new).collect();
        known.hints.extend(hints);
        known.gaps.extend(test.gaps);
        return;
    }
    test.name = unused(test.name, &file.tests);
    file.tests.push(test);
}

/// The name, with a number where other tests have it already.
fn unused(name: String, others: &[NewTest]) -> String {
    let is_taken = |name: &str| others.iter().any(|other| other.name == name);
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    std::iter::once(name.clone())
        .chain(numbered)
        .find(|name| !is_taken(name))
        .unwrap_or(name)
}

/// The comment on a test that closes the gap.
pub(super) fn closes(gap: &Gap) -> String {
    format!("{}: covgap explain {}", title(gap), id(gap))
}

/// The comment on a test that is not enough.
pub(super) fn is_about(gap: &Gap, what_else: &str) -> String {
    format!("{} (covgap explain {}): {what_else}", title(gap), id(gap))
}

fn title(gap: &Gap) -> String {
    text::cut(&gap.title, MOST_CELLS)
}

fn id(gap: &Gap) -> String {
    text::cut(&gap.id, MOST_CELLS)
}

/// Where a file with a client of its own stands: beside the first of the tests.
pub(super) fn own_folder(audit: &Audit) -> Option<String> {
    audit.tests.first().map(|test| parent(&test.place.file))
}

/// What can stand in a name: `api_v1_items_item_id`.
pub(super) fn slug(text: &str) -> String {
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
pub(super) fn literal(text: &str) -> String {
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
pub(super) fn app(label: &str) -> Option<App> {
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
pub(super) fn folder_of(audit: &Audit, client: &Client) -> String {
    let is_conftest = paths::is_conftest(&client.file);
    match client.tests.first() {
        Some(&test) if !is_conftest => parent(&audit.tests[test].place.file),
        Some(_) | None => parent(&client.file),
    }
}

/// With a slash at its end; empty for the root.
fn parent(file: &str) -> String {
    file.rfind('/').map_or("", |at| &file[..=at]).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_a_project_are_names_and_strings() {
        assert_eq!(slug("/api/v1/{item_id}"), "api_v1_item_id");
        assert_eq!(slug("/"), "root");
        assert_eq!(literal("/a\"b\\c\n"), "\"/a\\\"b\\\\c\\U0000000a\"");
        assert_eq!(requests::without_host("http://test/api"), "/api");
        assert_eq!(requests::without_host("http://test"), "");
        assert_eq!(requests::without_host("/items/1"), "/items/1");
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
