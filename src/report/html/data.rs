//! What the page's script draws from: routes, tests, exercises, findings and their evidence, each text and each chain of
//! evidence once.
//!
//! `client.get("/items/1")` of a test is the exercise `[3, 40, 9, 1, 0, -9]`: the test reaches the route 3 (text 40 says how) by
//! interface, certain, in process, asserts the statuses 1 (which are 200), with the doubles 0 (which are none), and step 7 is the evidence.

use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::coverage::Audit;
use crate::coverage::audit::{
    BarItem, Confidence, Evidence, Exercise, Gap, Place, Priority, Route, RouteKind, Transport,
    Verdict,
};
use crate::history::Trend;
use crate::report::scaffold::{self, Clients};
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
const MOST_ITEMS: usize = 1_000;
/// Characters of source.
const MOST_SOURCE: usize = 250_000;
/// Characters of tests that close gaps, the worst gaps first; `covgap scaffold` writes all.
const MOST_WRITTEN: usize = 40_000;

/// How a step begins that is a request.
const SENDS: &str = "sends ";
/// In the title of a gap, the path of its route.
const PATH: &str = "\u{fffc}";

/// A position in [`Data::texts`], or -1; of what a step says, -2 and below for [`SENDS`] with the text 0 and above.
type Text = i64;
/// A position in [`Data::chains`]; -1 for none; -2 and below for the one step with the position 0 and above.
type Chain = i64;

#[derive(Serialize, Default)]
struct Data {
    texts: Vec<String>,
    /// File, line, what it says, rule.
    steps: Vec<(Text, u32, Text, Text)>,
    chains: Vec<Vec<usize>>,
    routes: Vec<RouteData>,
    /// File, and its tests: name, line, contact (5 is none) doubled and one more if it asserts, exercises, and why it skips if it may.
    tests: Vec<(Text, Vec<Vec<i64>>)>,
    /// Those of the first test, then those of the second.
    exercises: Vec<ExerciseData>,
    /// Sets of statuses and of doubles, each once.
    statuses: Vec<Vec<u16>>,
    replaced: Vec<Vec<usize>>,
    /// Those of each test that are left out here, where some are.
    more: Vec<(usize, usize)>,
    /// File, line, what it is, status (0 is unknown), routes, tests, confidence.
    #[allow(clippy::type_complexity)]
    branches: Vec<(Text, u32, Text, u16, Vec<usize>, Vec<usize>, u8)>,
    /// What is replaced, file, line, how.
    doubles: Vec<(Text, Text, u32, Text)>,
    gaps: Vec<GapData>,
    /// Gap, what its test is to it, lines of the test; or why no test closes it, and no line.
    written: Vec<(usize, Text, Vec<Text>)>,
    bars: Vec<BarData>,
    /// Where the forge shows `{path}` at `{line}`.
    link: Option<String>,
    /// File, then line and text in turn.
    source: Vec<(Text, Vec<(u32, String)>)>,
}

/// Id (-1: made of the rest), method, path, 1 for a WebSocket and 2 for one that the bars count, verdict, app, handler, file, line,
/// files and lines that register it in turn, contacts, why, notes, branches, exercises that call its code and are not requests to it,
/// owner, tags, dependencies.
#[derive(Serialize)]
struct RouteData(
    Text,
    Text,
    Text,
    u8,
    usize,
    Text,
    Text,
    Text,
    u32,
    Vec<i64>,
    [usize; 4],
    Text,
    Vec<Text>,
    Vec<usize>,
    Vec<usize>,
    Text,
    Vec<Text>,
    Vec<Text>,
);

/// Route, what it did, contact times 12 and confidence times 4 and transport, statuses, doubles, chain.
type ExerciseData = (i64, Text, u8, usize, usize, Chain);

#[derive(Serialize)]
struct BarData {
    id: &'static str,
    label: &'static str,
    why: Text,
    /// Name, file, line, covered, chain. None for routes, which have a list of their own.
    items: Vec<(Text, Text, u32, u8, Chain)>,
    more: usize,
}

/// Id without its kind, kind, priority, title with [`PATH`] for its route's path, chain, what to do, route, who answers for it,
/// since when it is open.
type GapData = (Text, Text, u8, Text, Chain, Text, i64, Text, Text);

/// JSON that can stand in an element `script`: no text of a project can end it.
pub(super) fn json(audit: &Audit, past: Option<&Trend>) -> String {
    let data = Collector::new(audit, past).collect();
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
    past: Option<&'a Trend>,
    data: Data,
    texts: FxHashMap<String, usize>,
    steps: FxHashMap<(Text, u32, Text, Text), usize>,
    chains: FxHashMap<Vec<usize>, usize>,
    statuses: FxHashMap<Vec<u16>, usize>,
    replaced: FxHashMap<Vec<usize>, usize>,
    linked: usize,
    /// Position in [`Data::exercises`] by position in the audit.
    placed: FxHashMap<usize, usize>,
}

impl<'a> Collector<'a> {
    fn new(audit: &'a Audit, past: Option<&'a Trend>) -> Collector<'a> {
        Collector {
            audit,
            past,
            data: Data::default(),
            texts: FxHashMap::default(),
            steps: FxHashMap::default(),
            chains: FxHashMap::default(),
            statuses: FxHashMap::default(),
            replaced: FxHashMap::default(),
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
        self.written();
        self.bars();
        self.data.link.clone_from(&audit.project.link);
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

    /// What is sent is a text of the exercise, too.
    fn step_says(&mut self, says: &str) -> Text {
        match says.strip_prefix(SENDS) {
            Some(sent) => -2 - self.text(sent),
            None => self.text(says),
        }
    }

    fn optional(&mut self, text: Option<&String>) -> Text {
        text.map_or(-1, |text| self.text(text))
    }

    fn chain(&mut self, evidence: &[Evidence]) -> Chain {
        if evidence.is_empty() || self.linked + evidence.len() > MOST_STEPS {
            return -1;
        }
        let mut chain = Vec::with_capacity(evidence.len());
        for link in evidence {
            let step = (
                self.text(&link.place.file),
                link.place.line,
                self.step_says(&link.says),
                self.optional(link.rule.as_ref()),
            );
            let next = self.data.steps.len();
            let at = *self.steps.entry(step).or_insert(next);
            if at == next {
                self.data.steps.push(step);
                self.linked += 1;
            }
            chain.push(at);
        }
        if let [step] = chain[..] {
            return -2 - step as Chain;
        }
        let length = chain.len();
        let known = self.data.chains.len();
        let at = placed(&mut self.chains, &mut self.data.chains, chain);
        if at == known {
            self.linked += length;
        }
        at as Chain
    }

    fn route(&mut self, at: usize, route: &Route) -> RouteData {
        let audit = self.audit;
        let contacts = &route.contacts;
        let notes = super::routes::notes(audit, route);
        let mut registered = Vec::new();
        for place in &route.registered_by {
            registered.extend([self.text(&place.file), Text::from(place.line)]);
        }
        let is_websocket = route.kind == RouteKind::Websocket;
        RouteData(
            self.route_id(route),
            self.text(words::route_method(route)),
            self.text(&route.path),
            u8::from(is_websocket) + 2 * u8::from(words::is_counted(route)),
            Verdict::ALL
                .iter()
                .position(|verdict| *verdict == route.verdict)
                .unwrap_or_default(),
            self.text(&route.app),
            self.text(&route.handler.name),
            self.optional(route.handler.file.as_ref()),
            route.handler.line,
            registered,
            [
                contacts.interface,
                contacts.doubled,
                contacts.setup,
                contacts.direct,
            ],
            self.text(&sentences::why(audit, route)),
            notes.iter().map(|note| self.text(note)).collect(),
            route.error_branches.clone(),
            route
                .exercises
                .iter()
                .filter(|&&exercise| audit.exercises[exercise].route != Some(at))
                .filter_map(|exercise| self.placed.get(exercise).copied())
                .take(MOST_CALLS)
                .collect(),
            self.optional(route.owner.as_ref()),
            route.tags.iter().map(|tag| self.text(tag)).collect(),
            route
                .dependencies
                .iter()
                .map(|name| self.text(name))
                .collect(),
        )
    }

    /// Most ids are made of what stands beside them: `GET /items app/items.py:list_items`.
    fn route_id(&mut self, route: &Route) -> Text {
        let method = match (route.kind, route.method.as_str()) {
            (RouteKind::Websocket, _) => "WEBSOCKET",
            (RouteKind::Http, "") => "ANY",
            (RouteKind::Http, method) => method,
        };
        let file = route.handler.file.as_deref().unwrap_or_default();
        let made = format!("{method} {} {file}:{}", route.path, route.handler.name);
        if made == route.id && made.len() <= MOST_CELLS {
            return -1;
        }
        self.text(&route.id)
    }

    fn written(&mut self) {
        let clients = Clients::new(self.audit);
        let mut left = MOST_WRITTEN;
        for (at, gap) in self.audit.gaps.iter().enumerate() {
            let Some(text) = scaffold::of_gap(self.audit, &clients, gap) else {
                let why = self.text(scaffold::why_not(gap));
                self.data.written.push((at, why, Vec::new()));
                continue;
            };
            let Some(rest) = left.checked_sub(text.len()) else {
                left = 0;
                continue;
            };
            left = rest;
            let heading = self.text(scaffold::heading(&gap.kind));
            let lines = text.lines().map(|line| self.text(line)).collect();
            self.data.written.push((at, heading, lines));
        }
    }

    fn gap(&mut self, gap: &Gap) -> GapData {
        let waived = gap.waiver.as_ref().map(sentences::waived);
        let since = self.past.and_then(|past| past.open.get(&gap.id));
        let since = since.map(sentences::since);
        let is_of_kind = |rest: &&str| rest.starts_with('-');
        let id = gap.id.strip_prefix(&gap.kind).filter(is_of_kind);
        let audit = self.audit;
        let path = gap.route.map(|route| audit.routes[route].path.as_str());
        let title = match path {
            Some(path) if path.len() > 1 => gap.title.replacen(path, PATH, 1),
            Some(_) | None => gap.title.clone(),
        };
        (
            self.text(id.unwrap_or(&gap.id)),
            self.text(&gap.kind),
            match gap.priority {
                Priority::P0 => 0,
                Priority::P1 => 1,
                Priority::P2 => 2,
            },
            self.text(&title),
            self.chain(&gap.evidence),
            self.text(&gap.fix),
            gap.route.map_or(-1, |route| route as i64),
            self.optional(waived.as_ref()),
            self.optional(since.as_ref()),
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
            let contact = super::suite::best_contact(audit, test).map_or(5, contact);
            let (file, name) = (self.text(&test.place.file), self.text(name));
            let skip = test.skip.as_ref().map(|skip| self.text(skip));
            let mut shown = 0;
            for exercise in sentences::by_contact(audit, &test.exercises) {
                if shown >= MOST_OF_TEST || self.data.exercises.len() >= MOST_EXERCISES {
                    break;
                }
                let row = self.exercise(&audit.exercises[exercise]);
                self.placed.insert(exercise, self.data.exercises.len());
                self.data.exercises.push(row);
                shown += 1;
            }
            let how = contact * 2 + u8::from(test.asserts);
            let mut row = vec![name, test.place.line.into(), how.into(), shown as i64];
            row.extend(skip);
            match self.data.tests.last_mut().filter(|(last, _)| *last == file) {
                Some((_, tests)) => tests.push(row),
                None => self.data.tests.push((file, vec![row])),
            }
            if shown < test.exercises.len() {
                self.data.more.push((at, test.exercises.len() - shown));
            }
        }
    }

    fn exercise(&mut self, exercise: &Exercise) -> ExerciseData {
        let transport = match exercise.transport {
            Transport::None => 0,
            Transport::InProcess => 1,
            Transport::Network => 2,
            Transport::Browser => 3,
        };
        let contact = contact(words::contact_of(self.audit, exercise));
        (
            exercise.route.map_or(-1, |route| route as i64),
            self.text(&words::touch(exercise)),
            contact * 12 + confidence(exercise.confidence) * 4 + transport,
            placed(
                &mut self.statuses,
                &mut self.data.statuses,
                exercise.statuses.clone(),
            ),
            placed(
                &mut self.replaced,
                &mut self.data.replaced,
                exercise.doubles.clone(),
            ),
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

/// The position of the value, which is added if it is not there.
fn placed<T: Clone + Eq + std::hash::Hash>(
    known: &mut FxHashMap<T, usize>,
    values: &mut Vec<T>,
    value: T,
) -> usize {
    let next = values.len();
    let at = *known.entry(value.clone()).or_insert(next);
    if at == next {
        values.push(value);
    }
    at
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
