//! What the page's script draws from: routes, tests, exercises, findings and their evidence, each text and each chain of
//! evidence once.
//!
//! `client.get("/items/1")` of a test is the exercise `[12, 3, 40, 0, 2, 1, [200], [], 7]`: the test 12 reaches the route 3
//! (text 40 says how) by interface, certain, in process, asserts 200, with no double, and chain 7 is the evidence.

use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::coverage::Audit;
use crate::coverage::audit::{
    BarItem, Confidence, Evidence, Exercise, Gap, Place, Priority, Route, RouteKind, Transport,
};
use crate::report::words::{self, Contact};
use crate::report::{sentences, text};

/// A longer text is cut, as in the template.
const MOST_CELLS: usize = 600;
/// Links of all chains together; where a project has more, later exercises have no evidence here.
const MOST_STEPS: usize = 40_000;
/// Exercises of one test, and of the page: the JSON report has all.
const MOST_OF_TEST: usize = 40;
const MOST_EXERCISES: usize = 25_000;
/// Calls of the code behind one route.
const MOST_CALLS: usize = 60;
/// Items of one bar, without those that are routes.
const MOST_ITEMS: usize = 3_000;
/// Characters of source.
const MOST_SOURCE: usize = 400_000;

/// A position in [`Data::texts`], or -1.
type Text = i64;

#[derive(Serialize, Default)]
struct Data {
    texts: Vec<String>,
    /// File, line, what it says, rule.
    steps: Vec<(Text, u32, Text, Text)>,
    chains: Vec<Vec<usize>>,
    routes: Vec<RouteData>,
    /// File, name, line, contact (5 is none), asserts, why it skips.
    tests: Vec<(Text, Text, u32, u8, u8, Text)>,
    /// Test, route, what it did, contact, confidence, transport, statuses, doubles, chain.
    #[allow(clippy::type_complexity)]
    exercises: Vec<(usize, i64, Text, u8, u8, u8, Vec<u16>, Vec<usize>, i64)>,
    /// Those of each test that are left out here, where some are.
    more: Vec<(usize, usize)>,
    /// File, line, what it is, status (0 is unknown), routes, tests, confidence.
    #[allow(clippy::type_complexity)]
    branches: Vec<(Text, u32, Text, u16, Vec<usize>, Vec<usize>, u8)>,
    /// What is replaced, file, line, how.
    doubles: Vec<(Text, Text, u32, Text)>,
    /// Id, kind, priority, title, chain, what to do, route, who answers for it.
    #[allow(clippy::type_complexity)]
    gaps: Vec<(Text, Text, u8, Text, i64, Text, i64, Text)>,
    bars: Vec<BarData>,
    /// File, then line and text in turn.
    source: Vec<(Text, Vec<(u32, String)>)>,
}

#[derive(Serialize)]
struct RouteData {
    id: Text,
    method: Text,
    path: Text,
    websocket: u8,
    verdict: &'static str,
    counted: u8,
    app: Text,
    handler: Text,
    file: Text,
    line: u32,
    /// File and line of each.
    chain: Vec<(Text, u32)>,
    contacts: [usize; 4],
    why: Text,
    notes: Vec<Text>,
    branches: Vec<usize>,
    /// Exercises that call its code and are not requests to it.
    calls: Vec<usize>,
}

#[derive(Serialize)]
struct BarData {
    id: &'static str,
    label: &'static str,
    why: Text,
    /// Name, file, line, covered, chain. None for routes, which have a list of their own.
    items: Vec<(Text, Text, u32, u8, i64)>,
    more: usize,
}

/// JSON that can stand in an element `script`: no text of a project can end it.
pub(super) fn json(audit: &Audit) -> String {
    let data = Collector::new(audit).collect();
    let json = serde_json::to_string(&data).unwrap_or_else(|_| "{}".to_owned());
    json.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
}

/// The items of a bar, those first that no test covers; at most so many, and how many are left out.
pub(super) fn uncovered_first(items: &[BarItem], most: usize) -> (Vec<&BarItem>, usize) {
    let mut sorted: Vec<&BarItem> = items.iter().collect();
    sorted.sort_by_key(|item| item.covered);
    let more = sorted.len().saturating_sub(most);
    sorted.truncate(most);
    (sorted, more)
}

struct Collector<'a> {
    audit: &'a Audit,
    data: Data,
    texts: FxHashMap<String, usize>,
    steps: FxHashMap<(Text, u32, Text, Text), usize>,
    chains: FxHashMap<Vec<usize>, usize>,
    linked: usize,
    /// Position in [`Data::exercises`] by position in the audit.
    placed: FxHashMap<usize, usize>,
}

impl<'a> Collector<'a> {
    fn new(audit: &'a Audit) -> Collector<'a> {
        Collector {
            audit,
            data: Data::default(),
            texts: FxHashMap::default(),
            steps: FxHashMap::default(),
            chains: FxHashMap::default(),
            linked: 0,
            placed: FxHashMap::default(),
        }
    }

    fn collect(mut self) -> Data {
        let audit = self.audit;
        self.tests();
        for (at, route) in audit.routes.iter().enumerate() {
            let route = self.route(at, route);
            self.data.routes.push(route);
        }
        for double in &audit.doubles {
            let row = (
                self.text(&double.replaces),
                self.text(&double.place.file),
                double.place.line,
                self.text(&double.how),
            );
            self.data.doubles.push(row);
        }
        for branch in &audit.error_branches {
            let row = (
                self.text(&branch.place.file),
                branch.place.line,
                self.text(&sentences::branch_says(branch)),
                branch.status.unwrap_or(0),
                branch.routes.clone(),
                branch.exercised_by.clone(),
                confidence(branch.confidence),
            );
            self.data.branches.push(row);
        }
        for gap in &audit.gaps {
            let row = self.gap(gap);
            self.data.gaps.push(row);
        }
        self.bars();
        self.source();
        self.data
    }

    fn text(&mut self, text: &str) -> Text {
        let shown = text::cut(text, MOST_CELLS);
        if let Some(&known) = self.texts.get(&shown) {
            return known as Text;
        }
        let at = self.data.texts.len();
        self.data.texts.push(shown.clone());
        self.texts.insert(shown, at);
        at as Text
    }

    fn optional(&mut self, text: Option<&String>) -> Text {
        text.map_or(-1, |text| self.text(text))
    }

    fn chain(&mut self, evidence: &[Evidence]) -> i64 {
        let mut chain = Vec::with_capacity(evidence.len());
        for link in evidence {
            let step = (
                self.text(&link.place.file),
                link.place.line,
                self.text(&link.says),
                self.optional(link.rule.as_ref()),
            );
            let next = self.data.steps.len();
            let at = *self.steps.entry(step).or_insert(next);
            if at == next {
                self.data.steps.push(step);
            }
            chain.push(at);
        }
        if let Some(&known) = self.chains.get(&chain) {
            return known as i64;
        }
        if self.linked + chain.len() > MOST_STEPS {
            return -1;
        }
        self.linked += chain.len();
        let at = self.data.chains.len();
        self.data.chains.push(chain.clone());
        self.chains.insert(chain, at);
        at as i64
    }

    fn route(&mut self, at: usize, route: &Route) -> RouteData {
        let audit = self.audit;
        let contacts = &route.contacts;
        let notes = super::routes::notes(audit, route);
        RouteData {
            id: self.text(&route.id),
            method: self.text(words::route_method(route)),
            path: self.text(&route.path),
            websocket: u8::from(route.kind == RouteKind::Websocket),
            verdict: route.verdict.id(),
            counted: u8::from(words::is_counted(route)),
            app: self.text(&route.app),
            handler: self.text(&route.handler.name),
            file: self.optional(route.handler.file.as_ref()),
            line: route.handler.line,
            chain: route
                .registered_by
                .iter()
                .map(|place| (self.text(&place.file), place.line))
                .collect(),
            contacts: [
                contacts.interface,
                contacts.doubled,
                contacts.setup,
                contacts.direct,
            ],
            why: self.text(&sentences::why(audit, route)),
            notes: notes.iter().map(|note| self.text(note)).collect(),
            branches: route.error_branches.clone(),
            calls: route
                .exercises
                .iter()
                .filter(|&&exercise| audit.exercises[exercise].route != Some(at))
                .filter_map(|exercise| self.placed.get(exercise).copied())
                .take(MOST_CALLS)
                .collect(),
        }
    }

    #[allow(clippy::type_complexity)]
    fn gap(&mut self, gap: &Gap) -> (Text, Text, u8, Text, i64, Text, i64, Text) {
        let waived = gap.waiver.as_ref().map(sentences::waived);
        (
            self.text(&gap.id),
            self.text(&gap.kind),
            match gap.priority {
                Priority::P0 => 0,
                Priority::P1 => 1,
                Priority::P2 => 2,
            },
            self.text(&gap.title),
            self.chain(&gap.evidence),
            self.text(&gap.fix),
            gap.route.map_or(-1, |route| route as i64),
            self.optional(waived.as_ref()),
        )
    }

    fn bars(&mut self) {
        for bar in &self.audit.bars {
            let listed: &[BarItem] = if sentences::counts_routes(bar.id) {
                &[]
            } else {
                &bar.items
            };
            let (items, more) = uncovered_first(listed, MOST_ITEMS);
            let row = BarData {
                id: bar.id.id(),
                label: bar.id.label(),
                why: self.text(&bar.why),
                items: items
                    .into_iter()
                    .map(|item| {
                        let (file, line) = self.place(item.place.as_ref());
                        (
                            self.text(&item.name),
                            file,
                            line,
                            u8::from(item.covered),
                            self.chain(&item.evidence),
                        )
                    })
                    .collect(),
                more,
            };
            self.data.bars.push(row);
        }
    }

    fn place(&mut self, place: Option<&Place>) -> (Text, u32) {
        place.map_or((-1, 0), |place| (self.text(&place.file), place.line))
    }

    fn tests(&mut self) {
        let audit = self.audit;
        for (at, test) in audit.tests.iter().enumerate() {
            let name = super::suite::name_in_file(test);
            let row = (
                self.text(&test.place.file),
                self.text(name),
                test.place.line,
                super::suite::best_contact(audit, test).map_or(5, contact),
                u8::from(test.asserts),
                self.optional(test.skip.as_ref()),
            );
            self.data.tests.push(row);
            let mut shown = 0;
            for exercise in sentences::by_contact(audit, &test.exercises) {
                if shown >= MOST_OF_TEST || self.data.exercises.len() >= MOST_EXERCISES {
                    break;
                }
                let row = self.exercise(at, &audit.exercises[exercise]);
                self.placed.insert(exercise, self.data.exercises.len());
                self.data.exercises.push(row);
                shown += 1;
            }
            if shown < test.exercises.len() {
                self.data.more.push((at, test.exercises.len() - shown));
            }
        }
    }

    #[allow(clippy::type_complexity)]
    fn exercise(
        &mut self,
        test: usize,
        exercise: &Exercise,
    ) -> (usize, i64, Text, u8, u8, u8, Vec<u16>, Vec<usize>, i64) {
        (
            test,
            exercise.route.map_or(-1, |route| route as i64),
            self.text(&words::touch(exercise)),
            contact(words::contact_of(self.audit, exercise)),
            confidence(exercise.confidence),
            match exercise.transport {
                Transport::None => 0,
                Transport::InProcess => 1,
                Transport::Network => 2,
                Transport::Browser => 3,
            },
            exercise.statuses.clone(),
            exercise.doubles.clone(),
            self.chain(&exercise.evidence),
        )
    }

    fn source(&mut self) {
        let mut left = MOST_SOURCE;
        for (file, lines) in &self.audit.source {
            let mut taken = Vec::new();
            for (line, text) in lines {
                let shown = text::cut(text, MOST_CELLS);
                if shown.len() > left {
                    break;
                }
                left -= shown.len();
                taken.push((*line, shown));
            }
            let file = self.text(file);
            self.data.source.push((file, taken));
        }
    }
}

fn contact(contact: Contact) -> u8 {
    match contact {
        Contact::Interface => 0,
        Contact::Doubled => 1,
        Contact::Setup => 2,
        Contact::Direct => 3,
        Contact::NeverRuns => 4,
    }
}

fn confidence(confidence: Confidence) -> u8 {
    match confidence {
        Confidence::Possible => 0,
        Confidence::Likely => 1,
        Confidence::Certain => 2,
    }
}
