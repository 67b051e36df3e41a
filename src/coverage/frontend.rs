//! The frontend against the routes: which of its calls a live route serves, which a test sends, which contexts a test renders.
//!
//! A page's `fetch("/api/items")` is served by `@app.get("/api/items")`, and covered when a test sends `client.get("/api/items")`.

use std::collections::{BTreeMap, BTreeSet};

use crate::coverage::audit::{
    Audit, Bar, BarId, BarItem, Confidence, Evidence, Interface, Place, Side, Unknown,
};
use crate::coverage::bars::{measured, not_analyzed};
use crate::coverage::judge::Case;
use crate::links::paths::{self, Sureness};
use crate::project::frontend::effects::RequestKind;
use crate::project::frontend::look::{FoundCall, FoundContext, Frontend, State};
use crate::project::routes::shown;
use crate::project::values::value::HOLE;

/// A call of the frontend, judged.
pub struct Judged<'a> {
    pub found: &'a FoundCall,
    pub served: Served,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Served {
    /// Positions in [`Audit::routes`], and whether all of them take any path.
    By(Vec<usize>, Width),
    /// By the frontend itself, or a file.
    Itself,
    /// Something that covgap can't look into may serve it.
    Opaque,
    /// Another call of the same place is served, and this one may never be sent.
    Otherwise,
    /// A router has a route that it ends in, and no served app includes that router.
    Unincluded,
    /// A route has the path, with other methods.
    OtherMethod(usize),
    Nowhere,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    Own,
    CatchAll,
}

/// What stands between pages and routes, known or worked out.
struct Ways<'a> {
    case: &'a Case<'a>,
    frontend: &'a Frontend,
    /// Beginnings that some proxy takes away, worked out from calls that are served without.
    stripped: Vec<String>,
}

pub fn judged<'a>(case: &'a Case<'a>) -> Vec<Judged<'a>> {
    let frontend = case.frontend;
    let mut ways = Ways {
        case,
        frontend,
        stripped: Vec::new(),
    };
    ways.stripped = ways.work_out();
    let mut judged: Vec<Judged<'a>> = frontend
        .calls
        .iter()
        .map(|found| Judged {
            found,
            served: ways.serve(found),
        })
        .collect();
    let served: BTreeSet<usize> = judged
        .iter()
        .filter(|one| one.found.call.either > 0 && is_served(&one.served))
        .map(|one| one.found.call.either)
        .collect();
    let mut taken: BTreeSet<(usize, Vec<usize>)> = BTreeSet::new();
    let mut best: BTreeMap<usize, (u8, usize)> = BTreeMap::new();
    for (position, one) in judged.iter_mut().enumerate() {
        let group = one.found.call.either;
        if group == 0 {
            continue;
        }
        match &one.served {
            // Spellings of one request that the same route serves are one.
            Served::By(routes, _) => {
                if !taken.insert((group, routes.clone())) {
                    one.served = Served::Otherwise;
                }
            }
            Served::OtherMethod(_) => {
                best.entry(group)
                    .and_modify(|known| *known = (*known).min((0, position)))
                    .or_insert((0, position));
            }
            Served::Unincluded | Served::Opaque | Served::Nowhere => {
                best.entry(group)
                    .and_modify(|known| *known = (*known).min((1, position)))
                    .or_insert((1, position));
            }
            Served::Itself | Served::Otherwise => {}
        }
    }
    for (position, one) in judged.iter_mut().enumerate() {
        let group = one.found.call.either;
        if best.get(&group).is_some_and(|(_, kept)| *kept != position) && !is_served(&one.served) {
            one.served = Served::Otherwise;
        }
    }
    for one in &mut judged {
        if served.contains(&one.found.call.either) && !is_served(&one.served) {
            one.served = Served::Otherwise;
        }
    }
    judged
}

fn is_served(served: &Served) -> bool {
    match served {
        Served::By(..) | Served::Itself => true,
        Served::Opaque
        | Served::Otherwise
        | Served::Unincluded
        | Served::OtherMethod(_)
        | Served::Nowhere => false,
    }
}

impl Ways<'_> {
    fn serve(&self, found: &FoundCall) -> Served {
        let call = &found.call;
        let paths = self.spellings(&call.path, call.has_unknown_base);
        let mut other_method = None;
        for path in &paths {
            match self.by_route(call.kind, &call.method, path) {
                Served::Nowhere => {}
                Served::OtherMethod(route) => other_method = other_method.or(Some(route)),
                served => return served,
            }
        }
        if self.by_itself(&call.path) {
            return Served::Itself;
        }
        if let Some(route) = other_method {
            return Served::OtherMethod(route);
        }
        if self.is_unincluded(call.kind, &call.method, &call.path) {
            return Served::Unincluded;
        }
        let is_mounted = paths.iter().any(|path| {
            self.case.links.beyond.mounts.iter().any(|mount| {
                !mount.is_empty() && (path == mount || path.starts_with(&format!("{mount}/")))
            })
        });
        if is_mounted {
            Served::Opaque
        } else {
            Served::Nowhere
        }
    }

    /// The path as it is asked for, and as it may arrive.
    fn spellings(&self, path: &str, has_unknown_base: bool) -> Vec<String> {
        let mut paths = vec![path.to_string()];
        if has_unknown_base {
            paths.extend(self.behind_a_base(path));
        }
        // A first segment that is not known may be a base.
        if let Some(rest) = path
            .strip_prefix('/')
            .and_then(|rest| rest.strip_prefix(HOLE))
            && rest.starts_with('/')
        {
            paths.push(rest.to_string());
        }
        for rewrite in &self.frontend.rewrites {
            let Some(rest) = below(path, &rewrite.from) else {
                continue;
            };
            let to = format!("{}{rest}", rewrite.to);
            if rewrite.has_unknown_base {
                paths.extend(self.behind_a_base(&to));
            }
            paths.push(to);
        }
        for prefix in &self.stripped {
            if let Some(rest) = below(path, prefix) {
                paths.push(rest.to_string());
            }
        }
        paths
    }

    /// The path with those beginnings of routes before it that a base may hold.
    fn behind_a_base(&self, path: &str) -> Vec<String> {
        let mut paths: Vec<String> = Vec::new();
        for route in self
            .case
            .links
            .routes
            .iter()
            .filter(|route| route.is_served)
        {
            let template = &*route.key.path;
            for (at, _) in template.match_indices('/').skip(1) {
                let (base, rest) = template.split_at(at);
                let is_literal = !base.contains('{') && !rest.starts_with("/{");
                if is_literal && paths::fits(rest, path).is_some() {
                    let spelled = format!("{base}{path}");
                    if !paths.contains(&spelled) {
                        paths.push(spelled);
                    }
                }
            }
        }
        paths
    }

    fn by_route(&self, kind: RequestKind, method: &str, path: &str) -> Served {
        let other = match path.strip_suffix('/') {
            Some(shorter) if !shorter.is_empty() => shorter.to_string(),
            _ => format!("{path}/"),
        };
        let (mut weak, mut other_method) = (Vec::new(), None);
        for path in [path, other.as_str()] {
            for (position, route) in self.case.links.routes.iter().enumerate() {
                let key = &route.key;
                let is_websocket = kind == RequestKind::Websocket;
                if !route.is_served || key.is_websocket != is_websocket {
                    continue;
                }
                let Some(sureness) = paths::fits(&key.path, path) else {
                    continue;
                };
                let Some(&number) = self.case.route_at.get(position) else {
                    continue;
                };
                let fits_method = is_websocket
                    || method.is_empty()
                    || key.method.is_empty()
                    || &*key.method == method
                    || method == "HEAD" && &*key.method == "GET";
                match (fits_method, sureness) {
                    (true, Sureness::Certain | Sureness::Likely) => {
                        let width = if key.path.contains(":path}") {
                            Width::CatchAll
                        } else {
                            Width::Own
                        };
                        return Served::By(vec![number], width);
                    }
                    (true, Sureness::Possible) => weak.push(number),
                    (false, Sureness::Certain | Sureness::Likely) => {
                        other_method = other_method.or(Some(number));
                    }
                    (false, Sureness::Possible) => {}
                }
            }
        }
        if !weak.is_empty() {
            return Served::By(weak, Width::Own);
        }
        match other_method {
            Some(route) => Served::OtherMethod(route),
            None => Served::Nowhere,
        }
    }

    fn is_unincluded(&self, kind: RequestKind, method: &str, path: &str) -> bool {
        let starts = path.match_indices('/').map(|(at, _)| at);
        let endings: Vec<&str> = starts.filter_map(|at| path.get(at..)).collect();
        let mut others = self.case.links.beyond.unincluded.iter();
        others.any(|other| {
            let fits_method = method.is_empty()
                || other.methods.is_empty()
                || other.methods.iter().any(|known| &**known == method);
            other.is_websocket == (kind == RequestKind::Websocket)
                && fits_method
                && other
                    .path
                    .split('/')
                    .any(|part| !part.is_empty() && !part.contains('{'))
                && endings
                    .iter()
                    .any(|ending| paths::fits(&other.path, ending).is_some())
        })
    }

    fn by_itself(&self, path: &str) -> bool {
        let ending = path
            .rsplit('/')
            .next()
            .and_then(|name| name.rsplit_once('.'))
            .map(|(_, ending)| ending);
        self.frontend.assets.contains(path)
            || ending.is_some_and(|ending| {
                self.frontend
                    .asset_endings
                    .iter()
                    .any(|known| known == ending)
            })
            || self.frontend.served.iter().any(|own| is_below(own, path))
            || path == "/"
    }

    /// A first segment without which most of the calls that begin with it are served.
    fn work_out(&self) -> Vec<String> {
        let mut counted: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for found in &self.frontend.calls {
            let call = &found.call;
            let Some(first) = call.path.get(1..).and_then(|rest| rest.split('/').next()) else {
                continue;
            };
            let prefix = format!("/{first}");
            if first.is_empty() || first.contains(HOLE) || is_served(&self.serve(found)) {
                continue;
            }
            let Some(rest) = below(&call.path, &prefix) else {
                continue;
            };
            let count = counted.entry(prefix).or_default();
            count.1 += 1;
            let is_specific = rest
                .split('/')
                .any(|part| !part.is_empty() && !part.contains(HOLE));
            if is_specific
                && let Served::By(_, Width::Own) = self.by_route(call.kind, &call.method, rest)
            {
                count.0 += 1;
            }
        }
        counted
            .into_iter()
            .filter(|(_, (served, all))| *served >= 2 && served * 2 >= *all)
            .map(|(prefix, _)| prefix)
            .collect()
    }
}

fn below<'path>(path: &'path str, prefix: &str) -> Option<&'path str> {
    let rest = path.strip_prefix(prefix)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

/// Is the path one of those of an address of the frontend itself?
fn is_below(own: &str, path: &str) -> bool {
    let mut parts = path.split('/');
    for part in own.split('/') {
        if part.ends_with('*') {
            return true;
        }
        match parts.next() {
            Some(asked) if part.contains(HOLE) || asked.contains(HOLE) || asked == part => {}
            Some(_) | None => return false,
        }
    }
    parts.all(str::is_empty)
}

pub fn place((file, line): &(String, u32)) -> Place {
    Place {
        file: file.clone(),
        line: *line,
    }
}

/// Bars 6 and 7.
pub fn bars(case: &Case<'_>, audit: &Audit) -> [Bar; 2] {
    let frontend = case.frontend;
    match &frontend.state {
        State::Pages => {}
        State::None => {
            return [
                empty(BarId::FrontendIntegration, "the project has no frontend"),
                empty(BarId::ReactProviderTree, "the project has no React code"),
            ];
        }
        State::Unknown => {
            let why = format!(
                "no page and no beginning was found in {}",
                frontend.without.join(", ")
            );
            return [
                not_analyzed(BarId::FrontendIntegration, &why),
                not_analyzed(BarId::ReactProviderTree, &why),
            ];
        }
    }
    [requests(case, audit), contexts(case, audit)]
}

fn empty(id: BarId, why: &str) -> Bar {
    measured(id, Side::Behavior, Vec::new(), "", why)
}

fn requests(case: &Case<'_>, audit: &Audit) -> Bar {
    let id = BarId::FrontendIntegration;
    if !case.links.routes.iter().any(|route| route.is_served) {
        return not_analyzed(id, "no served app was found to ask");
    }
    let mut items: BTreeMap<(String, String), BarItem> = BTreeMap::new();
    for one in judged(case) {
        let call = &one.found.call;
        let counts = match one.served {
            Served::Itself | Served::Otherwise => false,
            Served::By(..)
            | Served::Opaque
            | Served::Unincluded
            | Served::OtherMethod(_)
            | Served::Nowhere => true,
        };
        if !one.found.is_reachable || !counts {
            continue;
        }
        let path = shown(&call.path);
        let covered_by = covered_by(&one, audit);
        let item = items
            .entry((path, method_of(one.found).to_string()))
            .or_insert_with(|| BarItem {
                name: name_of(one.found),
                place: one.found.places.first().map(place),
                covered: false,
                evidence: evidence(&one, audit),
            });
        if let Some(evidence) = covered_by {
            item.covered = true;
            item.evidence.push(evidence);
        }
    }
    let mut counts = String::from("requests of its pages that a route serves and a test sends");
    if !case.frontend.missing.is_empty() {
        counts = format!(
            "{counts}; {} of its imports lead to files that are not here",
            case.frontend.missing.len()
        );
    }
    measured(
        id,
        Side::Behavior,
        items.into_values().collect(),
        &counts,
        "no page of the frontend sends a request",
    )
}

pub fn method_of(found: &FoundCall) -> &str {
    match (found.call.kind, &*found.call.method) {
        (RequestKind::Websocket, _) => "WebSocket",
        (RequestKind::Http, "") => "any method of",
        (RequestKind::Http, method) => method,
    }
}

pub fn name_of(found: &FoundCall) -> String {
    format!("{} {}", method_of(found), shown(&found.call.path))
}

/// Where it is asked for, from which pages, and who serves it.
pub fn evidence(one: &Judged<'_>, audit: &Audit) -> Vec<Evidence> {
    let found = one.found;
    let mut evidence = Vec::new();
    for at in found.places.iter().take(3) {
        evidence.push(Evidence {
            place: place(at),
            says: format!("asks for {}", name_of(found)),
            rule: Some(found.call.rule.to_string()).filter(|rule| !rule.is_empty()),
        });
    }
    if let (Some(at), Some(page)) = (found.places.first(), found.pages.first()) {
        let more = match found.page_count {
            0 | 1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        evidence.push(Evidence {
            place: place(at),
            says: format!("the module is loaded by the page {}{more}", shown(page)),
            rule: None,
        });
    }
    let routes = one.served.routes().iter();
    for route in routes.filter_map(|route| audit.routes.get(*route)).take(2) {
        evidence.push(Evidence {
            place: Place {
                file: route.handler.file.clone().unwrap_or_default(),
                line: route.handler.line,
            },
            says: format!("{} {} has this path", route.method, route.path),
            rule: None,
        });
    }
    evidence
}

impl Served {
    fn routes(&self) -> &[usize] {
        match self {
            Served::By(routes, _) => routes,
            Served::OtherMethod(route) => std::slice::from_ref(route),
            Served::Itself
            | Served::Opaque
            | Served::Otherwise
            | Served::Unincluded
            | Served::Nowhere => &[],
        }
    }
}

/// The test that sends the same request.
fn covered_by(one: &Judged<'_>, audit: &Audit) -> Option<Evidence> {
    let Served::By(routes, width) = &one.served else {
        return None;
    };
    let exercises = routes
        .iter()
        .filter_map(|route| audit.routes.get(*route))
        .flat_map(|route| &route.exercises)
        .filter_map(|exercise| audit.exercises.get(*exercise));
    let mut sent = exercises.filter(|exercise| {
        let is_same = match one.found.call.kind {
            RequestKind::Websocket => exercise.interface == Interface::Websocket,
            RequestKind::Http => {
                matches!(exercise.interface, Interface::Http | Interface::Browser)
                    && (one.found.call.method.is_empty()
                        || exercise.method == *one.found.call.method)
            }
        };
        let is_path = *width == Width::Own || is_same_path(&exercise.url, &one.found.call.path);
        is_same
            && is_path
            && exercise.confidence >= Confidence::Likely
            && audit.tests.get(exercise.test).is_some_and(|test| test.runs)
    });
    let exercise = sent.next()?;
    let test = audit.tests.get(exercise.test)?;
    Some(Evidence {
        place: test.place.clone(),
        says: format!("{} sends it", test.id),
        rule: None,
    })
}

/// Do a test's URL and a call's path agree where both are known?
fn is_same_path(url: &str, path: &str) -> bool {
    let url = url.split(['?', '#']).next().unwrap_or(url);
    let url = url.split_once("://").map_or(url, |(_, rest)| rest);
    let ours: Vec<&str> = path.trim_matches('/').split('/').collect();
    let theirs: Vec<&str> = url.trim_matches('/').split('/').collect();
    // A host or a base may stand before.
    let Some(skip) = theirs.len().checked_sub(ours.len()) else {
        return false;
    };
    if skip > 1 {
        return false;
    }
    ours.iter()
        .zip(theirs.iter().skip(skip))
        .all(|(one, two)| one == two || one.contains(HOLE) || two.contains("{}"))
}

/// Contexts that count: a hook of theirs fails outside, and a module that some page loads calls it.
pub fn counted(frontend: &Frontend) -> impl Iterator<Item = &FoundContext> {
    frontend.contexts.iter().filter(|context| {
        context
            .consumers
            .iter()
            .any(|consumer| consumer.is_reachable)
    })
}

fn contexts(case: &Case<'_>, audit: &Audit) -> Bar {
    let frontend = case.frontend;
    let visits = visits(case, audit);
    let items = counted(frontend)
        .map(|context| {
            let mut evidence: Vec<Evidence> = context
                .hooks
                .iter()
                .take(2)
                .map(|hook| Evidence {
                    place: place(&hook.place),
                    says: format!("{} fails outside of its provider", hook.name),
                    rule: Some("react/context".into()),
                })
                .collect();
            for consumer in context
                .consumers
                .iter()
                .filter(|one| one.is_reachable)
                .take(2)
            {
                evidence.push(Evidence {
                    place: place(&consumer.place),
                    says: format!("{} needs it", consumer.name),
                    rule: None,
                });
            }
            let rendered = context.rendered_by.first().map(|at| Evidence {
                place: place(at),
                says: "renders the app's own root".into(),
                rule: Some("react/render".into()),
            });
            let visited = visits.iter().find(|(path, _)| {
                context
                    .pages
                    .iter()
                    .any(|page| is_page(page, path, &frontend.pages))
            });
            let visited = visited.map(|(path, at)| Evidence {
                place: at.clone(),
                says: format!("opens {} in a browser", shown(path)),
                rule: Some("browser/visit".into()),
            });
            let covered = rendered.or(visited);
            BarItem {
                name: context.name.clone(),
                place: Some(place(&context.place)),
                covered: covered.is_some(),
                evidence: evidence.into_iter().chain(covered).collect(),
            }
        })
        .collect();
    measured(
        BarId::ReactProviderTree,
        Side::Behavior,
        items,
        "contexts whose hook fails outside of its provider, and whose root a test renders or opens",
        "no context that a page needs fails outside of its provider",
    )
}

/// Does opening the path load the page? A frontend of one page loads it for every path.
fn is_page(page: &str, path: &str, pages: &[String]) -> bool {
    is_below(page, path) || pages.len() == 1
}

/// Pages that browser tests open, of the frontend's own and of Python's.
fn visits(case: &Case<'_>, audit: &Audit) -> Vec<(String, Place)> {
    let own = case
        .frontend
        .visits
        .iter()
        .map(|(path, at)| (path.clone(), place(at)));
    let exercises = audit.exercises.iter().filter(|exercise| {
        exercise.interface == Interface::Browser
            && audit.tests.get(exercise.test).is_some_and(|test| test.runs)
    });
    let python = exercises.filter_map(|exercise| {
        let url = exercise.url.replace("{}", &HOLE.to_string());
        let path = crate::project::frontend::addresses::read(
            &url,
            &case.world.rules.script_names.own_hosts,
        )
        .map_or_else(|| "/".to_string(), |address| address.path);
        Some((path, exercise.evidence.last()?.place.clone()))
    });
    own.chain(python).collect()
}

/// What of the frontend could not be decided.
pub fn unknowns(frontend: &Frontend) -> Vec<Unknown> {
    let unknown = |reason: &'static str, at: &(String, u32), says: String| Unknown {
        reason,
        place: place(at),
        says,
    };
    let blanks = frontend.blanks.iter().map(|at| {
        unknown(
            "url",
            at,
            "a request of the frontend to a URL that is not known".into(),
        )
    });
    let missing = frontend.missing.iter().map(|(file, line, module)| {
        unknown(
            "unresolved-import",
            &(file.clone(), *line),
            format!("`{module}` is not here"),
        )
    });
    let broken = frontend
        .broken
        .iter()
        .map(|at| unknown("syntax-error", at, "does not parse".into()));
    let unread = frontend.unread.iter().map(|file| {
        unknown(
            "unreadable-file",
            &(file.clone(), 1),
            "a page loads it, and it is a bundle, too large, or not readable".into(),
        )
    });
    let cut_off = frontend.cut_off.iter().map(|(file, line, why)| {
        unknown("bound-reached", &(file.clone(), *line), (*why).to_string())
    });
    let open_imports = frontend.open_imports.iter().map(|at| {
        let says = "imports something whose name is not known";
        unknown("unresolved-import", at, says.into())
    });
    let all = blanks.chain(missing).chain(open_imports).chain(broken);
    all.chain(unread).chain(cut_off).collect()
}
