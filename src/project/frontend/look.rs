//! Looks at the whole frontend of a project.
//!
//! A project whose page calls `fetch("/api/items")` has a [`Frontend`] with one call, whether or not Python has
//! `@app.get("/api/items")`.

use rustc_hash::{FxHashMap, FxHashSet};

use super::entries::{self, Entries, Page};
use super::found::{self, Blank, Call};
use super::machine::Machine;
use super::providers::{self, Context};
use super::proxies::{self, Rewrite};
use super::scripts::Scripts;
use super::value::ScriptId;
use super::{
    addresses::{self, Opened},
    found::place_of,
};
use crate::rules::Rules;
use crate::source::Sources;

/// Pages that are told for one call.
const MOST_PAGES: usize = 5;

/// What was found, with paths and lines.
#[derive(Debug, Default)]
pub struct Frontend {
    /// Are there pages?
    pub state: State,
    pub calls: Vec<FoundCall>,
    /// What asks for something that is not known: where, and what it is.
    pub blanks: Vec<((String, u32), String)>,
    pub contexts: Vec<FoundContext>,
    pub rewrites: Vec<Rewrite>,
    /// Paths that the frontend answers itself, with holes.
    pub served: Vec<String>,
    /// Files that pages load, below no route.
    pub assets: FxHashSet<String>,
    pub asset_endings: Vec<String>,
    /// Addresses that browser tests open, with where.
    pub visits: Vec<(String, (String, u32))>,
    /// Addresses of pages.
    pub pages: Vec<String>,
    /// Imports of the project's own files that are not there: file, line, what.
    pub missing: Vec<(String, u32, String)>,
    /// Imports that do not spell what they import: file, line.
    pub open_imports: Vec<(String, u32)>,
    /// Files that do not parse: file, line.
    pub broken: Vec<(String, u32)>,
    /// Files that a page loads and that are not read.
    pub unread: Vec<String>,
    /// Files of which not everything was run or read: file, line, why.
    pub cut_off: Vec<(String, u32, String)>,
    /// Packages in which no page was found.
    pub without: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum State {
    /// No script, or none of a page.
    #[default]
    None,
    /// There are scripts of pages, and where they begin is not known.
    Unknown,
    Pages,
}

#[derive(Debug, Clone)]
pub struct FoundCall {
    pub call: Call,
    pub places: Vec<(String, u32)>,
    /// Is some place of it in a module that a page loads?
    pub is_reachable: bool,
    pub pages: Vec<String>,
    pub page_count: usize,
    /// The folder of the package that its first place belongs to.
    pub package: String,
}

#[derive(Debug, Clone)]
pub struct FoundContext {
    pub name: String,
    pub place: (String, u32),
    pub hooks: Vec<FoundConsumer>,
    pub consumers: Vec<FoundConsumer>,
    pub mounted_by: Vec<FoundConsumer>,
    pub pages: Vec<String>,
    pub rendered_by: Vec<(String, u32)>,
    pub bare: Vec<(String, u32)>,
}

#[derive(Debug, Clone)]
pub struct FoundConsumer {
    pub name: String,
    pub place: (String, u32),
    pub is_reachable: bool,
}

/// Of the frontend's own tests those below `asked` count, when tests are asked for.
pub fn look(sources: &Sources, rules: &Rules, asked: &[String]) -> Frontend {
    let scripts = Scripts::new(sources, rules);
    if scripts.packages.is_empty() && scripts.ids().next().is_none() {
        return Frontend::default();
    }
    let mut entries = entries::find(&scripts);
    if !asked.is_empty() {
        entries.tests.retain(|id| {
            asked
                .iter()
                .any(|folder| crate::source::paths::is_within(scripts.path(*id), folder))
        });
    }
    let mut frontend = Frontend {
        state: match (entries.pages.is_empty(), entries.without.is_empty()) {
            (false, _) => State::Pages,
            (true, false) => State::Unknown,
            (true, true) => State::None,
        },
        without: entries.without.clone(),
        ..Frontend::default()
    };
    if frontend.state != State::Pages {
        return frontend;
    }
    fill(&scripts, &entries, &mut frontend);
    frontend
}

fn fill(scripts: &Scripts<'_>, entries: &Entries, frontend: &mut Frontend) {
    let begin: Vec<ScriptId> = entries
        .pages
        .iter()
        .flat_map(|page| page.files.iter().copied())
        .collect();
    let graph = entries::reach(scripts, &begin);
    let mut reachable: Vec<ScriptId> = graph.keys().copied().collect();
    reachable.sort_unstable();
    let is_reachable: FxHashSet<ScriptId> = reachable.iter().copied().collect();
    let marked = marked(scripts, |id| {
        !is_reachable.contains(&id) && !entries::is_aside(scripts, scripts.path(id))
    });
    let mut machine = Machine::new(scripts);
    let all: Vec<ScriptId> = reachable.iter().chain(&marked).copied().collect();
    machine.run(&all);
    run_consumers(scripts, &mut machine);
    frontend.rewrites = proxies::find(scripts, &mut machine);
    let tests = run_tests(scripts, entries);
    let (calls, blanks) = found::calls(scripts, &machine.effects);
    let loaded: Vec<(&Page, FxHashSet<ScriptId>)> = entries
        .pages
        .iter()
        .map(|page| (page, entries::below(&graph, &page.files)))
        .collect();
    let pages_of = pages_of(&loaded);
    frontend.calls = calls
        .into_iter()
        .map(|call| {
            let mut pages: Vec<String> = call
                .places
                .iter()
                .flat_map(|(script, _)| pages_of.get(script).into_iter().flatten().cloned())
                .collect();
            pages.sort();
            pages.dedup();
            FoundCall {
                is_reachable: call
                    .places
                    .iter()
                    .any(|(script, _)| is_reachable.contains(script)),
                places: call
                    .places
                    .iter()
                    .map(|place| spelled(scripts, *place))
                    .collect(),
                page_count: pages.len(),
                package: call
                    .places
                    .first()
                    .and_then(|(script, _)| scripts.package_of(scripts.path(*script)))
                    .map_or_else(String::new, |package| package.folder.clone()),
                pages: pages.into_iter().take(MOST_PAGES).collect(),
                call,
            }
        })
        .collect();
    frontend.blanks = blanks
        .into_iter()
        .map(|Blank { place }| {
            let says = if is_reachable.contains(&place.0) {
                "a request of the frontend to a URL that is not known"
            } else {
                "a request of the frontend to a URL that is not known; no page loads the module"
            };
            (spelled(scripts, place), says.to_string())
        })
        .collect();
    let contexts = providers::contexts(
        scripts,
        &machine.effects,
        &tests.0,
        &tests.1,
        &loaded,
        &is_reachable,
    );
    frontend.contexts = contexts
        .iter()
        .map(|context| context_of(scripts, context))
        .collect();
    for visit in &tests.0.visits {
        let place = spelled(scripts, place_of(scripts, visit.place));
        for url in &visit.urls {
            match addresses::page(url, &scripts.own_hosts) {
                Opened::Page(path) => frontend.visits.push((path, place.clone())),
                Opened::Foreign => {}
                Opened::Unknown => {
                    let says = "a browser test opens a page whose address is not known";
                    frontend.blanks.push((place.clone(), says.to_string()));
                }
            }
        }
    }
    frontend.pages = entries
        .pages
        .iter()
        .map(|page| page.address.clone())
        .collect();
    frontend.pages.sort();
    frontend.pages.dedup();
    frontend.served = entries.served.clone();
    frontend.asset_endings = scripts.names().assets.clone();
    frontend.assets = assets(scripts);
    problems(scripts, &reachable, &machine, frontend);
}

fn spelled(scripts: &Scripts<'_>, place: (ScriptId, u32)) -> (String, u32) {
    (scripts.path(place.0).to_string(), place.1)
}

fn context_of(scripts: &Scripts<'_>, context: &Context) -> FoundContext {
    let consumers = |list: &[providers::Consumer]| {
        list.iter()
            .map(|one| FoundConsumer {
                name: one.name.to_string(),
                place: spelled(scripts, one.place),
                is_reachable: one.is_reachable,
            })
            .collect()
    };
    let places = |list: &[(ScriptId, u32)]| {
        let mut places: Vec<(String, u32)> =
            list.iter().map(|one| spelled(scripts, *one)).collect();
        places.sort();
        places.dedup();
        places
    };
    FoundContext {
        name: context.name.to_string(),
        place: spelled(scripts, context.place),
        hooks: consumers(&context.hooks),
        consumers: consumers(&context.consumers),
        mounted_by: consumers(&context.mounted_by),
        pages: context.pages.clone(),
        rendered_by: places(&context.rendered_by),
        bare: places(&context.bare),
    }
}

/// Files in which something of interest is spelled; the others are not parsed.
fn marked(scripts: &Scripts<'_>, is_asked: impl Fn(ScriptId) -> bool + Sync) -> Vec<ScriptId> {
    with_marks(scripts, &scripts.names().marks, is_asked)
}

fn with_marks(
    scripts: &Scripts<'_>,
    marks: &[String],
    is_asked: impl Fn(ScriptId) -> bool + Sync,
) -> Vec<ScriptId> {
    use rayon::prelude::*;
    let Ok(marks) = aho_corasick::AhoCorasick::new(marks) else {
        return Vec::new();
    };
    let ids: Vec<ScriptId> = scripts.ids().filter(|id| is_asked(*id)).collect();
    ids.into_par_iter()
        .filter(|id| {
            scripts
                .sources
                .read_other(scripts.path(*id))
                .is_ok_and(|text| marks.is_match(&text))
        })
        .filter(|id| scripts.script(*id).is_some())
        .collect()
}

/// Files that no page loads and that speak of a hook which throws: they are its consumers, too.
fn run_consumers(scripts: &Scripts<'_>, machine: &mut Machine<'_>) {
    let mut hooks: Vec<String> = providers::throwing(scripts, &machine.effects);
    hooks.retain(|name| name.len() > 5);
    if hooks.is_empty() {
        return;
    }
    let live = machine.live.clone();
    let more = with_marks(scripts, &hooks, |id| {
        !live.contains(&id) && !entries::is_aside(scripts, scripts.path(id))
    });
    machine.run(&more);
}

type Mocks = FxHashSet<(ScriptId, ScriptId)>;

/// What the frontend's own tests open and render, and which modules they replace.
fn run_tests(scripts: &Scripts<'_>, entries: &Entries) -> (super::effects::Effects, Mocks) {
    let known: FxHashSet<ScriptId> = entries.tests.iter().copied().collect();
    let tests = with_marks(scripts, &scripts.names().test_marks, |id| {
        known.contains(&id)
    });
    let mut machine = Machine::new(scripts);
    machine.run(&tests);
    let mocks = std::mem::take(&mut machine.effects.mocks);
    (machine.effects, mocks.into_iter().collect())
}

/// The pages that load a module.
fn pages_of(loaded: &[(&Page, FxHashSet<ScriptId>)]) -> FxHashMap<ScriptId, Vec<String>> {
    let mut found: FxHashMap<ScriptId, Vec<String>> = FxHashMap::default();
    for (page, modules) in loaded {
        for id in modules {
            found.entry(*id).or_default().push(page.address.clone());
        }
    }
    found
}

/// Files of public folders, as a page asks for them.
fn assets(scripts: &Scripts<'_>) -> FxHashSet<String> {
    let mut found = FxHashSet::default();
    for package in &scripts.packages {
        let public = package.public();
        for path in &scripts.sources.others {
            if let Some(below) = crate::source::paths::below(path, &public) {
                found.insert(format!("/{below}"));
            }
        }
    }
    found
}

fn problems(
    scripts: &Scripts<'_>,
    reachable: &[ScriptId],
    machine: &Machine<'_>,
    frontend: &mut Frontend,
) {
    for id in reachable {
        let path = scripts.path(*id);
        let Some(script) = scripts.loaded(*id) else {
            frontend.unread.push(path.to_string());
            continue;
        };
        for line in script.broken.iter().take(1) {
            frontend.broken.push((path.to_string(), *line));
        }
        for (module, line) in entries::modules_of(script) {
            if scripts.resolve(*id, module).is_none()
                && scripts.should_be_own(*id, module)
                && !is_asset(scripts, module)
            {
                let missing = (path.to_string(), line, module.to_string());
                frontend.missing.push(missing);
            }
        }
        for line in &script.open_imports {
            frontend.open_imports.push((path.to_string(), *line));
        }
        if let Some(line) = script.cut_off {
            let why = "nests deeper than the bound";
            let cut_off = (path.to_string(), line, why.to_string());
            frontend.cut_off.push(cut_off);
        }
    }
    for id in machine.cut_off.keys() {
        let why = "takes more steps than the bound";
        let cut_off = (scripts.path(*id).to_string(), 1, why.to_string());
        frontend.cut_off.push(cut_off);
    }
    frontend.missing.sort();
    frontend.missing.dedup();
    frontend.open_imports.sort();
    frontend.broken.sort();
    frontend.unread.sort();
    frontend.cut_off.sort();
}

fn is_asset(scripts: &Scripts<'_>, module: &str) -> bool {
    let module = module.split('?').next().unwrap_or(module);
    let ending = module.rsplit_once('.').map(|(_, ending)| ending);
    let styles = ["css", "scss", "less", "sass", "graphql"];
    ending.is_some_and(|ending| {
        styles.contains(&ending) || scripts.names().assets.iter().any(|known| known == ending)
    })
}
