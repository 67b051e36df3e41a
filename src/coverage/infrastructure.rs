//! Infrastructure Config: what production stands on, which tests speak to the real one, and what only doubles stand for.
//!
//! ```python
//! cache = redis.Redis()                        # production stands on Redis
//!
//! def test_read():
//!     with patch("app.cache.redis.Redis"):     # and if every test does this, on one that nobody has tried
//! ```
//! Which library speaks to what is data: `rules/infrastructure.toml`.

use std::collections::{BTreeMap, BTreeSet};

use crate::coverage::audit::{
    Audit, Bar, BarId, BarItem, Confidence, Evidence, Gap, Infrastructure, Place, Priority,
    Replaced, Side,
};
use crate::coverage::bars::measured;
use crate::coverage::gaps::gap;
use crate::coverage::judge::{Case, is_dead, place};
use crate::coverage::reaches::{Reach, Replacement};
use crate::project::values::infrastructure::Probe;
use crate::project::world::CodePlace;
use crate::rules::infrastructure::Use;
use crate::source::{ComposeFile, Service, Stage, hosts_in};

/// Of the places that replace something, so many are named.
const MOST_PLACES: usize = 12;

/// Something that production stands on.
struct Dependency<'a> {
    name: String,
    /// Position in the rules.
    kind: Option<usize>,
    service: Option<(&'a ComposeFile, &'a Service)>,
    /// Where live code makes clients of it.
    adapters: Vec<Place>,
}

pub fn bar(case: &Case<'_>, reaches: &[Reach<'_>]) -> Bar {
    let items = dependencies(case)
        .iter()
        .map(|one| item(case, one, reaches))
        .collect();
    measured(
        BarId::InfrastructureConfig,
        Side::Behavior,
        items,
        "services that production stands on which a running test contacts, and is not skipped without",
        "no compose file of production, and no live code that speaks to a service",
    )
}

/// What each test makes of what production stands on.
pub fn by_test(case: &Case<'_>, audit: &Audit, reaches: &[Reach<'_>]) -> Vec<Infrastructure> {
    let numbers = audit.numbers_of_tests();
    let number = |reach: &Reach<'_>| numbers.get(reach.test.id.as_str()).copied();
    let dependencies = dependencies(case);
    let rows = dependencies.iter().map(|one| {
        let item = item(case, one, reaches);
        let met = || {
            let met = reaches.iter();
            met.filter(|reach| one.met_by(case, reach).is_some())
        };
        let kind = |reach: &Reach<'_>| reach.replaced.get(&one.kind?).cloned();
        let mut replaced: BTreeMap<Replacement, Vec<usize>> = BTreeMap::new();
        for reach in reaches {
            for replacement in kind(reach).unwrap_or_default() {
                replaced
                    .entry(replacement)
                    .or_default()
                    .extend(number(reach));
            }
        }
        Infrastructure {
            name: item.name,
            place: item.place,
            covered: item.covered,
            real: met()
                .filter(|reach| !reach.may_skip)
                .filter_map(number)
                .collect(),
            skipped: met()
                .filter(|reach| reach.may_skip)
                .filter_map(number)
                .collect(),
            replaced: replaced
                .into_iter()
                .map(|(one, tests)| Replaced {
                    place: one.place,
                    how: one.how,
                    rule: one.rule,
                    tests,
                })
                .collect(),
        }
    });
    rows.collect()
}

/// The kinds of which production composes a service.
pub(super) fn composed(case: &Case<'_>) -> BTreeSet<usize> {
    let all = dependencies(case).into_iter();
    all.filter(|one| one.service.is_some())
        .filter_map(|one| one.kind)
        .collect()
}

/// Services of the composition of production, then what only code tells.
fn dependencies<'a>(case: &Case<'a>) -> Vec<Dependency<'a>> {
    let rules = &case.world.rules.infrastructure;
    let adapters = |kind: usize| {
        let places = case.links.infrastructure.adapters.get(&kind);
        let places = places.into_iter().flatten();
        places.map(|at| place(case.world, *at)).collect::<Vec<_>>()
    };
    let mut found: Vec<Dependency<'_>> = Vec::new();
    for (file, service) in services(case) {
        let image = service.image.as_deref().filter(|_| service.build.is_none());
        let kind = image
            .and_then(|image| rules.of_image(image))
            .or_else(|| rules.of_command(&service.command));
        let mut words = service.command.split_whitespace();
        let is_app = words.any(|word| case.world.rules.names.servers.iter().any(|one| one == word));
        let is_foreign = !is_app
            && image.is_some_and(|image| !is_own_image(case, image) && !rules.is_tool(image));
        let is_known = found.iter().any(|known| known.name == service.name);
        if (kind.is_none() && !is_foreign) || is_known {
            continue;
        }
        found.push(Dependency {
            name: service.name.clone(),
            kind,
            service: Some((file, service)),
            adapters: kind.map(adapters).unwrap_or_default(),
        });
    }
    for kind in case.links.infrastructure.adapters.keys() {
        if found.iter().all(|known| known.kind != Some(*kind)) {
            found.push(Dependency {
                name: rules.infrastructure[*kind].name.clone(),
                kind: Some(*kind),
                service: None,
                adapters: adapters(*kind),
            });
        }
    }
    found
}

fn services<'a>(case: &Case<'a>) -> impl Iterator<Item = (&'a ComposeFile, &'a Service)> {
    let files = composition_of_production(case).into_iter();
    files.flat_map(|file| file.services.iter().map(move |service| (file, service)))
}

/// The compose files that production is started with, or may be.
pub(super) fn composition_of_production<'a>(case: &Case<'a>) -> Vec<&'a ComposeFile> {
    let files = case.world.sources.environments.compose_files.iter();
    files
        .filter(|file| {
            let is_production =
                file.stage == Stage::Production || file.is_canonical && file.stage == Stage::Shared;
            is_production && !is_dead(case, &file.path)
        })
        .collect()
}

/// `shop/api:3` of the project `shop`: its own code, made elsewhere.
fn is_own_image(case: &Case<'_>, image: &str) -> bool {
    let project = case.world.sources.root.file_name();
    let project = project.map(|name| name.to_string_lossy().to_lowercase());
    let words = |text: &str| {
        let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
        words.map(str::to_lowercase).collect::<BTreeSet<_>>()
    };
    let has_hole = !image.is_ascii() || image.contains('$');
    has_hole || project.is_some_and(|project| !words(&project).is_disjoint(&words(image)))
}

fn item(case: &Case<'_>, one: &Dependency<'_>, reaches: &[Reach<'_>]) -> BarItem {
    let mut evidence = one.evidence();
    let met: Vec<(&Reach<'_>, Place)> = reaches
        .iter()
        .filter_map(|reach| Some((reach, one.met_by(case, reach)?)))
        .collect();
    let (skipping, real): (Vec<_>, Vec<_>) = met.iter().partition(|(reach, _)| reach.may_skip);
    let asserting = real
        .iter()
        .filter(|(reach, _)| reach.test.walked.asserts_itself);
    let covered = asserting.clone().next().is_some();
    if let Some((_, at)) = asserting.clone().next().or(real.first()) {
        let tests = tests(real.len());
        evidence.push(says(at, format!("the real one is spoken to by {tests}")));
    }
    if let Some((_, at)) = skipping.first() {
        evidence.push(says(at, skipped(skipping.len())));
    }
    let idle: Vec<Place> = reaches
        .iter()
        .filter_map(|reach| one.idly_looked_for_by(case, reach))
        .collect();
    if let Some(at) = idle.first() {
        let tests = tests(idle.len());
        evidence.push(says(
            at,
            format!("looked for by {tests}, passing where it is not there, too"),
        ));
    }
    if let Some(kind) = one.kind {
        evidence.extend(replacements(kind, reaches));
    }
    BarItem {
        name: one.name.clone(),
        place: one.evidence().first().map(|first| first.place.clone()),
        covered,
        evidence,
    }
}

fn tests(count: usize) -> String {
    match count {
        1 => "1 test".into(),
        several => format!("{several} tests"),
    }
}

fn skipped(count: usize) -> String {
    let tests = tests(count);
    format!("the real one would be spoken to by {tests}, skipped where it is not there")
}

fn says(place: &Place, says: String) -> Evidence {
    Evidence {
        place: place.clone(),
        says,
        rule: None,
    }
}

impl Dependency<'_> {
    /// Why production stands on it.
    fn evidence(&self) -> Vec<Evidence> {
        let service = self.service.map(|(file, service)| Place {
            file: file.path.clone(),
            line: service.line,
        });
        let service =
            service.map(|at| says(&at, format!("{} runs beside the application", self.name)));
        let adapter = self.adapters.first();
        let adapter = adapter.map(|at| says(at, "production makes a client of it".into()));
        service.into_iter().chain(adapter).collect()
    }

    /// Where the test speaks to the real one: through a client, over the network, or by a look at its container.
    fn met_by(&self, case: &Case<'_>, reach: &Reach<'_>) -> Option<Place> {
        let through = self.kind.and_then(|kind| reach.real.get(&kind));
        let through = through.filter(|(what, _)| *what == Use::Contacted);
        through.map(|(_, at)| at.clone()).or_else(|| {
            let (_, service) = self.service?;
            Some(place(case.world, spoken_to(service, reach)?))
        })
    }

    /// Where the test looks for it and takes no harm when it is not there.
    fn idly_looked_for_by(&self, case: &Case<'_>, reach: &Reach<'_>) -> Option<Place> {
        let (_, service) = self.service?;
        if self.met_by(case, reach).is_some() {
            return None;
        }
        let mut probes = reach.test.walked.probes.iter();
        let probe = probes.find(|probe| looks_for(service, probe))?;
        Some(place(case.world, probe.place))
    }
}

/// Does the test look for the service?
fn looks_for(service: &Service, probe: &Probe) -> bool {
    let mut numbers = probe.numbers.iter();
    probe.words.iter().any(|word| is_name(service, word))
        || numbers.any(|number| u16::try_from(*number).is_ok_and(|port| is_port(service, port)))
}

fn is_name(service: &Service, name: &str) -> bool {
    service.names.iter().any(|known| known == name)
}

fn is_port(service: &Service, port: u16) -> bool {
    service.ports.iter().any(|(outer, _)| *outer == port)
}

/// Where the test sends something to a port or a name of the service.
fn spoken_to(service: &Service, reach: &Reach<'_>) -> Option<CodePlace> {
    let walked = &reach.test.walked;
    let probes = walked.probes.iter();
    let probes = probes.filter(|probe| !probe.passes_without && looks_for(service, probe));
    let requests = walked.contacts.iter().map(|(_, contact)| &contact.request);
    let sent = requests
        .filter(|request| request.is_network && !request.from_app)
        .filter(|request| {
            let secure = request.url.starts_with("https") || request.url.starts_with("wss");
            let usual = if secure { 443 } else { 80 };
            hosts_in("", &request.url).iter().any(|host| {
                is_name(service, &host.name)
                    || host.is_local() && is_port(service, host.port.unwrap_or(usual))
            })
        });
    let probed = probes.map(|probe| probe.place);
    probed
        .chain(sent.filter_map(|request| request.trail.last().copied()))
        .next()
}

/// Where the kind is replaced and how, with the number of tests; where its very client is, first.
fn replacements(kind: usize, reaches: &[Reach<'_>]) -> Vec<Evidence> {
    let mut found: BTreeMap<&Replacement, usize> = BTreeMap::new();
    let all = reaches.iter().filter_map(|reach| reach.replaced.get(&kind));
    for one in all.flatten() {
        *found.entry(one).or_default() += 1;
    }
    let found = found.into_iter().take(MOST_PLACES);
    found
        .map(|(one, count)| Evidence {
            rule: one.rule.clone(),
            ..says(&one.place, format!("{}, for {}", one.how, tests(count)))
        })
        .collect()
}

/// Kinds that production stands on, and of which no test uses a real one.
pub fn gaps(case: &Case<'_>, reaches: &[Reach<'_>]) -> Vec<Gap> {
    let infrastructure = &case.links.infrastructure;
    let mut known: BTreeSet<usize> = infrastructure.of_tests.clone();
    let composed = composed(case);
    let embedded = infrastructure.embedded.iter().map(|(kind, _)| *kind);
    known.extend(embedded.filter(|kind| !composed.contains(kind)));
    let mut found = Vec::new();
    for one in dependencies(case) {
        if let Some(kind) = one.kind
            && known.insert(kind)
        {
            found.extend(doubled(case, kind, &one, reaches));
        }
    }
    found
}

fn doubled(
    case: &Case<'_>,
    kind: usize,
    dependency: &Dependency<'_>,
    reaches: &[Reach<'_>],
) -> Option<Gap> {
    let (skipping, real): (Vec<_>, Vec<_>) = reaches
        .iter()
        .filter(|reach| reach.real.contains_key(&kind))
        .partition(|reach| reach.may_skip);
    let replacing: Vec<&Reach<'_>> = reaches
        .iter()
        .filter(|reach| reach.replaced.contains_key(&kind))
        .collect();
    if !real.is_empty() || replacing.is_empty() {
        return None;
    }
    let one = &case.world.rules.infrastructure.infrastructure[kind];
    let mut evidence = replacements(kind, reaches);
    evidence.extend(dependency.evidence());
    if let Some(first) = skipping.first() {
        let at = place(case.world, first.test.place);
        evidence.push(says(&at, skipped(skipping.len())));
    }
    let found = gap(
        "doubled-infrastructure",
        &one.id,
        Priority::P0,
        format!(
            "{} is replaced in every test that touches it{}: {}",
            one.name,
            if skipping.is_empty() {
                ""
            } else {
                " and is not skipped without it"
            },
            tests(replacing.len())
        ),
        evidence,
        "let one test run against a real one, for example in a container",
        None,
    );
    let mut without = replacing
        .iter()
        .map(|reach| reach.without_client.contains(&kind));
    let is_client = without.any(|is_client| is_client);
    // Who makes one may ask it for something where it was not seen.
    let is_made = reaches.iter().any(|reach| reach.maybe.contains(&kind));
    Some(Gap {
        confidence: match (is_client, is_made || !skipping.is_empty()) {
            (true, false) => Confidence::Certain,
            (true, true) => Confidence::Likely,
            // What speaks through a client may do so for other ends, too.
            (false, _) => Confidence::Possible,
        },
        ..found.about(&dependency.name)
    })
}
