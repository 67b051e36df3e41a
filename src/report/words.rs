//! How the values of an audit are spelled, the same in every format.
//!
//! `client.get("/items/1")` in a test's body is the word `interface`; the same call in a fixture is `setup`.

use crate::coverage::Audit;
use crate::coverage::audit::{
    BarState, BranchKind, Confidence, Exercise, Interface, Phase, Priority, Route, RouteKind, Side,
    Target, Transport,
};

/// How a test touched something. Ordered from the best to the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Contact {
    Interface,
    Doubled,
    Setup,
    Direct,
    NeverRuns,
}

/// The contact of one exercise.
pub(crate) fn contact_of(audit: &Audit, exercise: &Exercise) -> Contact {
    if !audit.tests[exercise.test].runs {
        return Contact::NeverRuns;
    }
    match (exercise.interface, exercise.phase) {
        (Interface::Direct, Phase::Setup | Phase::Call) => Contact::Direct,
        (Interface::Http | Interface::Websocket | Interface::Browser, Phase::Setup) => {
            Contact::Setup
        }
        (Interface::Http | Interface::Websocket | Interface::Browser, Phase::Call) => {
            if exercise.doubles.is_empty() {
                Contact::Interface
            } else {
                Contact::Doubled
            }
        }
    }
}

pub(crate) fn contact(contact: Contact) -> &'static str {
    match contact {
        Contact::Interface => "interface",
        Contact::Doubled => "doubled",
        Contact::Setup => "setup",
        Contact::Direct => "direct",
        Contact::NeverRuns => "never runs",
    }
}

/// Do the bars count it?
pub(crate) fn is_counted(route: &Route) -> bool {
    route.served && route.shadowed_by.is_none() && !route.external
}

/// `GET /items/{id}`, `WS /events`.
pub(crate) fn route_name(route: &Route) -> String {
    format!("{} {}", route_method(route), route.path)
}

pub(crate) fn route_method(route: &Route) -> &str {
    match route.kind {
        RouteKind::Http => &route.method,
        RouteKind::Websocket => "WS",
    }
}

/// What an exercise did: `GET /items/{}`, or the name of what it called.
pub(crate) fn touch(exercise: &Exercise) -> String {
    match (exercise.interface, &exercise.target) {
        (Interface::Direct, Some(target)) => format!("{}()", target.name),
        (Interface::Direct, None) => "a direct call".to_owned(),
        (Interface::Websocket, _) => format!("WS {}", exercise.url),
        (Interface::Http | Interface::Browser, _) => {
            format!("{} {}", exercise.method, exercise.url)
        }
    }
}

/// `app/items.py:12`, or only the name of code outside the project.
pub(crate) fn target_place(target: &Target) -> Option<String> {
    let file = target.file.as_ref()?;
    Some(format!("{file}:{}", target.line))
}

pub(crate) fn route_kind(kind: RouteKind) -> &'static str {
    match kind {
        RouteKind::Http => "http",
        RouteKind::Websocket => "websocket",
    }
}

pub(crate) fn side(side: Side) -> &'static str {
    match side {
        Side::Behavior => "behavior",
        Side::Implementation => "implementation",
    }
}

pub(crate) fn bar_state(state: &BarState) -> &'static str {
    match state {
        BarState::Measured => "measured",
        BarState::NotApplicable => "not-applicable",
        BarState::NotAnalyzed => "not-analyzed",
    }
}

pub(crate) fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Setup => "setup",
        Phase::Call => "call",
    }
}

pub(crate) fn interface(interface: Interface) -> &'static str {
    match interface {
        Interface::Http => "http",
        Interface::Websocket => "websocket",
        Interface::Browser => "browser",
        Interface::Direct => "direct",
    }
}

pub(crate) fn transport(transport: Transport) -> &'static str {
    match transport {
        Transport::InProcess => "in-process",
        Transport::Network => "network",
        Transport::Browser => "browser",
        Transport::None => "none",
    }
}

pub(crate) fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Possible => "possible",
        Confidence::Likely => "likely",
        Confidence::Certain => "certain",
    }
}

pub(crate) fn branch_kind(kind: BranchKind) -> &'static str {
    match kind {
        BranchKind::Raise => "raise",
        BranchKind::Response => "response",
        BranchKind::Validation => "validation",
        BranchKind::Close => "close",
    }
}

pub(crate) fn priority(priority: Priority) -> &'static str {
    match priority {
        Priority::P0 => "P0",
        Priority::P1 => "P1",
        Priority::P2 => "P2",
    }
}

/// The CSS class of a contact.
pub(crate) fn contact_class(contact: Contact) -> &'static str {
    match contact {
        Contact::Interface => "behavior",
        Contact::Doubled => "doubled",
        Contact::Setup => "setup",
        Contact::Direct => "implementation",
        Contact::NeverRuns => "never",
    }
}

/// What a reason of an unknown means, for who sees it the first time.
pub(crate) fn reason(reason: &str) -> &'static str {
    match reason {
        "url" => "a request whose URL could not be evaluated",
        "host" => "a request to a host that no file of the project names",
        "parameter" => "a value that nobody was seen to hand over",
        "library" => "a library that covgap has no rules for",
        "unresolved-import" => "an import that leads to no file of the project",
        "attribute" => "an attribute that nobody was seen to set",
        "run-time-value" => "a value that only a run knows",
        "construct" => "Python that covgap does not evaluate",
        "bound-reached" => "code that goes on for longer than covgap follows it",
        "raised" => "a call that may not return",
        "double" => "the answer of a test double",
        "setting" => "a setting whose name could not be evaluated",
        "syntax-error" => "a file that is not Python, or in parts",
        "unreadable-file" => "a file that could not be read",
        _ => "",
    }
}
