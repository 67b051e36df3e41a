//! Sentences about one route, exercise or error branch, the same in every format.
//!
//! A route that one test reaches with a double has the sentence
//! `1 test reaches it through an interface, but always with a double for shop.db.get_session`.

use super::text;
use super::words::{self, Contact};
use crate::coverage::Audit;
use crate::coverage::audit::{
    Bar, BarId, BranchKind, ErrorBranch, Exercise, Gap, Route, RouteKind, Verdict, Waiver,
};
use crate::history::trend::OpenSince;

/// What a reader must know who reads nothing else.
pub(super) struct Headline {
    pub is_good: bool,
    /// `Do not deploy yet`.
    pub verdict: String,
    /// One or two sentences that say why.
    pub why: String,
}

/// Whether to deploy, by the first stage whose gates fail, and how far tests reach the routes.
pub(super) fn headline(audit: &Audit) -> Headline {
    if let Some(missing) = nothing_to_judge(audit) {
        return Headline {
            is_good: false,
            verdict: "Not judged".to_owned(),
            why: format!("{missing}."),
        };
    }
    let failed = audit.gates.iter().find(|gate| !gate.passed);
    let (is_good, verdict, mut why) = match failed {
        None if audit.gates.is_empty() => (true, "No gate is set".to_owned(), Vec::new()),
        None => {
            let is_asked = |stage: &str| audit.gates.iter().any(|gate| gate.stage == stage);
            let verdict = match (is_asked("release"), is_asked("deployment")) {
                (true, _) => "Ready to release",
                (false, true) => "Ready to deploy",
                (false, false) => "Nothing that was asked for failed",
            };
            let why = match audit.gates.len() {
                1 => "The gate passes".to_owned(),
                several => format!("All {} gates pass", text::grouped(several)),
            };
            (true, verdict.to_owned(), vec![why])
        }
        Some(first) => {
            let of_stage = || audit.gates.iter().filter(|gate| gate.stage == first.stage);
            let number = of_stage().filter(|gate| !gate.passed).count();
            let verdict = match first.stage.as_str() {
                "deployment" => "Do not deploy yet".to_owned(),
                "release" => "Fit to deploy, not to release".to_owned(),
                stage => format!("Not ready: {stage}"),
            };
            let gates = text::count(of_stage().count(), "gate", "gates");
            let why = format!(
                "{} of {gates} before {} failed",
                text::grouped(number),
                first.stage
            );
            (false, verdict, vec![why])
        }
    };
    why.extend(reach(audit));
    let why = why.join(". ") + if why.is_empty() { "" } else { "." };
    Headline {
        is_good,
        verdict,
        why,
    }
}

/// Gates that count nothing hold: that says nothing of a project of which covgap saw no route or no test.
fn nothing_to_judge(audit: &Audit) -> Option<&'static str> {
    if audit.routes.is_empty() {
        Some("No route of any app was found")
    } else if !audit.routes.iter().any(words::is_counted) {
        Some("No route that production serves was found")
    } else if audit.tests.is_empty() {
        Some("No test was found")
    } else {
        None
    }
}

/// `Tests reach 3 of 253 HTTP routes as users do, 193 only with doubles, 52 by calling their code; 5 are untested`.
fn reach(audit: &Audit) -> Option<String> {
    let counted: Vec<&Route> = audit
        .routes
        .iter()
        .filter(|route| words::is_counted(route))
        .collect();
    if counted.is_empty() {
        return None;
    }
    let with = |verdict| {
        counted
            .iter()
            .filter(|route| route.verdict == verdict)
            .count()
    };
    let rest: Vec<String> = [
        (with(Verdict::Doubled), "only with doubles"),
        (with(Verdict::Setup), "only from fixtures"),
        (with(Verdict::Implementation), "only by calling their code"),
        (with(Verdict::Untested), "not at all"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, how)| format!("{} {how}", text::grouped(number)))
    .collect();
    let mut says = format!(
        "Tests reach {} of {} the way users do",
        text::grouped(with(Verdict::Behavior)),
        text::count(counted.len(), "route", "routes"),
    );
    if !rest.is_empty() {
        says += &format!(", {}", rest.join(", "));
    }
    Some(says)
}

/// Of what a bar misses, what is reached in some way: `1 doubled, 1 setup`.
pub(super) fn besides(bar: &Bar) -> String {
    let parts: Vec<String> = [(bar.doubled, "doubled"), (bar.setup, "setup")]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{} {word}", text::grouped(number)))
        .collect();
    parts.join(", ")
}

/// `waived by payments until 2026-12-31: goes with the next release`.
pub(super) fn waived(waiver: &Waiver) -> String {
    let state = if waiver.is_expired {
        "was waived"
    } else {
        "waived"
    };
    format!(
        "{state} by {} until {}: {}",
        waiver.owner, waiver.expires, waiver.reason
    )
}

/// `open since 2026-03-16 at least`.
pub(super) fn since(since: &OpenSince) -> String {
    let at_least = if since.is_at_least { " at least" } else { "" };
    format!("open since {}{at_least}", since.label)
}

/// Does a user mean this gap: by its id, its kind, its priority, or its route's method and path?
pub(crate) fn names_gap(audit: &Audit, gap: &Gap, name: &str) -> bool {
    let route = gap
        .route
        .map(|route| words::route_name(&audit.routes[route]));
    gap.id == name
        || gap.kind == name
        || words::priority(gap.priority) == name
        || route.as_deref() == Some(name)
}

/// Are the items of this bar routes, which reports list with their verdicts?
pub(super) fn counts_routes(bar: BarId) -> bool {
    matches!(bar, BarId::HttpEndpoints | BarId::WebsocketEndpoints)
}

/// Best contact first; within one, as the audit has them.
pub(super) fn by_contact(audit: &Audit, exercises: &[usize]) -> Vec<usize> {
    let mut sorted = exercises.to_vec();
    sorted.sort_by_key(|&at| words::contact_of(audit, &audit.exercises[at]));
    sorted
}

/// One sentence: what its verdict means for this route.
pub(super) fn why(audit: &Audit, route: &Route) -> String {
    let tests = |number| text::count(number, "test", "tests");
    let contacts = &route.contacts;
    match route.verdict {
        Verdict::Behavior => match route.kind {
            RouteKind::Http => format!(
                "{} through a real interface, with nothing replaced behind it",
                tests_reach(contacts.interface)
            ),
            RouteKind::Websocket => format!("{} as a WebSocket", tests_reach(contacts.interface)),
        },
        Verdict::Doubled => {
            let mut replaced: Vec<&str> = route
                .exercises
                .iter()
                .flat_map(|&at| &audit.exercises[at].doubles)
                .map(|&double| audit.doubles[double].replaces.as_str())
                .collect();
            replaced.sort_unstable();
            replaced.dedup();
            let more = replaced.len().saturating_sub(3);
            replaced.truncate(3);
            let mut replaced = replaced.join(", ");
            if more > 0 {
                replaced += &format!(" and {more} more");
            }
            format!(
                "{} through an interface, but always with a double for {replaced}",
                tests_reach(contacts.doubled)
            )
        }
        Verdict::Setup => format!(
            "only fixtures reach it, for {}; no test is about it",
            tests(contacts.setup)
        ),
        Verdict::Implementation => format!(
            "{} its code directly; no request goes through the route",
            match contacts.direct {
                1 => "1 test calls".to_owned(),
                number => format!("{} tests call", text::grouped(number)),
            }
        ),
        Verdict::Unknown => {
            "some request of the tests may be to it, but could not be resolved".to_owned()
        }
        Verdict::Untested => "nothing in the suite touches it".to_owned(),
    }
}

fn tests_reach(number: usize) -> String {
    match number {
        1 => "1 test reaches it".to_owned(),
        number => format!("{} tests reach it", text::grouped(number)),
    }
}

/// What it did and how sure that is: `GET /items/{}, asserts 200, certain`.
pub(super) fn exercise_says(audit: &Audit, exercise: &Exercise) -> String {
    let contact = words::contact_of(audit, exercise);
    let statuses: Vec<String> = exercise.statuses.iter().map(u16::to_string).collect();
    let asserted = match (exercise.asserts, statuses.is_empty()) {
        (_, false) => format!("asserts {}", statuses.join(", ")),
        (true, true) => "asserts, but no status".to_owned(),
        (false, true) => "asserts nothing".to_owned(),
    };
    let mut parts = vec![words::touch(exercise)];
    if contact != Contact::Direct {
        parts.push(asserted);
    }
    parts.push(words::confidence(exercise.confidence).to_owned());
    parts.join(", ")
}

/// `404 raise HTTPException`.
pub(super) fn branch_says(branch: &ErrorBranch) -> String {
    let status = branch
        .status
        .map_or("?".to_owned(), |status| status.to_string());
    let how = match branch.kind {
        BranchKind::Raise => "raised",
        BranchKind::Response => "returned",
        BranchKind::Validation => "validation",
        BranchKind::Close => "closed",
    };
    match &branch.exception {
        Some(exception) => format!("{status} {how}: {exception}"),
        None => format!("{status} {how}"),
    }
}
