//! The story of one route, test or gap, with its evidence, for a terminal.
//!
//! `covgap explain 'GET /items/{id}'` prints who registers the route, its verdict and why, and each test that touches it.

use super::lines::{BOLD, DIM, Line, PLAIN, of_priority, of_verdict};
use super::sentences::{branch_says, by_contact, exercise_says, why};
use super::{text, words};
use crate::coverage::Audit;
use crate::coverage::audit::{ErrorBranch, Evidence, Exercise, Gap, Route, Test};

/// Lines are not cut: a story is read, piped and pasted.
const WIDTH: usize = usize::MAX;

/// The stories of everything that `what` names; none when it names nothing.
///
/// A route is named by its id, by method and path (parameters by any name, or filled in), or by its path; a test by its node id
/// (parameters do not count) or its file; a gap by its id.
pub fn render(audit: &Audit, what: &str) -> Option<String> {
    let what = what.trim();
    let mut story = Story {
        audit,
        lines: Vec::new(),
    };
    for gap in audit.gaps.iter().filter(|gap| gap.id == what) {
        story.gap(gap);
    }
    for route in routes_named(audit, what) {
        story.route(route);
    }
    let node = without_parameters(what);
    let is_named = |test: &&Test| test.id == what || test.id == node || test.place.file == what;
    for test in audit.tests.iter().filter(is_named) {
        story.test(test);
    }
    if story.lines.is_empty() {
        return None;
    }
    Some(story.lines.iter().map(|line| line.show(WIDTH)).collect())
}

/// The stories of all tests: which test touches what.
pub fn every_test(audit: &Audit) -> String {
    let mut story = Story {
        audit,
        lines: Vec::new(),
    };
    for test in &audit.tests {
        story.test(test);
    }
    story.lines.iter().map(|line| line.show(WIDTH)).collect()
}

/// `file.py::test[a-b]` is `file.py::test`: an audit folds parameters.
fn without_parameters(what: &str) -> &str {
    let name = what.rfind("::").map_or(0, |at| at + 2);
    match what[name..].find('[') {
        Some(at) => &what[..name + at],
        None => what,
    }
}

/// A line of help for a name that fits nothing: what holds it, else what is spelled nearly like it.
pub fn suggest(audit: &Audit, rules: &[String], what: &str) -> String {
    let names: Vec<String> = audit
        .routes
        .iter()
        .map(words::route_name)
        .chain(audit.tests.iter().map(|test| test.id.clone()))
        .chain(audit.gaps.iter().map(|gap| gap.id.clone()))
        .chain(rules.iter().cloned())
        .collect();
    let mut near = holding(&names, what);
    if near.is_empty() {
        near = similar(&names, what);
    }
    near.dedup();
    near.truncate(SUGGESTIONS);
    if near.is_empty() {
        return "`covgap report` lists all routes, tests and gaps; `covgap rules list` all rules"
            .to_owned();
    }
    let near: Vec<String> = near
        .iter()
        .map(|name| format!("`{}`", text::cut(name, 80)))
        .collect();
    format!("is it one of {}?", near.join(", "))
}

const SUGGESTIONS: usize = 3;

/// From this similarity on, a name is worth suggesting.
const SIMILAR: f64 = 0.6;

/// Names that hold the last part of `what`.
fn holding<'a>(names: &'a [String], what: &str) -> Vec<&'a String> {
    let needle = what
        .rsplit(['/', ' ', ':'])
        .find(|part| !part.is_empty() && !part.starts_with('{'))
        .unwrap_or(what)
        .to_lowercase();
    let mut found: Vec<&String> = names
        .iter()
        .filter(|name| !needle.is_empty() && name.to_lowercase().contains(&needle))
        .collect();
    let written = what.to_lowercase();
    let distance = |name: &&String| strsim::levenshtein(&name.to_lowercase(), &written);
    found.sort_by_cached_key(distance);
    found
}

/// Names that are spelled nearly like `what`, the nearest first.
fn similar<'a>(names: &'a [String], what: &str) -> Vec<&'a String> {
    let written = what.to_lowercase();
    let mut found: Vec<(f64, &String)> = names
        .iter()
        .map(|name| {
            let name_part = name.rsplit("::").next().unwrap_or(name).to_lowercase();
            let whole = strsim::normalized_levenshtein(&name.to_lowercase(), &written);
            let part = strsim::normalized_levenshtein(&name_part, &written);
            (whole.max(part), name)
        })
        .filter(|(similarity, _)| *similarity >= SIMILAR)
        .collect();
    found.sort_by(|one, two| two.0.total_cmp(&one.0).then_with(|| one.1.cmp(two.1)));
    found.into_iter().map(|(_, name)| name).collect()
}

/// The best kind of match wins: id, then the same template, then a template that the path fits.
fn routes_named<'a>(audit: &'a Audit, what: &str) -> Vec<&'a Route> {
    let (method, path) = match what.split_once(' ') {
        Some((method, path)) => (Some(method), path.trim()),
        None => (None, what),
    };
    let has_method = |route: &Route| {
        method.is_none_or(|method| words::route_method(route).eq_ignore_ascii_case(method))
    };
    let by = |fits: &dyn Fn(&Route) -> bool| -> Vec<&'a Route> {
        audit.routes.iter().filter(|route| fits(route)).collect()
    };
    let by_id = by(&|route| route.id == what);
    if !by_id.is_empty() || !path.starts_with('/') {
        return by_id;
    }
    let by_template = by(&|route| has_method(route) && same_template(&route.path, path));
    if !by_template.is_empty() {
        return by_template;
    }
    by(&|route| has_method(route) && fits_template(&route.path, path))
}

fn same_template(template: &str, other: &str) -> bool {
    let bare = |path: &str| -> Vec<String> {
        path.split('/')
            .map(|segment| {
                if segment.starts_with('{') {
                    "{}".to_owned()
                } else {
                    segment.to_owned()
                }
            })
            .collect()
    };
    bare(template) == bare(other)
}

/// Segment by segment; a parameter with the convertor `path` takes the rest.
fn fits_template(template: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    for expected in template.split('/') {
        if expected.ends_with(":path}") {
            return true;
        }
        match segments.next() {
            Some(segment) if expected.starts_with('{') && !segment.is_empty() => {}
            Some(segment) if segment == expected => {}
            Some(_) | None => return false,
        }
    }
    segments.next().is_none()
}

struct Story<'a> {
    audit: &'a Audit,
    lines: Vec<Line>,
}

impl<'a> Story<'a> {
    fn add(&mut self, line: Line) {
        self.lines.push(line);
    }

    fn title(&mut self, line: Line) {
        if !self.lines.is_empty() {
            self.add(Line::default());
        }
        self.add(line);
    }

    fn heading(&mut self, says: &str) {
        self.add(Line::default());
        self.add(Line::default().with(BOLD, says));
    }

    fn fact(&mut self, label: &str, says: impl AsRef<str>) {
        self.add(
            Line::default()
                .with(DIM, format!("  {}", text::fit(label, 14)))
                .with(PLAIN, says),
        );
    }

    fn route(&mut self, route: &'a Route) {
        let audit = self.audit;
        self.title(
            Line::default()
                .with(BOLD, words::route_name(route))
                .with(PLAIN, "  ")
                .with(of_verdict(route.verdict), route.verdict.id()),
        );
        self.fact("why", why(audit, route));
        for remark in &route.remarks {
            self.fact("but", remark);
        }
        self.fact("id", &route.id);
        self.fact("app", &route.app);
        self.fact(
            "handler",
            match words::target_place(&route.handler) {
                Some(place) => format!("{} at {place}", route.handler.name),
                None => format!("{}, outside the project", route.handler.name),
            },
        );
        for (index, place) in route.registered_by.iter().enumerate() {
            self.fact(
                if index == 0 {
                    "registered by"
                } else {
                    "then by"
                },
                place.to_string(),
            );
        }
        for (label, says) in [
            ("tags", route.tags.join(", ")),
            ("depends on", route.dependencies.join(", ")),
            ("owner", route.owner.clone().unwrap_or_default()),
            (
                "answers",
                route
                    .success
                    .map(|status| status.to_string())
                    .unwrap_or_default(),
            ),
        ] {
            if !says.is_empty() {
                self.fact(label, says);
            }
        }
        if !route.served {
            self.fact(
                "served",
                "no: no app that production runs holds it, so no bar counts it",
            );
        }
        if route.conditional {
            self.fact(
                "conditional",
                "it is registered under a condition that covgap did not decide",
            );
        }
        if let Some(other) = route.shadowed_by {
            let other = &audit.routes[other];
            self.fact(
                "shadowed by",
                format!("{}, which takes its requests", words::route_name(other)),
            );
        }
        let exercises = by_contact(audit, &route.exercises);
        if !exercises.is_empty() {
            self.heading("Exercised by");
        }
        for at in exercises {
            let exercise = &audit.exercises[at];
            let test = &audit.tests[exercise.test];
            self.exercise(&test.id, exercise);
        }
        if !route.error_branches.is_empty() {
            self.heading("Error branches");
        }
        for &branch in &route.error_branches {
            self.branch(&audit.error_branches[branch]);
        }
        self.gaps_of(route);
    }

    fn gaps_of(&mut self, route: &Route) {
        let audit = self.audit;
        let is_of = |gap: &&Gap| {
            gap.route
                .is_some_and(|at| std::ptr::eq(&audit.routes[at], route))
        };
        let gaps: Vec<&Gap> = audit.gaps.iter().filter(is_of).collect();
        if !gaps.is_empty() {
            self.heading("Gaps");
        }
        for gap in gaps {
            self.add(
                Line::default()
                    .with(PLAIN, "  ")
                    .with(of_priority(gap.priority), words::priority(gap.priority))
                    .with(PLAIN, format!(" {}", gap.title))
                    .with(DIM, format!("  {}", gap.id)),
            );
        }
    }

    /// `who` is the other end of the link: the test for a route, the route for a test.
    fn exercise(&mut self, who: &str, exercise: &Exercise) {
        let audit = self.audit;
        self.add(
            Line::default()
                .with(
                    PLAIN,
                    format!(
                        "  {:<11}",
                        words::contact(words::contact_of(audit, exercise))
                    ),
                )
                .with(PLAIN, who)
                .with(DIM, format!("  {}", exercise_says(audit, exercise))),
        );
        for &double in &exercise.doubles {
            let double = &audit.doubles[double];
            self.add(
                Line::default()
                    .with(PLAIN, format!("    double for {}", double.replaces))
                    .with(DIM, format!("  {} [{}]", double.place, double.how)),
            );
        }
        self.evidence(&exercise.evidence);
    }

    fn evidence(&mut self, chain: &[Evidence]) {
        for link in chain {
            let line = Line::default()
                .with(PLAIN, format!("    {}", link.place))
                .with(PLAIN, format!("  {}", link.says));
            self.add(match &link.rule {
                Some(rule) => line.with(DIM, format!("  [{rule}]")),
                None => line,
            });
        }
    }

    fn branch(&mut self, branch: &ErrorBranch) {
        let place = match &*branch.place.file {
            "" => "outside the project".to_string(),
            _ => branch.place.to_string(),
        };
        self.add(
            Line::default()
                .with(PLAIN, format!("  {}", branch_says(branch)))
                .with(DIM, format!("  {place}")),
        );
        if branch.exercised_by.is_empty() {
            self.add(Line::default().with(DIM, "    no test asserts it"));
        }
        for &test in &branch.exercised_by {
            self.add(Line::default().with(
                DIM,
                format!(
                    "    {} ({})",
                    self.audit.tests[test].id,
                    words::confidence(branch.confidence)
                ),
            ));
        }
    }

    fn test(&mut self, test: &'a Test) {
        let audit = self.audit;
        self.title(
            Line::default()
                .with(BOLD, &test.id)
                .with(DIM, format!("  {}", test.place)),
        );
        self.fact(
            "runs",
            match (&test.skip, test.runs) {
                (Some(skip), true) => format!("maybe: {skip}"),
                (Some(skip), false) => format!("no: {skip}"),
                (None, true) => "yes".to_owned(),
                (None, false) => "no".to_owned(),
            },
        );
        self.fact(
            "asserts",
            if test.asserts {
                "yes"
            } else {
                "nothing that covgap can see"
            },
        );
        if test.exercises.is_empty() {
            self.fact("touches", "nothing of the project that covgap can see");
            return;
        }
        self.heading("Touches");
        for at in by_contact(audit, &test.exercises) {
            let exercise = &audit.exercises[at];
            let who = match exercise.route {
                Some(route) => words::route_name(&audit.routes[route]),
                None => match &exercise.target {
                    Some(target) => match words::target_place(target) {
                        Some(place) => format!("{} at {place}", target.name),
                        None => target.name.clone(),
                    },
                    None => format!(
                        "{}, which no route of the project answers",
                        words::touch(exercise)
                    ),
                },
            };
            self.exercise(&who, exercise);
        }
    }

    fn gap(&mut self, gap: &'a Gap) {
        self.title(
            Line::default()
                .with(of_priority(gap.priority), words::priority(gap.priority))
                .with(PLAIN, " ")
                .with(BOLD, &gap.title),
        );
        self.fact("id", &gap.id);
        self.fact(
            "kind",
            format!("{0}  (why: `covgap explain {0}`)", gap.kind),
        );
        if let Some(route) = gap.route {
            self.fact("route", words::route_name(&self.audit.routes[route]));
        }
        if !gap.fix.is_empty() {
            self.fact("fix", &gap.fix);
        }
        if !gap.evidence.is_empty() {
            self.heading("Evidence");
            self.evidence(&gap.evidence);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_fit_templates() {
        let case = |template, path, expected| {
            assert_eq!(fits_template(template, path), expected, "{template} {path}");
        };
        case("/items/{id}", "/items/1", true);
        case("/items/{id}", "/items/", false);
        case("/items/{id}", "/items/1/more", false);
        case("/files/{name:path}", "/files/a/b", true);
        case("/items", "/items", true);
        case("/items", "/item", false);
        assert!(same_template("/items/{item_id}", "/items/{id}"));
        assert!(!same_template("/items/{item_id}", "/items/new"));
    }
}
