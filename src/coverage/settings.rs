//! Production Config: the settings that production must provide, which tests assert them, and where environments differ.
//!
//! ```text
//! app/storage.py       os.environ["BUCKET"]             read, and required
//! config/testing.env   BUCKET=test                      a test has it
//! config/production.env                                 production has not: missing-setting
//! ```
//! Values of settings that are secrets by their name are never shown.

use std::collections::{BTreeMap, BTreeSet};

use crate::coverage::asserted_settings;
use crate::coverage::audit::{
    Audit, Bar, BarId, BarItem, Environment, Evidence, Gap, Need, Place, Priority, Setting,
    SettingIn, Side,
};
use crate::coverage::bars::measured;
use crate::coverage::gaps::gap;
use crate::coverage::judge::{Case, is_dead, place};
use crate::links::settings::{Fallback, Read};
use crate::source::{Provided, ProvidedBy, Stage, hosts_in};

/// Of the places that read a setting, so many are evidence.
const MOST_PLACES: usize = 4;

pub fn bar(case: &Case<'_>, audit: &Audit) -> Bar {
    let known = Known::new(case);
    let asserted = asserted_settings::find(case, audit, |name| known.reads.contains_key(name));
    let mut items = Vec::new();
    let files = known.production_files();
    for (name, reads) in &known.reads {
        let provided = files.get(name);
        let is_required = known.is_required(name) && !known.is_of_platform(name);
        if provided.is_none() && !is_required {
            continue;
        }
        let mut evidence = known.read_at(reads);
        evidence.extend(provided.map(|provided| provided_at(provided, "production provides it")));
        let by = asserted.get(*name);
        evidence.extend(by.map(|place| Evidence {
            place: place.clone(),
            says: "a test asserts it under the production configuration".into(),
            rule: None,
        }));
        items.push(BarItem {
            name: (*name).to_string(),
            place: reads.first().map(|read| place(case.world, read.place)),
            covered: by.is_some(),
            evidence,
        });
    }
    measured(
        BarId::ProductionConfig,
        Side::Behavior,
        items,
        "settings that live code reads and production must provide, asserted under the production configuration",
        "live code reads no setting that production must provide",
    )
}

/// Every setting that live code reads, with what each environment provides.
pub fn matrix(case: &Case<'_>) -> Vec<Setting> {
    let known = Known::new(case);
    let reads = known.reads.iter().filter(|(_, reads)| !reads.is_empty());
    reads
        .map(|(name, reads)| {
            let has = |fallback: &Fallback| reads.iter().any(|read| read.fallback == *fallback);
            Setting {
                name: (*name).to_string(),
                place: place(case.world, reads[0].place),
                need: match (known.is_required(name), has(&Fallback::Nothing)) {
                    (true, _) => Need::Required,
                    (false, true) => Need::WithoutDefault,
                    (false, false) => Need::WithDefault,
                },
                provided: provided_to(&known, name),
            }
        })
        .collect()
}

fn provided_to(known: &Known<'_>, name: &str) -> Vec<SettingIn> {
    let files = known.of(name).iter().filter(|one| !one.is_template);
    let files = files.map(|one| SettingIn {
        environment: match one.stage {
            Stage::Production => Environment::Production,
            Stage::Shared => Environment::Shared,
            Stage::Staging => Environment::Staging,
            Stage::Test => Environment::Test,
            Stage::Development => Environment::Development,
        },
        place: provided_at(one, "").place,
        is_in_env_file: one.by == ProvidedBy::EnvFile,
        value: one
            .value
            .as_deref()
            .and_then(|value| harmless(known, name, value)),
    });
    let set_by_tests = known.case.links.settings.set_by_tests.iter();
    let by_tests = set_by_tests
        .filter(|one| one.name == name)
        .map(|one| SettingIn {
            environment: Environment::Test,
            place: place(known.case.world, one.place),
            is_in_env_file: false,
            value: one
                .value
                .as_deref()
                .and_then(|value| harmless(known, name, value)),
        });
    let mut provided: Vec<SettingIn> = files.chain(by_tests).collect();
    provided.sort_by(|one, two| {
        (one.environment, &one.place, &one.value).cmp(&(two.environment, &two.place, &two.value))
    });
    provided.dedup();
    provided
}

/// What a value says that is no secret: its host, on or off, a limit.
fn harmless(known: &Known<'_>, name: &str, value: &str) -> Option<String> {
    let value = crate::source::expand(value);
    if let Some(host) = hosts_in(name, &value).into_iter().next() {
        return Some(host.name);
    }
    if let Some(is_on) = flag(&value) {
        return Some(on_or_off(is_on));
    }
    let is_number = value.trim().parse::<f64>().is_ok();
    (is_number && known.is_limit(name)).then(|| value.trim().to_string())
}

/// What is read, and what is provided.
struct Known<'a> {
    case: &'a Case<'a>,
    reads: BTreeMap<&'a str, Vec<&'a Read>>,
    provided: BTreeMap<&'a str, Vec<&'a Provided>>,
}

impl<'a> Known<'a> {
    fn new(case: &'a Case<'a>) -> Known<'a> {
        let mut known = Known {
            case,
            reads: BTreeMap::new(),
            provided: BTreeMap::new(),
        };
        for read in &case.links.settings.reads {
            known.reads.entry(&read.name).or_default().push(read);
        }
        let sources = &case.world.sources;
        let provided = sources.environments.provided.iter();
        for one in provided.filter(|one| !is_dead(case, &one.file)) {
            known.provided.entry(&one.name).or_default().push(one);
        }
        known
    }

    /// The names of which one is enough, this one first.
    fn alternatives(&self, name: &'a str) -> Vec<&'a str> {
        let sets = self.case.links.settings.alternatives.iter();
        let others = sets.filter(|set| set.contains(name)).flatten();
        let others = others.map(String::as_str).filter(|other| *other != name);
        std::iter::once(name).chain(others).collect()
    }

    fn of(&self, name: &str) -> &[&'a Provided] {
        self.provided.get(name).map_or(&[], Vec::as_slice)
    }

    fn is_required(&self, name: &str) -> bool {
        self.reads
            .get(name)
            .is_some_and(|reads| reads.iter().any(|read| read.fallback == Fallback::Fails))
    }

    fn is_of_platform(&self, name: &str) -> bool {
        let lists = &self.case.world.rules.settings.lists;
        lists.platform.iter().any(|known| known == name)
    }

    /// Only tests or developers set it, by its name.
    fn is_no_production(&self, name: &str) -> bool {
        let lists = &self.case.world.rules.settings.lists;
        name.split('_')
            .any(|word| lists.not_production.iter().any(|known| known == word))
    }

    /// What speaks under the address: `sqlite` of `sqlite+aiosqlite:///test.db`.
    fn engine(&self, value: &str) -> Option<&'a str> {
        let (scheme, _) = value.trim().split_once("://")?;
        let scheme = scheme.split('+').next()?.to_ascii_lowercase();
        let mut engines = self.case.world.rules.settings.lists.engines.iter();
        let engine = engines.find(|schemes| schemes.contains(&scheme))?;
        engine.first().map(String::as_str)
    }

    fn is_limit(&self, name: &str) -> bool {
        let limits = &self.case.world.rules.settings.lists.limits;
        name.split('_')
            .any(|word| limits.iter().any(|known| known == word))
    }

    fn is_production(&self, provided: &Provided) -> bool {
        match (provided.stage, provided.by) {
            (Stage::Production, _) => true,
            (Stage::Shared, ProvidedBy::Compose) => self
                .case
                .world
                .sources
                .environments
                .compose_files
                .iter()
                .any(|file| file.path == provided.file && file.is_canonical),
            (Stage::Shared, _) => true,
            (Stage::Staging | Stage::Test | Stage::Development, _) => false,
        }
    }

    /// The settings in the files that are production's own; without such files, in those that are for all environments.
    fn production_files(&self) -> BTreeMap<&'a str, &'a Provided> {
        let named = |is_wanted: &dyn Fn(&Provided) -> bool| {
            let all = self.provided.iter();
            let found = all
                .filter_map(|(name, all)| Some((*name, *all.iter().find(|one| is_wanted(one))?)));
            found.collect::<BTreeMap<&str, &Provided>>()
        };
        let own = named(&|one| {
            one.stage == Stage::Production && one.by == ProvidedBy::EnvFile && !one.is_template
        });
        let is_read = |found: &BTreeMap<&str, &Provided>| {
            found
                .keys()
                .filter(|name| self.reads.contains_key(*name))
                .count()
                > 1
        };
        if is_read(&own) {
            return own;
        }
        named(&|one| self.is_production(one))
    }

    fn read_at(&self, reads: &[&Read]) -> Vec<Evidence> {
        let reads = reads.iter().take(MOST_PLACES);
        reads
            .map(|read| Evidence {
                place: place(self.case.world, read.place),
                says: match &read.fallback {
                    Fallback::Fails => "read here, and required".into(),
                    Fallback::Nothing => "read here, without a default".into(),
                    Fallback::Text(_) | Fallback::Other => "read here, with a default".into(),
                },
                rule: None,
            })
            .collect()
    }
}

fn provided_at(provided: &Provided, says: &str) -> Evidence {
    Evidence {
        place: Place {
            file: provided.file.clone(),
            line: provided.line,
        },
        says: says.to_string(),
        rule: None,
    }
}

pub fn gaps(case: &Case<'_>) -> Vec<Gap> {
    let known = Known::new(case);
    let mut gaps = Vec::new();
    missing(&known, &mut gaps);
    for name in known.reads.keys() {
        gaps.extend(differs(&known, name));
    }
    unexpanded(&known, &mut gaps);
    spelled_otherwise(&known, &mut gaps);
    gaps
}

/// Required, or known to tests and developers, and no source of production has it.
fn missing(known: &Known<'_>, gaps: &mut Vec<Gap>) {
    let environments = &known.case.world.sources.environments;
    let sources = known
        .reads
        .keys()
        .filter(|name| known.of(name).iter().any(|one| known.is_production(one)));
    let has_sources = sources.count() > 1;
    if !has_sources {
        return;
    }
    let mut all = known.provided.values().flatten();
    let has_own = all.any(|one| one.stage == Stage::Production);
    for (name, reads) in &known.reads {
        if known.is_of_platform(name) || known.is_no_production(name) {
            continue;
        }
        let names = known.alternatives(name);
        let is_there = names.iter().any(|name| {
            known.of(name).iter().any(|one| known.is_production(one))
                || environments.mentioned.contains(*name)
                || known.case.links.settings.set_by_code.contains(*name)
        });
        if is_there {
            continue;
        }
        let is_required = known.is_required(name);
        let elsewhere: Vec<&Provided> = known
            .of(name)
            .iter()
            .filter(|one| {
                one.by == ProvidedBy::EnvFile
                    && !one.is_template
                    && one.value.as_deref().is_some_and(|value| !value.is_empty())
            })
            .copied()
            .collect();
        let has_default = reads
            .iter()
            .any(|read| matches!(read.fallback, Fallback::Text(_)));
        if !is_required && (elsewhere.is_empty() || has_default || !has_own) {
            continue;
        }
        let mut evidence: Vec<Evidence> = Vec::new();
        evidence.extend(
            elsewhere
                .iter()
                .take(2)
                .map(|one| provided_at(one, "only here it has a value")),
        );
        evidence.extend(known.read_at(reads));
        let others: Vec<&str> = names[1..].to_vec();
        let also = if others.is_empty() {
            String::new()
        } else {
            format!(" (nor is {})", others.join(", "))
        };
        let found = gap(
            "missing-setting",
            name,
            Priority::P0,
            format!("{name} is read, and nothing provides it for production{also}"),
            evidence,
            "provide it for production, and assert in a test that the production configuration has it",
            None,
        );
        gaps.push(found.only_possible().about(name));
    }
}

/// A value, and where it stands.
struct Given {
    value: String,
    at: Evidence,
}

fn given_to_tests(known: &Known<'_>, name: &str) -> Vec<Given> {
    let files = known
        .of(name)
        .iter()
        .filter(|one| one.stage == Stage::Test && !one.is_template);
    let files = files.filter_map(|one| {
        let value = one.value.clone()?;
        Some(Given {
            value,
            at: provided_at(one, "tests have it here"),
        })
    });
    let set = known
        .case
        .links
        .settings
        .set_by_tests
        .iter()
        .filter(|one| one.name == name);
    let set = set.filter_map(|one| {
        Some(Given {
            value: one.value.clone()?,
            at: Evidence {
                place: place(known.case.world, one.place),
                says: "tests set it here".into(),
                rule: None,
            },
        })
    });
    files.chain(set).collect()
}

/// Engine, host, flag or limit of another kind in tests than in production.
fn differs(known: &Known<'_>, name: &str) -> Option<Gap> {
    if known.is_of_platform(name) || known.is_no_production(name) {
        return None;
    }
    let production = known
        .of(name)
        .iter()
        .filter(|one| known.is_production(one) && !one.is_template);
    let production: Vec<Given> = production
        .filter_map(|one| {
            let value = crate::source::expand(one.value.as_deref()?);
            Some(Given {
                value,
                at: provided_at(one, "production has it here"),
            })
        })
        .collect();
    let tests = given_to_tests(known, name);
    let (one, other) = (tests.first()?, production.first()?);
    if production
        .iter()
        .any(|given| tests.iter().any(|test| test.value == given.value))
    {
        return None;
    }
    let (says, in_tests, in_production) = difference(known, name, &one.value, &other.value)?;
    let mut evidence = vec![other.at.clone(), one.at.clone()];
    if let Some(reads) = known.reads.get(name) {
        evidence.extend(known.read_at(reads).into_iter().take(2));
    }
    Some(gap(
        "setting-differs",
        name,
        Priority::P1,
        format!("{name} {says} {in_tests} in tests and {in_production} in production"),
        evidence,
        "run a test with the value that production has",
        None,
    ))
}

fn difference(
    known: &Known<'_>,
    name: &str,
    test: &str,
    production: &str,
) -> Option<(&'static str, String, String)> {
    if let (Some(one), Some(other)) = (known.engine(test), known.engine(production)) {
        let shown = |engine: &str| format!("a {engine} address");
        if one != other {
            return Some(("is", shown(one), shown(other)));
        }
    }
    let hosts = (
        hosts_in(name, test).into_iter().next(),
        hosts_in(name, production).into_iter().next(),
    );
    if let (Some(test), Some(production)) = hosts {
        return (test.is_local() != production.is_local()).then_some((
            "points at",
            test.name,
            production.name,
        ));
    }
    if let (Some(test), Some(production)) = (flag(test), flag(production)) {
        let (in_tests, in_production) = (on_or_off(test), on_or_off(production));
        return (test != production).then_some(("is", in_tests, in_production));
    }
    let numbers = (
        test.trim().parse::<f64>().ok(),
        production.trim().parse::<f64>().ok(),
    );
    if let (true, (Some(one), Some(other))) = (known.is_limit(name), numbers) {
        return (one != other).then(|| ("is", test.to_string(), production.to_string()));
    }
    None
}

fn on_or_off(is_on: bool) -> String {
    if is_on { "on" } else { "off" }.to_string()
}

fn flag(value: &str) -> Option<bool> {
    match value.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Some(true),
        "false" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// `HOST=${HOST:-db}` in a file that the project's own loader takes as it stands.
fn unexpanded(known: &Known<'_>, gaps: &mut Vec<Gap>) {
    let case = known.case;
    let Some(loader) = case.links.settings.own_loaders.first() else {
        return;
    };
    let environments = &case.world.sources.environments;
    let services = environments
        .compose_files
        .iter()
        .flat_map(|file| &file.services);
    let expanded: BTreeSet<&str> = services
        .flat_map(|service| service.env_files.iter().map(String::as_str))
        .collect();
    for (name, all) in known
        .provided
        .iter()
        .filter(|(name, _)| known.reads.contains_key(**name))
    {
        let literal = all.iter().find(|one| {
            one.by == ProvidedBy::EnvFile
                && one.stage == Stage::Production
                && !one.is_template
                && !expanded.contains(one.file.as_str())
                && one
                    .value
                    .as_deref()
                    .is_some_and(|value| value.contains("${"))
        });
        let Some(literal) = literal else { continue };
        let found = gap(
            "setting-differs",
            &format!("{name}:as written"),
            Priority::P1,
            format!(
                "{name} of {} reaches the code with its `${{…}}`: what loads it expands nothing",
                literal.file
            ),
            vec![
                provided_at(literal, "a variable stands in the value"),
                Evidence {
                    place: place(case.world, *loader),
                    says: "takes the text after `=` as it is".into(),
                    rule: None,
                },
            ],
            "expand variables when the file is loaded, or write the value",
            None,
        );
        gaps.push(found.only_likely());
    }
}

/// Production has `CACHE_PASSWORD`, and the code reads `CACHE_PASS`.
fn spelled_otherwise(known: &Known<'_>, gaps: &mut Vec<Gap>) {
    let of_production = |name: &str| {
        known.of(name).iter().copied().find(|one| {
            one.stage == Stage::Production && one.by == ProvidedBy::EnvFile && !one.is_template
        })
    };
    for (name, reads) in &known.reads {
        let has_none = reads
            .iter()
            .all(|read| matches!(read.fallback, Fallback::Nothing | Fallback::Fails));
        let last = name.rsplit('_').next().unwrap_or("");
        if !has_none || last.len() < 3 || !name.contains('_') || of_production(name).is_some() {
            continue;
        }
        let names = known.alternatives(name);
        let longer = known.provided.keys().find(|other| {
            let rest = other.strip_prefix(*name);
            rest.is_some_and(|rest| {
                !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_uppercase())
            }) && !names.contains(other)
                && of_production(other).is_some()
        });
        let Some(other) = longer else { continue };
        let Some(provided) = of_production(other) else {
            continue;
        };
        let mut evidence = vec![provided_at(provided, &format!("production has {other}"))];
        evidence.extend(known.read_at(reads));
        let found = gap(
            "setting-differs",
            &format!("{name}:spelled"),
            Priority::P1,
            format!("{name} is read, and {} has {other}", provided.file),
            evidence,
            "read and write the setting under one name",
            None,
        );
        gaps.push(found.only_likely());
    }
}
