//! The frontend against the routes: which of its calls a live route serves, and what of it could not be decided.
//!
//! A page's `fetch("/api/items")` is served by `@app.get("/api/items")`.

use std::collections::{BTreeMap, BTreeSet};

use crate::coverage::audit::{Place, Unknown};
use crate::coverage::judge::Case;
use crate::links::paths::{self, Sureness};
use crate::project::frontend::effects::RequestKind;
use crate::project::frontend::look::{FoundCall, Frontend};
use crate::project::values::value::HOLE;

/// A call of the frontend, judged.
pub struct Judged<'a> {
    pub found: &'a FoundCall,
    pub served: &'a Served,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Served {
    /// Positions in [`crate::coverage::Audit::routes`] of those that it may be for, and how they take it.
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Width {
    Own,
    CatchAll,
    /// Behind a beginning that something takes away, as other calls let suppose.
    Assumed,
}

/// What stands between pages and routes, known or worked out.
struct Ways<'a> {
    case: &'a Case<'a>,
    frontend: &'a Frontend,
    /// Beginnings that some proxy takes away, worked out from calls that are served without.
    stripped: Vec<String>,
}

/// All calls of the frontend.
pub fn judged<'a>(case: &'a Case<'a>) -> Vec<Judged<'a>> {
    let served = case.served.get_or_init(|| serve_all(case));
    let calls = case.frontend.calls.iter().zip(served);
    calls
        .map(|(found, served)| Judged { found, served })
        .collect()
}

impl Judged<'_> {
    /// The first segment of its path.
    pub fn beginning(&self) -> String {
        let path = self.found.call.path.trim_start_matches('/');
        format!("/{}", path.split('/').next().unwrap_or(path))
    }
}

pub(super) fn serve_all(case: &Case<'_>) -> Vec<Served> {
    let frontend = case.frontend;
    let mut ways = Ways {
        case,
        frontend,
        stripped: Vec::new(),
    };
    ways.stripped = ways.work_out();
    let mut judged: Vec<(&FoundCall, Served)> = frontend
        .calls
        .iter()
        .map(|found| (found, ways.serve(found)))
        .collect();
    let served: BTreeSet<usize> = judged
        .iter()
        .filter(|(found, served)| found.call.either > 0 && is_served(served))
        .map(|(found, _)| found.call.either)
        .collect();
    let mut taken: BTreeSet<(usize, Vec<usize>)> = BTreeSet::new();
    let mut best: BTreeMap<usize, (u8, usize)> = BTreeMap::new();
    for (position, (found, state)) in judged.iter_mut().enumerate() {
        let group = found.call.either;
        if group == 0 {
            continue;
        }
        match state {
            // Spellings of one request that the same route serves are one.
            Served::By(routes, _) => {
                if !taken.insert((group, routes.clone())) {
                    *state = Served::Otherwise;
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
    for (position, (found, state)) in judged.iter_mut().enumerate() {
        let group = found.call.either;
        let is_worse = best.get(&group).is_some_and(|(_, kept)| *kept != position);
        if (is_worse || served.contains(&group)) && !is_served(state) {
            *state = Served::Otherwise;
        }
    }
    judged.into_iter().map(|(_, served)| served).collect()
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
        for (path, is_assumed) in &paths {
            match self.by_route(call.kind, &call.method, path) {
                Served::By(routes, _) if *is_assumed => {
                    return Served::By(routes, Width::Assumed);
                }
                Served::Nowhere => {}
                Served::OtherMethod(_) if *is_assumed => {}
                Served::OtherMethod(route) => other_method = other_method.or(Some(route)),
                served => return served,
            }
        }
        if self.by_itself(&call.path, &paths) {
            return Served::Itself;
        }
        if let Some(route) = other_method {
            return Served::OtherMethod(route);
        }
        if self.is_unincluded(call.kind, &call.method, &call.path) {
            return Served::Unincluded;
        }
        let is_mounted = paths.iter().any(|(path, _)| {
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

    /// The path as it is asked for, and as it may arrive; the last ones only if something stands between that is not here.
    fn spellings(&self, path: &str, has_unknown_base: bool) -> Vec<(String, bool)> {
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
        let assumed = self.stripped.iter();
        let assumed = assumed.filter_map(|prefix| Some((below(path, prefix)?.to_string(), true)));
        let known = paths.into_iter().map(|path| (path, false));
        known.chain(assumed).collect()
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
        let is_any = kind == RequestKind::Http && method.is_empty();
        let (mut weak, mut other_method) = (Vec::new(), None);
        let mut of_any: Vec<(&str, usize, Width)> = Vec::new();
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
                        if !is_any {
                            return Served::By(vec![number], width);
                        }
                        // Which of the methods it is is not known: it may be any route that takes one of them.
                        if !of_any.iter().any(|(known, ..)| *known == &*key.method) {
                            of_any.push((&key.method, number, width));
                        }
                    }
                    (true, Sureness::Possible) => weak.push(number),
                    (false, Sureness::Certain | Sureness::Likely) => {
                        other_method = other_method.or(Some(number));
                    }
                    (false, Sureness::Possible) => {}
                }
            }
        }
        if let Some((_, _, width)) = of_any.iter().min_by_key(|(_, _, width)| *width) {
            let same = of_any.iter().filter(|(_, _, other)| other == width);
            return Served::By(same.map(|(_, number, _)| *number).collect(), *width);
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

    /// Is it a file, or something else that the frontend has? What begins as a route does is no file for its ending alone.
    fn by_itself(&self, path: &str, spellings: &[(String, bool)]) -> bool {
        let mut known = spellings.iter().filter(|(_, is_assumed)| !is_assumed);
        let begins_as_route = known.any(|(path, _)| begins_as_route(self.case, path));
        let ending = path
            .rsplit('/')
            .next()
            .and_then(|name| name.rsplit_once('.'))
            .map(|(_, ending)| ending);
        self.frontend.assets.contains(path)
            || !begins_as_route
                && ending.is_some_and(|ending| {
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

/// Does a route begin with the first segment of the path?
pub fn begins_as_route(case: &Case<'_>, path: &str) -> bool {
    let first = |path: &str| {
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        parts.next().map(str::to_string)
    };
    let begin = first(path).filter(|begin| !begin.contains(HOLE));
    let mut served = case.links.routes.iter().filter(|route| route.is_served);
    begin.is_some() && served.any(|route| first(&route.key.path) == begin)
}

fn below<'path>(path: &'path str, prefix: &str) -> Option<&'path str> {
    let rest = path.strip_prefix(prefix)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

/// Is the path one of those of an address of the frontend itself?
pub fn is_below(own: &str, path: &str) -> bool {
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

impl Served {
    pub fn routes(&self) -> &[usize] {
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

pub fn place((file, line): &(String, u32)) -> Place {
    Place {
        file: file.clone(),
        line: *line,
    }
}

/// What of the frontend could not be decided.
pub fn unknowns(frontend: &Frontend) -> Vec<Unknown> {
    let unknown = |reason: &'static str, at: &(String, u32), says: String| Unknown {
        reason,
        place: place(at),
        says,
    };
    let blanks = frontend.blanks.iter();
    let blanks = blanks.map(|(at, says)| unknown("url", at, says.clone()));
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
    let cut_off = frontend
        .cut_off
        .iter()
        .map(|(file, line, why)| unknown("bound-reached", &(file.clone(), *line), why.clone()));
    let open_imports = frontend.open_imports.iter().map(|at| {
        let says = "imports something whose name is not known";
        unknown("unresolved-import", at, says.into())
    });
    let all = blanks.chain(missing).chain(open_imports).chain(broken);
    all.chain(unread).chain(cut_off).collect()
}
