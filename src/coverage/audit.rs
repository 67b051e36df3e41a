//! The audit: routes with verdicts, tests, exercises, error branches, bars and gaps, all plain data that a report can show.
//!
//! For `def test_read(client): assert client.get("/items/1").status_code == 200` an audit holds the route
//! `GET /items/{item_id}` with the verdict *behavior* and one [`Exercise`] of it by that test.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Deserializer, Serialize};

/// Everything that one run found. All lists are sorted as the JSON report demands; indices point into the lists of this struct.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Audit {
    pub project: Project,
    pub bars: Vec<Bar>,
    pub totals: Totals,
    /// How the suite touches the system, of the tests that touch it.
    pub touch: Touch,
    pub routes: Vec<Route>,
    pub tests: Vec<Test>,
    pub exercises: Vec<Exercise>,
    pub error_branches: Vec<ErrorBranch>,
    pub doubles: Vec<Double>,
    pub clients: Vec<Client>,
    /// What requests of tests carry from fixtures beside the client: logins.
    pub given: Vec<Given>,
    pub skips: Vec<Skip>,
    pub settings: Vec<Setting>,
    /// In the order of the items of their bar.
    pub infrastructure: Vec<Infrastructure>,
    /// In the order of the items of their bar.
    pub contexts: Vec<Context>,
    pub gaps: Vec<Gap>,
    pub unknowns: Vec<Unknown>,
    pub gates: Vec<Gate>,
    pub left_out: Vec<LeftOut>,
    /// Lines of source to show beside a place, by file and line; what is not here is not shown.
    pub source: BTreeMap<String, BTreeMap<u32, String>>,
}

impl Audit {
    /// Positions in [`Audit::tests`] by pytest's ids.
    pub fn numbers_of_tests(&self) -> BTreeMap<&str, usize> {
        let tests = self.tests.iter().enumerate();
        tests
            .map(|(number, test)| (test.id.as_str(), number))
            .collect()
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Project {
    pub name: String,
    pub revision: Option<String>,
    /// Python files that were read.
    pub files: usize,
    pub lines: usize,
    pub tests: usize,
    /// The served apps, as `module:attribute`, with the place that names them.
    pub apps: Vec<(String, Option<Place>)>,
    /// The suites' folders.
    pub suites: Vec<String>,
    /// Where a forge shows `{path}` at `{line}`, if it is known.
    pub link: Option<String>,
}

/// A place in the project: path relative to its root, with `/`; line from 1.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    pub file: String,
    pub line: u32,
}

/// A function of the project.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Target {
    /// None for code outside the project.
    pub file: Option<String>,
    pub line: u32,
    /// Python's `__qualname__`.
    pub name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum BarId {
    BackendServices = 1,
    ServiceInitialization = 2,
    DirectServiceCalls = 3,
    HttpEndpoints = 4,
    WebsocketEndpoints = 5,
    FrontendIntegration = 6,
    ReactProviderTree = 7,
    FullInitialization = 8,
    ErrorHandling = 9,
    InfrastructureConfig = 10,
    ProductionConfig = 11,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    Behavior,
    Implementation,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum BarState {
    Measured,
    /// The project has none of it.
    NotApplicable,
    /// It is there or may be there, and covgap does not or could not look.
    NotAnalyzed,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Bar {
    pub id: BarId,
    pub side: Side,
    pub state: BarState,
    pub covered: usize,
    /// Of the uncovered: reached, but only with a double behind it (bars 4, 5).
    pub doubled: usize,
    /// Of the uncovered: reached only from fixtures (bars 4, 5).
    pub setup: usize,
    pub total: usize,
    /// One sentence: what counts, or why it does not apply or could not be analyzed.
    pub why: String,
    pub items: Vec<BarItem>,
}

/// One thing that a bar counts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BarItem {
    pub name: String,
    pub place: Option<Place>,
    pub covered: bool,
    /// Why it counts, and what covers it.
    pub evidence: Vec<Evidence>,
}

/// Percents from 0 to 100; none when no bar of that side is measured.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Totals {
    pub implementation: Option<f64>,
    pub behavior: Option<f64>,
    pub overall: Option<f64>,
    /// The formula of `overall`, with its weights.
    pub formula: String,
}

/// Numbers of tests, by the best way in which each touches the system.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Touch {
    pub interface: usize,
    pub doubled: usize,
    pub direct: usize,
    /// Touch nothing of the project that covgap can see.
    pub none: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RouteKind {
    Http,
    Websocket,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Verdict {
    Behavior,
    Doubled,
    Setup,
    Implementation,
    Unknown,
    Untested,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Route {
    /// Stable: kind, method, path, app, handler; never a line.
    pub id: String,
    pub kind: RouteKind,
    /// Empty for a WebSocket.
    pub method: String,
    pub path: String,
    pub app: String,
    pub served: bool,
    pub handler: Target,
    /// Where statements of the handler begin, its `def` left out, in order.
    pub handler_lines: Vec<u32>,
    pub registered_by: Vec<Place>,
    pub conditional: bool,
    /// Index of the route that takes its requests.
    pub shadowed_by: Option<usize>,
    pub external: bool,
    /// Who owns the handler's file.
    pub owner: Option<String>,
    pub tags: Vec<String>,
    /// The status of its success, where the registration says one.
    pub success: Option<u16>,
    /// What its registration and its routers depend on, by name.
    pub dependencies: Vec<String>,
    pub verdict: Verdict,
    /// What the verdict does not say: only ever answered 4xx, …
    pub remarks: Vec<String>,
    pub contacts: Contacts,
    pub error_branches: Vec<usize>,
    pub exercises: Vec<usize>,
}

/// Numbers of tests by contact.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Contacts {
    pub interface: usize,
    pub doubled: usize,
    pub setup: usize,
    pub direct: usize,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Test {
    /// pytest's node id from the project's root, parameters folded.
    pub id: String,
    pub place: Place,
    pub runs: bool,
    /// Why it does not run, or may not.
    pub skip: Option<String>,
    pub asserts: bool,
    pub exercises: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Phase {
    Setup,
    Call,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Interface {
    Http,
    Websocket,
    Browser,
    Direct,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Transport {
    InProcess,
    Network,
    Browser,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Confidence {
    Possible,
    Likely,
    Certain,
}

/// One touch of the project by a test.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Exercise {
    /// Index into [`Audit::tests`].
    pub test: usize,
    pub phase: Phase,
    pub interface: Interface,
    pub transport: Transport,
    pub method: String,
    /// URL pattern, holes written `{}`.
    pub url: String,
    pub route: Option<usize>,
    pub target: Option<Arc<Target>>,
    /// Statuses that the test asserts of this answer.
    pub statuses: Vec<u16>,
    pub asserts: bool,
    pub confidence: Confidence,
    /// Into [`Audit::doubles`]: those that stand behind this exercise.
    pub doubles: Vec<usize>,
    /// What fixtures do, all their tests have in common.
    pub evidence: Arc<[Evidence]>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Evidence {
    pub place: Place,
    pub says: String,
    pub rule: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum BranchKind {
    /// A `raise` that ends the request.
    Raise,
    /// An error response that is returned.
    Response,
    /// The framework's answer to a request that does not validate.
    Validation,
    /// A WebSocket closed with an error code.
    Close,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ErrorBranch {
    pub id: String,
    pub place: Place,
    pub kind: BranchKind,
    pub status: Option<u16>,
    pub exception: Option<String>,
    /// Nothing turns its exception into an answer.
    pub is_unhandled: bool,
    /// Into [`Audit::routes`].
    pub routes: Vec<usize>,
    /// Into [`Audit::tests`].
    pub exercised_by: Vec<usize>,
    pub confidence: Confidence,
}

/// A fixture of a conftest or a plugin that gives tests a client.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Client {
    pub fixture: String,
    /// The file that defines it.
    pub file: String,
    /// Its requests are awaited.
    pub is_awaited: bool,
    pub has_websockets: bool,
    /// What it puts before a path, like `http://test/api`.
    pub base: String,
    /// Marks without arguments that all its tests have.
    pub marks: Vec<String>,
    /// Into [`Audit::tests`].
    pub tests: Vec<usize>,
}

/// A keyword argument of requests that a fixture gives: `headers=admin.token`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Given {
    pub keyword: String,
    /// An expression of names.
    pub value: String,
    pub fixture: String,
    /// Into [`Audit::tests`].
    pub tests: Vec<usize>,
}

/// What replaces a real thing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Double {
    pub id: String,
    pub place: Place,
    /// What is replaced: a dotted name.
    pub replaces: String,
    /// How: the id of the rule that saw it.
    pub how: String,
}

/// A place that keeps tests from running.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Skip {
    /// When it skips, in a few words.
    pub says: String,
    /// Into [`Audit::tests`].
    pub tests: Vec<usize>,
    pub evidence: Vec<Evidence>,
}

/// Something that production stands on, and what each test makes of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Infrastructure {
    pub name: String,
    pub place: Option<Place>,
    /// A running test speaks to the real one, asserts, and is not skipped without it.
    pub covered: bool,
    /// Tests that speak to the real one, into [`Audit::tests`].
    pub real: Vec<usize>,
    pub replaced: Vec<Replaced>,
    /// Tests that would speak to the real one, and are skipped where it is not there.
    pub skipped: Vec<usize>,
}

/// One place that puts something in the place of infrastructure.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Replaced {
    pub place: Place,
    /// `replaces Mail.send`.
    pub how: String,
    pub rule: Option<String>,
    /// Into [`Audit::tests`].
    pub tests: Vec<usize>,
}

/// A context of the frontend that fails outside of its provider: who mounts that above which pages, and who needs it below.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Context {
    pub name: String,
    pub place: Place,
    pub covered: bool,
    /// Addresses.
    pub pages: Vec<String>,
    pub mounted_by: Vec<(String, Place)>,
    pub hooks: Vec<(String, Place)>,
    pub consumers: Vec<(String, Place)>,
}

/// A setting that live code reads.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Setting {
    pub name: String,
    /// Where it is read first.
    pub place: Place,
    pub need: Need,
    pub provided: Vec<SettingIn>,
}

/// What becomes of code that reads a setting which is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Need {
    /// It fails.
    Required,
    /// It gets nothing, and goes on.
    WithoutDefault,
    WithDefault,
}

/// One place that provides a setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingIn {
    pub environment: Environment,
    pub place: Place,
    /// A line of an `.env` file.
    pub is_in_env_file: bool,
    /// A host, on or off, a limit; nothing of what may be a secret.
    pub value: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Environment {
    Production,
    /// Of a file that does not say which.
    Shared,
    Staging,
    Test,
    Development,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Priority {
    P0,
    P1,
    P2,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Gap {
    pub id: String,
    /// A kind of `rules/gaps/`.
    pub kind: String,
    pub priority: Priority,
    /// Those that are only possible are not in an audit unless they are asked for.
    pub confidence: Confidence,
    pub title: String,
    pub evidence: Vec<Evidence>,
    pub fix: String,
    pub route: Option<usize>,
    /// The error status that no test asserts, if it is about one.
    pub status: Option<u16>,
    /// By its name, what it is about where that is no route: infrastructure, a setting, a request of the frontend.
    pub about: Option<String>,
    pub waiver: Option<Waiver>,
}

/// Somebody answers for a gap, until a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    pub reason: String,
    pub owner: String,
    /// The last day on which it holds.
    pub expires: String,
    pub is_expired: bool,
}

/// What could not be decided.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unknown {
    /// Of a closed list.
    #[serde(deserialize_with = "reason")]
    pub reason: Reason,
    pub place: Place,
    pub says: String,
}

/// Of a closed list.
pub type Reason = &'static str;

/// Reasons are of a closed list, so those that are read are few, and stay.
fn reason<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Reason, D::Error> {
    static READ: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let text = String::deserialize(deserializer)?;
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = read.get(text.as_str()) {
        return Ok(known);
    }
    let kept: &'static str = Box::leak(text.into_boxed_str());
    read.insert(kept);
    Ok(kept)
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Gate {
    pub id: String,
    pub stage: String,
    pub passed: bool,
    pub says: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LeftOut {
    pub path: String,
    pub why: String,
}

impl Gate {
    /// Passes when nothing is wrong; else it names so many of what is.
    pub fn of(
        id: &str,
        stage: &str,
        wrong: &[String],
        most: usize,
        fine: &str,
        what: &str,
    ) -> Gate {
        let named = &wrong[..wrong.len().min(most)];
        let more = match wrong.len() - named.len() {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        Gate {
            id: id.to_string(),
            stage: stage.to_string(),
            passed: wrong.is_empty(),
            says: match wrong.len() {
                0 => fine.to_string(),
                count => format!("{count} {what}: {}{more}", named.join(", ")),
            },
        }
    }
}

/// A percentage to a tenth.
pub fn tenths(percent: f64) -> f64 {
    (percent * 10.0).round() / 10.0
}

impl Gap {
    /// Is there a waiver for it that still holds?
    pub fn is_waived(&self) -> bool {
        self.waiver
            .as_ref()
            .is_some_and(|waiver| !waiver.is_expired)
    }

    /// Does a gate count it?
    pub fn counts(&self) -> bool {
        !self.is_waived() && self.confidence > Confidence::Possible
    }
}

impl Bar {
    /// Percent covered, rounded to a tenth; none when not measured.
    pub fn percent(&self) -> Option<f64> {
        match self.state {
            BarState::Measured if self.total > 0 => {
                Some((self.covered as f64 * 1000.0 / self.total as f64).round() / 10.0)
            }
            BarState::Measured | BarState::NotApplicable | BarState::NotAnalyzed => None,
        }
    }
}

impl BarId {
    /// By number.
    pub const ALL: [BarId; 11] = [
        BarId::BackendServices,
        BarId::ServiceInitialization,
        BarId::DirectServiceCalls,
        BarId::HttpEndpoints,
        BarId::WebsocketEndpoints,
        BarId::FrontendIntegration,
        BarId::ReactProviderTree,
        BarId::FullInitialization,
        BarId::ErrorHandling,
        BarId::InfrastructureConfig,
        BarId::ProductionConfig,
    ];

    /// As in JSON and in configuration.
    pub fn id(self) -> &'static str {
        match self {
            BarId::BackendServices => "services",
            BarId::ServiceInitialization => "service-initialization",
            BarId::DirectServiceCalls => "service-calls",
            BarId::HttpEndpoints => "http",
            BarId::WebsocketEndpoints => "websocket",
            BarId::FrontendIntegration => "frontend",
            BarId::ReactProviderTree => "react-providers",
            BarId::FullInitialization => "initialization",
            BarId::ErrorHandling => "errors",
            BarId::InfrastructureConfig => "infrastructure",
            BarId::ProductionConfig => "configuration",
        }
    }

    /// As a reader sees it.
    pub fn label(self) -> &'static str {
        match self {
            BarId::BackendServices => "Backend Services",
            BarId::ServiceInitialization => "Service Initialization",
            BarId::DirectServiceCalls => "Direct Service Calls",
            BarId::HttpEndpoints => "HTTP Endpoints",
            BarId::WebsocketEndpoints => "WebSocket Endpoints",
            BarId::FrontendIntegration => "Frontend Integration",
            BarId::ReactProviderTree => "React Provider Tree",
            BarId::FullInitialization => "Full Initialization",
            BarId::ErrorHandling => "Error Handling",
            BarId::InfrastructureConfig => "Infrastructure Config",
            BarId::ProductionConfig => "Production Config",
        }
    }
}

impl Verdict {
    /// From the best to the least.
    pub const ALL: [Verdict; 6] = [
        Verdict::Behavior,
        Verdict::Doubled,
        Verdict::Setup,
        Verdict::Implementation,
        Verdict::Unknown,
        Verdict::Untested,
    ];

    /// As in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Verdict::Behavior => "behavior",
            Verdict::Doubled => "doubled",
            Verdict::Setup => "setup",
            Verdict::Implementation => "implementation",
            Verdict::Unknown => "unknown",
            Verdict::Untested => "untested",
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}
