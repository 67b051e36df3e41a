//! Networks: hosts that a service of a compose file cannot reach, and what pipelines name that is not there.
//!
//! ```yaml
//! services:
//!   api:
//!     build: .
//!     environment: {CACHE_URL: "redis://cache:6379"}   # no service, alias or container is called `cache`
//! ```

use std::collections::BTreeSet;

use crate::coverage::audit::{Evidence, Gap, Place, Priority, Unknown};
use crate::coverage::gaps::gap;
use crate::coverage::judge::{Case, is_dead, place};
use crate::links::paths::Sureness;
use crate::project::values::value::Reason;
use crate::source::{ComposeFile, Host, Network, Service, Stage, hosts_in, paths};

pub fn gaps(case: &Case<'_>) -> Vec<Gap> {
    let files = compose_files(case);
    let mut gaps = Vec::new();
    for file in &files {
        unreachable(file, &files, &mut gaps);
        other_network(file, &files, &mut gaps);
    }
    composed(case, &files, &mut gaps);
    unpublished(case, &files, &mut gaps);
    for absent in &case.world.sources.environments.pipelines.absent_paths {
        let found = gap(
            "absent-test-path",
            &format!("{}:{}", absent.file, absent.path),
            Priority::P1,
            format!(
                "{} runs tests of {}, which is not there",
                absent.file, absent.path
            ),
            vec![evidence(
                &absent.file,
                absent.line,
                &format!("`{}` is given to pytest", absent.written),
            )],
            "correct the path, so that the pipeline runs tests",
            None,
        );
        gaps.push(found.only_likely());
    }
    gaps
}

fn compose_files<'a>(case: &Case<'a>) -> Vec<&'a ComposeFile> {
    let all = case.world.sources.environments.compose_files.iter();
    all.filter(|file| !is_dead(case, &file.path)).collect()
}

fn evidence(file: &str, line: u32, says: &str) -> Evidence {
    Evidence {
        place: Place {
            file: file.to_string(),
            line,
        },
        says: says.to_string(),
        rule: None,
    }
}

/// Two files that describe the same thing twice, so that they never run beside each other: both say which image a service has.
fn are_variants(one: &ComposeFile, other: &ComposeFile) -> bool {
    one.services.iter().any(|service| {
        let has_image = |service: &Service| service.image.is_some() && service.build.is_none();
        has_image(service)
            && other
                .services
                .iter()
                .any(|same| same.name == service.name && has_image(same))
    })
}

/// It only changes another file of its folder.
fn is_overlay(file: &ComposeFile) -> bool {
    file.services
        .iter()
        .any(|service| service.image.is_none() && service.build.is_none())
}

/// What takes services from elsewhere is only known together.
fn is_joined(file: &ComposeFile, files: &[&ComposeFile]) -> bool {
    let folder = paths::folder(&file.path);
    let mut others = files.iter();
    file.includes || others.any(|other| other.includes && paths::folder(&other.path) == folder)
}

/// Who else is on it, nobody knows.
fn is_of_others(network: &&Network) -> bool {
    network.is_external || network.is_unknown()
}

/// Hosts of services of which nobody can say whether they are there.
pub fn unknowns(case: &Case<'_>) -> Vec<Unknown> {
    let files = compose_files(case);
    let mut found = Vec::new();
    for file in &files {
        let is_joined = is_joined(file, &files);
        let here = |line: u32, says: String| Unknown {
            reason: Reason::Runtime.id(),
            place: Place {
                file: file.path.clone(),
                line,
            },
            says,
        };
        let services = file.services.iter();
        for service in services.filter(|service| !service.has_no_network) {
            let open = service.open_hosts.iter();
            found.extend(open.map(|(name, line)| {
                here(
                    *line,
                    format!(
                        "the host of {name} is only known where {} is started",
                        service.name
                    ),
                )
            }));
            let is_open = is_joined || {
                let mut networks = file.networks_of(service);
                networks.any(|network| is_of_others(&network))
            };
            let hosts = service.hosts.iter().filter(|(host, ..)| {
                is_open
                    && host.is_bare()
                    && !service.extra_hosts.contains(&host.name)
                    && !in_any(&files, &host.name)
            });
            found.extend(hosts.map(|(host, line, _)| {
                here(
                    *line,
                    format!(
                        "{} speaks to {}, which no file here has, on a network that others join",
                        service.name, host.name
                    ),
                )
            }));
        }
    }
    found
}

fn unreachable(file: &ComposeFile, files: &[&ComposeFile], gaps: &mut Vec<Gap>) {
    if is_joined(file, files) {
        return;
    }
    let is_overlay = is_overlay(file);
    // A file for tests is added to the one that has the services.
    let is_no_production = matches!(file.stage, Stage::Test | Stage::Development);
    for service in file
        .services
        .iter()
        .filter(|service| !service.has_no_network)
    {
        let networks: Vec<&Network> = file.networks_of(service).collect();
        if networks.is_empty() || networks.iter().any(is_of_others) {
            continue;
        }
        let mut said: BTreeSet<&str> = BTreeSet::new();
        for (host, line, text) in &service.hosts {
            let is_known = !host.is_bare()
                || service.extra_hosts.contains(&host.name)
                || reaches(file, service, &networks, &host.name, files)
                || is_no_production && in_any(files, &host.name)
                || is_overlay && in_folder(file, files, &host.name);
            if is_known || !said.insert(&host.name) {
                continue;
            }
            // A name that another service of the file has, on other networks.
            let elsewhere = file
                .services
                .iter()
                .find(|other| other.names.contains(&host.name));
            let mut chain = vec![evidence(
                &file.path,
                *line,
                &format!("{} speaks to {}", service.name, shown(text, &host.name)),
            )];
            chain.extend(
                elsewhere.map(|other| evidence(&file.path, other.line, "it is on other networks")),
            );
            let found = gap(
                "unreachable-service",
                &format!("{}:{}:{}", file.path, service.name, host.name),
                Priority::P0,
                format!(
                    "{} of {} can't reach {}: no service, alias or container of its networks has this name",
                    service.name, file.path, host.name
                ),
                chain,
                "name a service of a shared network, or put both on one network",
                None,
            );
            gaps.push(found.only_likely());
        }
    }
}

/// The setting's name and the host, not the rest of a value, which may hold a password.
fn shown(text: &str, host: &str) -> String {
    match text.split_once('=') {
        Some((name, _)) => format!("{host} ({name})"),
        None => host.to_string(),
    }
}

fn reaches(
    file: &ComposeFile,
    service: &Service,
    networks: &[&Network],
    host: &str,
    files: &[&ComposeFile],
) -> bool {
    let folder = paths::folder(&file.path);
    files.iter().any(|other| {
        let is_same = other.path == file.path;
        if !is_same
            && (are_variants(file, other)
                || other.stage != file.stage && paths::folder(&other.path) != folder)
        {
            return false;
        }
        other.services.iter().any(|target| {
            let is_itself = is_same && target.name == service.name;
            target.names.iter().any(|name| name == host)
                && (is_itself
                    || target.has_no_network
                    || other
                        .networks_of(target)
                        .any(|network| networks.iter().any(|own| own.name == network.name)))
        })
    })
}

fn in_any(files: &[&ComposeFile], host: &str) -> bool {
    let services = files.iter().flat_map(|file| &file.services);
    let mut names = services.flat_map(|service| &service.names);
    names.any(|name| name == host)
}

fn in_folder(file: &ComposeFile, files: &[&ComposeFile], host: &str) -> bool {
    let folder = paths::folder(&file.path);
    files
        .iter()
        .filter(|other| paths::folder(&other.path) == folder)
        .flat_map(|other| &other.services)
        .any(|service| service.names.iter().any(|name| name == host))
}

/// A network that another stack is to make, and that the stack beside it makes under another name.
fn other_network(file: &ComposeFile, files: &[&ComposeFile], gaps: &mut Vec<Gap>) {
    let folder = paths::folder(&file.path);
    let mut beside: Vec<&&ComposeFile> = files
        .iter()
        .filter(|other| other.path != file.path && paths::folder(&other.path) == folder)
        .collect();
    beside.sort_by_key(|other| !other.is_canonical);
    for network in file
        .networks
        .iter()
        .filter(|network| network.is_external && !network.is_unknown())
    {
        let made = |wanted: &dyn Fn(&Network) -> bool| {
            beside.iter().find_map(|other| {
                let mut own = other.networks.iter().filter(|own| !own.is_external);
                Some((other, own.find(|own| wanted(own))?))
            })
        };
        if made(&|own| own.name == network.name).is_some() {
            continue;
        }
        let Some((other, own)) =
            made(&|own| own.key == network.key && own.is_named && !own.is_unknown())
        else {
            continue;
        };
        let found = gap(
            "unreachable-service",
            &format!("{}:network:{}", file.path, network.key),
            Priority::P0,
            format!(
                "{} joins {}, and {} calls the same network {}",
                file.path, network.name, other.path, own.name
            ),
            vec![
                evidence(
                    &file.path,
                    network.line,
                    &format!("{} is {} here", network.key, network.name),
                ),
                evidence(
                    &other.path,
                    own.line,
                    &format!("{} is {} here", own.key, own.name),
                ),
            ],
            "give the network one name in all files",
            None,
        );
        gaps.push(found.only_likely());
    }
}

/// Services that a pipeline starts, and that its compose files do not have.
fn composed(case: &Case<'_>, files: &[&ComposeFile], gaps: &mut Vec<Gap>) {
    for command in &case.world.sources.environments.pipelines.composed {
        let named: Vec<&ComposeFile> = command
            .compose_files
            .iter()
            .filter_map(|path| files.iter().find(|file| file.path == *path).copied())
            .collect();
        if named.len() != command.compose_files.len() || named.iter().any(|file| file.includes) {
            continue;
        }
        let absent: Vec<&str> = command
            .services
            .iter()
            .filter(|name| {
                !named
                    .iter()
                    .flat_map(|file| &file.services)
                    .any(|service| service.name == **name)
            })
            .map(String::as_str)
            .collect();
        if absent.is_empty() {
            continue;
        }
        let found = gap(
            "unreachable-service",
            &format!("{}:{}", command.file, absent.join(" ")),
            Priority::P0,
            format!(
                "{} starts {}, which {} does not have",
                command.file,
                absent.join(", "),
                command.compose_files.join(", ")
            ),
            vec![evidence(
                &command.file,
                command.line,
                "names services that are not in the file",
            )],
            "add the services to the compose file, or name the file that has them",
            None,
        );
        gaps.push(found.only_likely());
    }
}

/// Tests that send to a port of this machine which production's compose file does not publish.
fn unpublished(case: &Case<'_>, files: &[&ComposeFile], gaps: &mut Vec<Gap>) {
    let production: Vec<&&ComposeFile> = files
        .iter()
        .filter(|file| {
            file.stage == Stage::Production || file.is_canonical && file.stage == Stage::Shared
        })
        .collect();
    let Some((file, service)) = production.iter().find_map(|file| {
        let service = file.services.iter().find(|service| {
            service.build.is_some() && service.ports.is_empty() && serves(case, service)
        })?;
        Some((file, service))
    }) else {
        return;
    };
    let published: BTreeSet<u16> = file
        .services
        .iter()
        .flat_map(|service| service.ports.iter().map(|(outer, _)| *outer))
        .collect();
    let mut said: BTreeSet<u16> = BTreeSet::new();
    for traced in case.links.tests.iter().filter(|one| one.walked.runs) {
        for (_, contact) in &traced.walked.contacts {
            let mut hosts = hosts_in("", &contact.request.url).into_iter();
            let Some(host) = hosts.next().filter(Host::is_local) else {
                continue;
            };
            let is_sent = contact.request.is_network
                && contact
                    .routes
                    .iter()
                    .any(|(_, sureness, ..)| *sureness != Sureness::Certain);
            let Some(port) = host.port.filter(|_| is_sent) else {
                continue;
            };
            if published.contains(&port) || !said.insert(port) {
                continue;
            }
            let sent = contact
                .request
                .trail
                .last()
                .copied()
                .unwrap_or(traced.place);
            let at = place(case.world, sent);
            let found = gap(
                "unreachable-service",
                &format!("{}:port:{port}", file.path),
                Priority::P0,
                format!(
                    "tests send to {}:{port}, which {} does not publish",
                    host.name, file.path
                ),
                vec![
                    evidence(
                        &file.path,
                        service.line,
                        &format!("{} publishes no port", service.name),
                    ),
                    evidence(&at.file, at.line, "sends to this machine"),
                ],
                "test through the address that production is reached by",
                None,
            );
            gaps.push(found.only_likely());
        }
    }
}

/// Does the served app lie in the folder that the service is built in?
fn serves(case: &Case<'_>, service: &Service) -> bool {
    let Some(folder) = &service.build else {
        return false;
    };
    let runs_other = !service.command.is_empty();
    let routes = case.links.routes.iter().filter(|route| route.is_served);
    let mut places = routes.flat_map(|route| &route.places);
    !runs_other && places.any(|at| paths::is_within(&case.world.path(at.module), folder))
}
