//! Judging: from links to an audit. Routes, tests and exercises get their final form and order here.
//!
//! Two requests of one test to one route become one exercise that asserts both statuses.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::coverage::audit::{
    Audit, Client, Confidence, Contacts, Double, Evidence, Exercise, Interface, LeftOut, Phase,
    Place, Project, Route, RouteKind, Skip, Target, Test, Transport, Verdict,
};
use crate::coverage::chains::Shared;
use crate::coverage::{
    bars, branches, frontend, gaps, logins, reaches, settings, snippets, unknowns, verdicts,
};
use crate::links::branches::{Branch, BranchKind};
use crate::links::paths::Sureness;
use crate::links::trace::{Links, Traced};
use crate::links::walk::{Contact, RouteKey};
use crate::links::{provoked, walk};
use crate::project::frontend::Frontend;
use crate::project::routes::{Handler, shown};
use crate::project::world::{CodePlace, World};
use crate::source::paths;

/// Everything that judging needs.
pub struct Case<'a> {
    pub world: &'a World<'a>,
    pub links: &'a Links,
    pub frontend: &'a Frontend,
    /// Position in [`Audit::routes`] by position in [`Links::routes`].
    pub route_at: Vec<usize>,
    pub by_key: BTreeMap<String, usize>,
    /// By position in the frontend's calls, see [`frontend::judged`].
    pub served: OnceLock<Vec<frontend::Served>>,
}

pub fn judge(world: &World<'_>, links: &Links, frontend: &Frontend) -> Audit {
    let mut audit = Audit {
        project: project(world, links),
        ..Audit::default()
    };
    let (routes, route_at) = routes(world, links);
    audit.routes = routes;
    let by_key = links
        .routes
        .iter()
        .enumerate()
        .map(|(position, route)| (spell(world, &route.key), route_at[position]))
        .collect();
    let case = Case {
        world,
        links,
        frontend,
        route_at,
        by_key,
        served: OnceLock::new(),
    };
    let of_tests = || {
        tests(&case, &mut audit);
        branches::find(&case, &mut audit);
        verdicts::decide(&case, &mut audit);
    };
    // What asks for none of these is found beside them.
    let beside = || {
        case.served.get_or_init(|| frontend::serve_all(&case));
        let settings = settings::matrix(&case);
        (unknowns::find(&case), settings, reaches::find(&case))
    };
    let ((), (unknowns, settings, reaches)) = rayon::join(of_tests, beside);
    audit.unknowns = unknowns;
    audit.left_out = world
        .sources
        .left_out
        .iter()
        .map(|left| LeftOut {
            path: left.path.clone(),
            why: left.why.to_string(),
        })
        .collect();
    audit.settings = settings;
    bars::draw(&case, &mut audit, &reaches);
    gaps::find(&case, &mut audit, &reaches);
    snippets::find(&case, &mut audit);
    audit
}

/// Is a file of the environment left out, or in a folder that production has nothing to do with?
pub fn is_dead(case: &Case<'_>, path: &str) -> bool {
    let mut left_out = case.world.sources.left_out.iter();
    case.world.rules.names.is_aside(path)
        || left_out.any(|left_out| paths::is_within(path, &left_out.path))
}

pub fn place(world: &World<'_>, place: CodePlace) -> Place {
    Place {
        file: world.path(place.module).to_string(),
        line: place.line,
    }
}

fn project(world: &World<'_>, links: &Links) -> Project {
    let root = &world.sources.root;
    let loaded = (0..world.sources.files.len() as u32)
        .filter_map(|position| world.loaded(crate::project::world::ModuleId(position)));
    let (mut files, mut lines) = (0, 0);
    for unit in loaded {
        files += 1;
        lines += unit.facts.lines as usize;
    }
    Project {
        name: root.file_name().map_or_else(
            || "project".into(),
            |name| name.to_string_lossy().into_owned(),
        ),
        revision: None,
        link: None,
        files,
        lines,
        tests: links.tests.len(),
        apps: links
            .apps
            .iter()
            .map(|(label, said_by)| (label.clone(), said_by.map(|said| place(world, said))))
            .collect(),
        suites: world
            .sources
            .suites
            .iter()
            .map(|suite| {
                if suite.root.is_empty() {
                    ".".into()
                } else {
                    suite.root.clone()
                }
            })
            .collect(),
    }
}

fn target(world: &World<'_>, handler: Option<&Handler>) -> Target {
    match handler {
        Some(handler) => Target {
            file: Some(world.path(handler.module).to_string()),
            line: handler.line,
            name: handler.name.to_string(),
        },
        None => Target::default(),
    }
}

/// The lines on which statements of a handler begin.
fn statements(world: &World<'_>, handler: Option<&Handler>) -> Vec<u32> {
    let of_handler = handler.and_then(|handler| {
        let facts = &world.loaded(handler.module)?.facts;
        let function = &facts.functions[handler.function?.0 as usize];
        let inside = |line: &&u32| **line > function.line && function.has_line(**line);
        Some(facts.stmt_lines.iter().filter(inside).copied().collect())
    });
    let mut lines: Vec<u32> = of_handler.unwrap_or_default();
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// A route's key as text, for ids and look-ups.
pub fn spell(world: &World<'_>, key: &RouteKey) -> String {
    let handler = target(world, key.handler.as_ref());
    let method = if key.is_websocket {
        "WEBSOCKET"
    } else if key.method.is_empty() {
        "ANY"
    } else {
        &key.method
    };
    format!(
        "{method} {} {}:{}",
        shown(&key.path),
        handler.file.unwrap_or_default(),
        handler.name
    )
}

fn routes(world: &World<'_>, links: &Links) -> (Vec<Route>, Vec<usize>) {
    let mut order: Vec<usize> = (0..links.routes.len()).collect();
    let sort_key = |position: usize| {
        let route = &links.routes[position];
        (
            !route.is_served,
            shown(&route.key.path),
            route.key.is_websocket,
            route.key.method.to_string(),
            spell(world, &route.key),
        )
    };
    order.sort_by_cached_key(|position| sort_key(*position));
    let mut route_at = vec![0; links.routes.len()];
    for (new, old) in order.iter().enumerate() {
        route_at[*old] = new;
    }
    let mut ids: BTreeMap<String, usize> = BTreeMap::new();
    let routes = order
        .iter()
        .map(|&position| {
            let route = &links.routes[position];
            let mut id = spell(world, &route.key);
            let seen = ids.entry(id.clone()).or_insert(0);
            *seen += 1;
            if *seen > 1 {
                id = format!("{id} #{seen}");
            }
            Route {
                id,
                kind: if route.key.is_websocket {
                    RouteKind::Websocket
                } else {
                    RouteKind::Http
                },
                method: route.key.method.to_string(),
                path: shown(&route.key.path),
                app: route.app.clone(),
                served: route.is_served,
                handler: target(world, route.key.handler.as_ref()),
                handler_lines: statements(world, route.key.handler.as_ref()),
                registered_by: route.places.iter().map(|one| place(world, *one)).collect(),
                conditional: route.is_conditional,
                shadowed_by: route.shadowed_by.map(|other| route_at[other]),
                external: route.key.handler.is_none(),
                tags: route.registered.tags.clone(),
                success: route.registered.status,
                dependencies: route.registered.dependencies.clone(),
                owner: route.key.handler.as_ref().and_then(|handler| {
                    let owners = &world.sources.owners;
                    owners.of(&world.path(handler.module)).map(str::to_string)
                }),
                verdict: Verdict::Untested,
                remarks: Vec::new(),
                contacts: Contacts::default(),
                error_branches: Vec::new(),
                exercises: Vec::new(),
            }
        })
        .collect();
    (routes, route_at)
}

/// The fixtures that are clients, with the tests that ask for them by their positions here.
fn clients(case: &Case<'_>, tests: &[&Traced]) -> Vec<Client> {
    let mut clients: BTreeMap<(String, String), Client> = BTreeMap::new();
    for (number, traced) in tests.iter().enumerate() {
        for seen in &traced.walked.clients {
            let file = case.world.path(seen.defined_in).to_string();
            let marks = || traced.walked.marks.iter().map(ToString::to_string);
            let client = clients
                .entry((file.clone(), seen.name.to_string()))
                .or_insert_with(|| Client {
                    fixture: seen.name.to_string(),
                    file,
                    is_awaited: seen.is_awaited,
                    has_websockets: seen.has_websockets,
                    base: seen.base.to_string(),
                    marks: marks().collect(),
                    tests: Vec::new(),
                });
            client.marks.retain(|mark| marks().any(|one| one == *mark));
            client.tests.push(number);
        }
    }
    clients.into_values().collect()
}

fn tests(case: &Case<'_>, audit: &mut Audit) {
    let mut order: Vec<&Traced> = case.links.tests.iter().collect();
    order.sort_by(|one, two| one.id.cmp(&two.id));
    let routes = case.links.routes.iter().enumerate();
    let twins = routes.filter_map(|(position, route)| {
        Some((case.route_at[position], case.route_at[route.twin_of?]))
    });
    let twins: BTreeMap<usize, usize> = twins.collect();
    let mut doubles: BTreeMap<(String, String, Place), usize> = BTreeMap::new();
    for traced in &order {
        for double in &traced.walked.doubles {
            doubles
                .entry((
                    double.replaces.to_string(),
                    double.how.to_string(),
                    place(case.world, double.place),
                ))
                .or_insert(0);
        }
    }
    for (position, ((replaces, how, at), slot)) in doubles.iter_mut().enumerate() {
        *slot = position;
        audit.doubles.push(Double {
            id: format!("{}:{replaces}", at.file),
            place: at.clone(),
            replaces: replaces.clone(),
            how: how.clone(),
        });
    }
    audit.clients = clients(case, &order);
    audit.given = logins::find(case, &order);
    let mut shared = Shared::default();
    for traced in order {
        let number = audit.tests.len();
        let walked = &traced.walked;
        audit.tests.push(Test {
            id: traced.id.clone(),
            place: place(case.world, traced.place),
            runs: walked.runs,
            skip: walked.skip.clone(),
            asserts: walked.asserts,
            exercises: Vec::new(),
        });
        for skip in &walked.skips {
            let says = skip.reason.to_string();
            let at = place(case.world, skip.place);
            match audit.skips.iter_mut().find(|known| {
                known.says == says
                    && known
                        .evidence
                        .first()
                        .is_some_and(|evidence| evidence.place == at)
            }) {
                Some(known) if !known.tests.contains(&number) => known.tests.push(number),
                Some(_) => {}
                None => audit.skips.push(Skip {
                    evidence: vec![Evidence {
                        place: at,
                        says: format!("skips: {says}"),
                        rule: Some("pytest/skip".into()),
                    }],
                    says,
                    tests: vec![number],
                }),
            }
        }
        let mut merged = Merged::new();
        for (phase, contact) in &walked.contacts {
            let chain = shared.of_contact(case.world, contact);
            requests(
                case,
                traced,
                number,
                *phase,
                contact,
                chain,
                &doubles,
                &mut merged,
            );
        }
        for call in &walked.calls {
            let Some(said) = shared.of_call(case.world, call) else {
                continue;
            };
            let phase = phase_of(call.phase);
            let key = (phase, Interface::Direct, None, said.unique.clone());
            merged.entry(key).or_insert_with(|| Exercise {
                test: number,
                phase,
                interface: Interface::Direct,
                transport: Transport::None,
                method: String::new(),
                url: String::new(),
                route: None,
                evidence: said.evidence.clone(),
                target: Some(said.target.clone()),
                statuses: Vec::new(),
                asserts: walked.asserts,
                confidence: Confidence::Certain,
                doubles: Vec::new(),
            });
        }
        for exercise in merged.into_values() {
            let position = audit.exercises.len();
            audit.tests[number].exercises.push(position);
            if let Some(route) = exercise.route {
                audit.routes[route].exercises.push(position);
                if let Some(twin) = twins.get(&route) {
                    audit.routes[*twin].exercises.push(position);
                }
            }
            audit.exercises.push(exercise);
        }
    }
}

fn phase_of(phase: walk::Phase) -> Phase {
    match phase {
        walk::Phase::Setup => Phase::Setup,
        walk::Phase::Call => Phase::Call,
    }
}

type Merged = BTreeMap<(Phase, Interface, Option<usize>, Arc<str>), Exercise>;

#[allow(clippy::too_many_arguments)]
fn requests(
    case: &Case<'_>,
    traced: &Traced,
    number: usize,
    phase: walk::Phase,
    contact: &Contact,
    evidence: Arc<[Evidence]>,
    doubles: &BTreeMap<(String, String, Place), usize>,
    merged: &mut Merged,
) {
    let request = &contact.request;
    let phase = phase_of(phase);
    let interface = if request.is_browser {
        Interface::Browser
    } else if request.is_websocket {
        Interface::Websocket
    } else {
        Interface::Http
    };
    let mut statuses = provoked::statuses_of(&request.claims);
    if request.claims.is_empty()
        || statuses.is_empty() && !provoked::errors_of(&request.claims).is_empty()
    {
        statuses.extend(implied_status(contact));
    }
    let several = provoked::several_of(&request.claims);
    let url = shown(&request.url);
    let targets: Vec<(Option<usize>, Confidence)> = if contact.routes.is_empty() {
        if contact.is_foreign {
            return;
        }
        vec![(None, Confidence::Possible)]
    } else {
        contact
            .routes
            .iter()
            .map(|(key, sureness, _, _)| {
                let confidence = match sureness {
                    Sureness::Possible => Confidence::Possible,
                    // Code that is tested may send it; it is more likely that it does not.
                    _ if request.is_doubtful && request.from_app => Confidence::Possible,
                    Sureness::Likely => Confidence::Likely,
                    Sureness::Certain if request.is_undecided => Confidence::Likely,
                    Sureness::Certain => Confidence::Certain,
                };
                // What a library or a middleware answers by itself is no route of the project.
                let handler = key.handler.as_ref();
                let route = handler
                    .filter(|_| !contact.is_turned_away)
                    .and_then(|_| case.by_key.get(&spell(case.world, key)).copied());
                (route, confidence)
            })
            .collect()
    };
    for (route, confidence) in targets {
        let behind = match route {
            Some(route) => doubles_behind(case, traced, route, doubles),
            None => Vec::new(),
        };
        let unique = if route.is_some() {
            Arc::default()
        } else {
            Arc::from(format!("{} {url}", request.method))
        };
        let exercise = merged
            .entry((phase, interface, route, unique))
            .or_insert_with(|| Exercise {
                test: number,
                phase,
                interface,
                transport: if request.is_browser {
                    Transport::Browser
                } else if request.is_network {
                    Transport::Network
                } else {
                    Transport::InProcess
                },
                method: request.method.to_string(),
                url: url.clone(),
                route,
                target: None,
                statuses: Vec::new(),
                asserts: traced.walked.asserts,
                confidence,
                doubles: behind,
                evidence: evidence.clone(),
            });
        exercise.confidence = exercise.confidence.max(confidence);
        let known = route.map(|route| statuses_at(case, contact, route));
        for status in &statuses {
            let may_be = |known: &Vec<u16>| !several.contains(status) || known.contains(status);
            if !exercise.statuses.contains(status) && known.as_ref().is_none_or(may_be) {
                exercise.statuses.push(*status);
            }
        }
        exercise.statuses.sort_unstable();
    }
}

/// The status that a test implies when it asserts an exception, or a text that only branches of this status answer with.
fn implied_status(contact: &Contact) -> Option<u16> {
    // An exception of a double that is expected to come out of the request has no place, and is a failure all the same.
    let is_expected = !contact.request.raises.is_empty();
    let comes_out = |branch: &&Branch| {
        is_expected && branch.kind == BranchKind::Raise && branch.status.is_some()
    };
    let mut branches = contact
        .provoked
        .iter()
        .flat_map(|(_, branches)| branches)
        .filter(|branch| branch.place.is_some() || comes_out(branch));
    let status = branches.next()?.status?;
    branches
        .all(|branch| branch.status == Some(status))
        .then_some(status)
}

/// The error statuses that the request was seen to end in, else those that the route is known to give.
fn statuses_at(case: &Case<'_>, contact: &Contact, route: usize) -> Vec<u16> {
    let seen: Vec<u16> = contact
        .provoked
        .iter()
        .filter(|(key, _)| case.by_key.get(&spell(case.world, key)) == Some(&route))
        .flat_map(|(_, branches)| branches)
        .filter_map(|branch| branch.status)
        .collect();
    if !seen.is_empty() {
        return seen;
    }
    let position = case.route_at.iter().position(|at| *at == route);
    position.map_or_else(Vec::new, |position| {
        let branches = &case.links.routes[position].explored.branches;
        branches.iter().filter_map(|branch| branch.status).collect()
    })
}

/// The test's doubles that replace code behind the route.
fn doubles_behind(
    case: &Case<'_>,
    traced: &Traced,
    route: usize,
    doubles: &BTreeMap<(String, String, Place), usize>,
) -> Vec<usize> {
    let Some(position) = case.route_at.iter().position(|at| *at == route) else {
        return Vec::new();
    };
    let visited = &case.links.routes[position].explored.visited;
    let mut behind: Vec<usize> = traced
        .walked
        .doubles
        .iter()
        .filter(|double| {
            double
                .function
                .is_some_and(|function| visited.contains(&function))
        })
        .filter_map(|double| {
            doubles
                .get(&(
                    double.replaces.to_string(),
                    double.how.to_string(),
                    place(case.world, double.place),
                ))
                .copied()
        })
        .collect();
    behind.sort_unstable();
    behind.dedup();
    behind
}
