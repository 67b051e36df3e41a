//! One run: a folder in, an audit out that no gate has judged yet.
//!
//! `covgap diff main...HEAD` makes two of them.

use std::path::Path;

use crate::config::{Config, Error, Options};
use crate::coverage::audit::Confidence;
use crate::coverage::{Audit, judge, totals};
use crate::facts::program::{Expr, ExprId, FunctionId, Stmt};
use crate::facts::{self, Before, Facts};
use crate::history::{dates, waivers};
use crate::links::trace;
use crate::project::frontend::look_again;
use crate::project::own_models::check_own_models;
use crate::project::served::Target;
use crate::project::world::{Next, World};
use crate::recall::Memory;
use crate::rules::criteria::Criterion;
use crate::rules::{Rules, forges};
use crate::source::Purpose;
use crate::source::{self, FileId, LaunchTarget, Origin, Repository, Resolution, Sources, paths};

/// Stack of a worker: the interpreter nests as deep as the Python it runs.
const STACK: usize = 256 << 20;

/// What is kept of a run's work for the next one: what texts say, what tests do, what pages ask for.
const TEXTS: &str = "texts";
const TESTS: &str = "tests";
const PAGES: &str = "pages";

/// What the runs of one process hand on to each other: a revision's tests do mostly what those of the one before did.
#[derive(Default)]
pub(crate) struct Handed {
    tests: Option<Vec<u8>>,
    pages: Option<Vec<u8>>,
}

/// The audit without its gates, for those who compare it with another; waivers are marked.
pub(crate) fn audit_of(options: &Options) -> Result<(Audit, Config), Error> {
    audit_after(options, None)
}

/// [`audit_of`] that takes over what it can from the run before in this process, and leaves as much for the next one.
pub(crate) fn audit_after(
    options: &Options,
    handed: Option<&mut Handed>,
) -> Result<(Audit, Config), Error> {
    let mut judged = judged_after(options, handed, Next::Work)?;
    waivers::apply(&mut judged.audit, &judged.config, dates::today())?;
    Ok((shown(judged.audit, options), judged.config))
}

/// Without the gaps that nobody asked for, now that waivers and gates have seen all of them.
pub(crate) fn shown(mut audit: Audit, options: &Options) -> Audit {
    if !options.possible {
        audit
            .gaps
            .retain(|gap| gap.confidence > Confidence::Possible);
    }
    audit
}

pub(crate) struct Judged {
    pub audit: Audit,
    pub config: Config,
    pub criteria: Vec<Criterion>,
}

/// The audit of what is there, possible gaps as well, with what its gates need.
pub(crate) fn judged(options: &Options, next: Next) -> Result<Judged, Error> {
    judged_after(options, None, next)
}

fn judged_after(
    options: &Options,
    handed: Option<&mut Handed>,
    next: Next,
) -> Result<Judged, Error> {
    let origin = source::open(&options.root, options.revision.as_deref())?;
    let config = source::configure(&origin, options.config.as_deref(), asked(options))?;
    let rules = rules(&origin, &config)?;
    let criteria = rules.criteria.clone();
    let memory = Memory::of(options, &origin);
    let known = memory.as_ref().and_then(|memory| memory.recall(&origin));
    let mut audit = match known {
        Some(audit) => audit,
        None => {
            let run = (&config, &rules, next);
            afresh(options, origin, run, memory.as_ref(), handed)?
        }
    };
    audit.totals = totals::of(&audit.bars, &config.weights);
    if let Ok(repository) = Repository::around(&options.root) {
        audit.project.link = link(&repository, options, &rules);
        name_owners(&mut audit, &repository, options);
    }
    Ok(Judged {
        audit,
        config,
        criteria,
    })
}

/// Where the forge of the remote `origin` shows the files of the commit: that of the revision, else the one that is checked out.
fn link(repository: &Repository, options: &Options, rules: &Rules) -> Option<String> {
    let remote = repository.remote()?;
    let revision = options.revision.as_deref().unwrap_or("HEAD");
    let commit = repository.commit(revision).ok()?;
    forges::link(&rules.forges, &remote, &commit.full(), repository.prefix())
}

/// Who owns a handler's file, where the repository around the project says so.
fn name_owners(audit: &mut Audit, repository: &Repository, options: &Options) {
    let Some(owners) = source::owners_above(repository, options.revision.as_deref()) else {
        return;
    };
    for route in &mut audit.routes {
        if let Some(file) = &route.handler.file {
            let path = format!("{}/{file}", repository.prefix());
            route.owner = owners.of(&path).map(str::to_string);
        }
    }
}

/// The audit of all there is, possible gaps as well; kept for the next run.
fn afresh(
    options: &Options,
    origin: Origin,
    (config, rules, next): (&Config, &Rules, Next),
    memory: Option<&Memory>,
    handed: Option<&mut Handed>,
) -> Result<Audit, Error> {
    // A rule of the project may change what anything means.
    let has_own_rules = !config.rules.is_empty();
    let mut handed = handed.filter(|_| !has_own_rules);
    // What the files on the disk are in the next run, they mostly are now.
    let wanted = memory.filter(|_| !has_own_rules && options.revision.is_none());
    let part = |name: &'static str| wanted.map(|memory| memory.part(name));
    let (mut tests, mut pages) = (part(TESTS), part(PAGES));
    if let Some(handed) = &mut handed {
        tests = Some(handed.tests.take().or(tests).unwrap_or_default());
        pages = Some(handed.pages.take().or(pages).unwrap_or_default());
    }
    let wants_chunks = tests.is_some();
    let work = |world: &World<'_>, targets: &[Target], config: &Config| {
        let asked_for: Vec<String> = targets
            .iter()
            .filter(|target| target.group.is_empty())
            .map(|target| target.text.clone())
            .collect();
        let ((links, tests), (frontend, pages)) = rayon::join(
            || trace(world, targets, tests.as_deref()),
            || look_again(world.sources, world.rules, &config.tests, pages.as_deref()),
        );
        let found = (world.known_of_texts(), tests, pages);
        let audit = judge(world, &links, &frontend);
        next.let_go((links, frontend));
        (audit, asked_for, found)
    };
    let sources = source::discover(origin, config)?;
    let texts = part(TEXTS).map(Before::new);
    let (audit, asked_for, (texts, mut new_tests, mut new_pages)) = over_sources(
        options,
        &sources,
        (config, rules, next),
        (texts, wants_chunks),
        work,
    )?;
    refuse_absent(&audit, &asked_for)?;
    if let Some(handed) = handed {
        // None: they are as before.
        handed.tests = new_tests.or(tests);
        handed.pages = new_pages.or(pages);
        let is_kept = wanted.is_some();
        new_tests = handed.tests.clone().filter(|_| is_kept);
        new_pages = handed.pages.clone().filter(|_| is_kept);
    }
    if let Some(memory) = memory {
        let parts = [(TEXTS, texts), (TESTS, new_tests), (PAGES, new_pages)];
        for (name, bytes) in parts {
            memory.keep_part(name, bytes.as_deref());
        }
        memory.keep(
            sources.origin(),
            sources.origin().asked().as_deref(),
            &audit,
        );
    }
    next.let_go(sources);
    Ok(audit)
}

/// An app that was asked for by name and is not there is a mistake; to go on with another would answer another question.
fn refuse_absent(audit: &Audit, asked_for: &[String]) -> Result<(), Error> {
    let is_found = |text: &&String| audit.project.apps.iter().any(|(label, _)| label == *text);
    let Some(absent) = asked_for.iter().find(|text| !is_found(text)) else {
        return Ok(());
    };
    let error = Error::new(format!("no app with a route at `{absent}`"));
    Err(match audit.project.apps.first() {
        Some((label, _)) => error.help(format!(
            "an app is written `module:attribute`; is it `{label}`?"
        )),
        None => error.help("an app is written `module:attribute`, as servers want it"),
    })
}

/// Does the work on the project's files and the rules, with as many threads as were asked for.
pub(crate) fn over_world<T: Send>(
    options: &Options,
    work: impl FnOnce(&World<'_>, &[Target], &Config) -> T + Send,
) -> Result<T, Error> {
    let origin = source::open(&options.root, options.revision.as_deref())?;
    let config = source::configure(&origin, options.config.as_deref(), asked(options))?;
    let rules = rules(&origin, &config)?;
    let sources = source::discover(origin, &config)?;
    let run = (&config, &rules, Next::Work);
    over_sources(options, &sources, run, (None, false), work)
}

fn over_sources<T: Send>(
    options: &Options,
    sources: &Sources,
    (config, rules, next): (&Config, &Rules, Next),
    (before, wants_chunks): (Option<Before>, bool),
    work: impl FnOnce(&World<'_>, &[Target], &Config) -> T + Send,
) -> Result<T, Error> {
    let tests = TestCode::of(sources);
    let world = World::new(sources, rules, |file| tests.holds(sources.path(file)));
    let world = world.between(before, next).with_chunks(wants_chunks);
    let targets = targets(config, sources, rules);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads.unwrap_or(0))
        .stack_size(STACK)
        .build();
    let pool = pool.map_err(|error| Error::new(format!("no threads could be started: {error}")))?;
    let result = pool.install(|| work(&world, &targets, config));
    next.let_go(world);
    sources.origin().refuse_absent()?;
    Ok(result)
}

/// The embedded rules and the project's own. The errors are the user's: a rule file that is none.
pub(crate) fn rules(origin: &Origin, config: &Config) -> Result<Rules, Error> {
    let mut rules = Rules::load(source::own_rules(origin, config)?)?;
    check_own_models(&rules)?;
    if !config.services.is_empty() {
        rules.names.services.clone_from(&config.services);
    }
    Ok(rules)
}

/// The apps to follow: what the configuration says, else what production is started with.
fn targets(config: &Config, sources: &Sources, rules: &Rules) -> Vec<Target> {
    if !config.app.is_empty() {
        return config
            .app
            .iter()
            .map(|text| Target {
                text: text.clone(),
                names: &[],
                is_factory: false,
                group: String::new(),
            })
            .collect();
    }
    let mut targets: Vec<Target> = Vec::new();
    for launch in sources
        .launches
        .iter()
        .filter(|launch| launch.purpose == Purpose::Production)
    {
        let is_aside = |path: &str| rules.names.is_aside(path);
        if is_aside(&launch.file)
            || launch
                .module
                .is_some_and(|file| is_aside(sources.path(file)))
        {
            continue;
        }
        let Some(file) = launch.module else { continue };
        let module = sources.modules.module_name(file);
        let (text, names) = match (&launch.target, &launch.server) {
            (LaunchTarget::App { attribute, .. }, _)
            | (
                LaunchTarget::File {
                    attribute: Some(attribute),
                    ..
                },
                Some(_),
            ) => (format!("{module}:{attribute}"), [].as_slice()),
            // Python that runs a file starts what the file says.
            (LaunchTarget::File { .. }, Some(server)) => {
                (module.to_string(), source::names_of_app(server))
            }
            _ => continue,
        };
        if !targets.iter().any(|known| known.text == text) {
            targets.push(Target {
                text,
                names,
                is_factory: launch.is_factory,
                group: launch.file.clone(),
            });
        }
    }
    targets
}

/// What the command line says, as a configuration.
pub(crate) fn asked(options: &Options) -> Config {
    let below = |path: &Path| {
        let inside = path.strip_prefix(&options.root).unwrap_or(path);
        inside.to_string_lossy().replace('\\', "/")
    };
    Config {
        app: options.apps.clone(),
        tests: options.tests.iter().map(|path| below(path)).collect(),
        fail_under: options.fail_under.iter().cloned().collect(),
        ..Config::default()
    }
}

/// Which files are tests' own code: test files, conftests, and what lies in the folders that hold them.
struct TestCode {
    files: Vec<String>,
    folders: Vec<String>,
}

impl TestCode {
    fn of(sources: &Sources) -> TestCode {
        let mut files = Vec::new();
        let mut folders = Vec::new();
        for suite in &sources.suites {
            for argument in &suite.arguments {
                let is_whole = argument.is_empty() || argument == "." || *argument == suite.root;
                if !is_whole
                    && !argument.ends_with(".py")
                    && paths::is_test_folder(paths::name(argument))
                {
                    folders.push(format!("{argument}/"));
                }
            }
            for &file in suite.conftests.iter().chain(&suite.tests) {
                let path = sources.path(file);
                files.push(path.to_string());
                let mut end = 0;
                for part in path.split('/') {
                    end += part.len() + 1;
                    if end <= path.len() && paths::is_test_folder(part) {
                        folders.push(path[..end].to_string());
                        break;
                    }
                }
            }
        }
        files.extend(plugins(sources));
        files.sort();
        files.dedup();
        folders.sort();
        folders.dedup();
        TestCode { files, folders }
    }

    fn holds(&self, path: &str) -> bool {
        self.files
            .binary_search_by(|known| known.as_str().cmp(path))
            .is_ok()
            || self
                .folders
                .iter()
                .any(|folder| path.starts_with(folder.as_str()))
    }
}

/// The project's own modules that hold what tests use: those that `pytest_plugins = "shop.testing.fixtures"` names, those that the
/// project announces to pytest, those with fixtures that a conftest imports from (`from shop.testing.fixtures import *`), and what
/// such a module says in turn.
fn plugins(sources: &Sources) -> Vec<String> {
    let suites = sources.suites.iter();
    let mut waiting: Vec<FileId> = suites.flat_map(|suite| suite.conftests.clone()).collect();
    let mut seen = waiting.clone();
    let mut found: Vec<FileId> = Vec::new();
    let suites = sources.suites.iter();
    for name in suites.flat_map(|suite| sources.pytest_plugins(suite)) {
        if let Resolution::File(module) = sources.modules.resolve_from("", name)
            && !seen.contains(&module)
        {
            seen.push(module);
            found.push(module);
            waiting.push(module);
        }
    }
    while let Some(file) = waiting.pop() {
        let Ok(text) = sources.read(file) else {
            continue;
        };
        let facts = facts::kept(&text);
        let named = plugin_names(&facts).into_iter().map(|name| (name, true));
        let imported = imported_modules(&facts).map(|name| (name, false));
        for (name, is_named) in named.chain(imported) {
            if let Resolution::File(module) = sources.modules.resolve(file, &name)
                && !seen.contains(&module)
                && (is_named || has_fixtures(sources, module))
            {
                seen.push(module);
                found.push(module);
                waiting.push(module);
            }
        }
    }
    let paths = found.into_iter().map(|file| sources.path(file).to_string());
    paths.collect()
}

/// The statements of a file's outermost level.
fn top_level(facts: &Facts) -> impl Iterator<Item = Stmt> {
    let body = facts.stmt_list(facts.function(FunctionId(0)).body);
    body.iter().map(|statement| facts.stmt(*statement))
}

/// The names in the `pytest_plugins` of a file.
fn plugin_names(facts: &Facts) -> Vec<String> {
    let is_named = |target: &ExprId| matches!(facts.expr(*target), Expr::Name(name) if facts.name(name) == "pytest_plugins");
    let mut names = Vec::new();
    for statement in top_level(facts) {
        let Stmt::Assign { targets, value } = statement else {
            continue;
        };
        if !facts.expr_list(targets).iter().any(is_named) {
            continue;
        }
        let values = match facts.expr(value) {
            Expr::List(items) | Expr::Tuple(items) => facts.expr_list(items).to_vec(),
            _ => vec![value],
        };
        for value in values {
            if let Expr::Text(text) = facts.expr(value) {
                names.push(facts.text(text).to_string());
            }
        }
    }
    names
}

/// The modules that a file imports names from, as they are written there: `shop.testing`, `..testing`.
fn imported_modules(facts: &Facts) -> impl Iterator<Item = String> {
    top_level(facts).filter_map(|statement| match statement {
        Stmt::ImportFrom { module, level, .. } => {
            let dots = ".".repeat(level as usize);
            Some(dots + module.map_or("", |module| facts.name(module)))
        }
        _ => None,
    })
}

/// Does a module define fixtures, with a decorator of pytest or of a plugin of it (`pytest_asyncio.fixture`)?
fn has_fixtures(sources: &Sources, file: FileId) -> bool {
    let Ok(text) = sources.read(file) else {
        return false;
    };
    if !text.contains("fixture") {
        return false;
    }
    let facts = facts::kept(&text);
    let mut bound = Vec::new();
    for statement in top_level(&facts) {
        let (home, aliases) = match statement {
            Stmt::Import(aliases) => (None, aliases),
            Stmt::ImportFrom {
                module: Some(module),
                level: 0,
                aliases,
            } => (Some(facts.name(module)), aliases),
            _ => continue,
        };
        for alias in &facts.aliases[aliases.range()] {
            let name = facts.name(alias.name);
            if home.unwrap_or(name).starts_with("pytest") {
                bound.push((alias.bound.unwrap_or(alias.name), home.is_some(), name));
            }
        }
    }
    let is_fixture = |decorator: &ExprId| {
        let decorator = match facts.expr(*decorator) {
            Expr::Call { function, .. } => facts.expr(function),
            plain => plain,
        };
        match decorator {
            Expr::Name(used) => bound
                .iter()
                .any(|(known, is_from, name)| *known == used && *is_from && *name == "fixture"),
            Expr::Attribute { object, name } => {
                let is_home = |used| {
                    bound
                        .iter()
                        .any(|(known, is_from, _)| *known == used && !is_from)
                };
                facts.name(name) == "fixture"
                    && matches!(facts.expr(object), Expr::Name(used) if is_home(used))
            }
            _ => false,
        }
    };
    let mut decorators = facts.functions.iter().map(|function| function.decorators);
    decorators.any(|decorators| facts.expr_list(decorators).iter().any(is_fixture))
}
