//! What a frontend asks for: its requests as calls of one method and path each, and where each stands.
//!
//! Of a wrapper `get(path) { return fetch(BASE + path) }` its callers are the calls; the function that knows the path decides. The
//! routes that serve them, as `@app.get("/items")` does, are not known here.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::addresses::{self, Address};
use super::effects::{Effects, Request, RequestKind};
use super::scripts::Scripts;
use super::value::{MOST_ALTERNATIVES, ScriptId};
use crate::facts::script::program::ExprId;
use crate::project::values::value::HOLE;

/// Places of one call that are kept.
const MOST_PLACES: usize = 8;

/// One method and path that the frontend asks for.
#[derive(Debug, Clone)]
pub struct Call {
    pub kind: RequestKind,
    /// Empty for a WebSocket, and when it is not known.
    pub method: Arc<str>,
    /// With [`HOLE`]s.
    pub path: String,
    pub has_unknown_base: bool,
    pub is_guess: bool,
    pub rule: Arc<str>,
    /// Files and lines: of those that ask for nothing else, then of those that may.
    pub places: Vec<(ScriptId, u32)>,
    /// One number for all spellings of one request, one of which it is; 0 when it is the only one.
    pub either: usize,
}

/// A request whose path is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Blank {
    pub place: (ScriptId, u32),
}

/// Calls, sorted by path, and requests of which nothing is known.
pub fn calls(scripts: &Scripts<'_>, effects: &Effects) -> (Vec<Call>, Vec<Blank>) {
    let own_hosts = &scripts.own_hosts;
    let read: Vec<(&Request, Vec<Address>)> = effects
        .requests
        .iter()
        .map(|request| (request, read_all(request, own_hosts)))
        .collect();
    // A way to a request of which a shorter one says enough adds nothing.
    let decided: FxHashSet<&[(ScriptId, ExprId)]> = read
        .iter()
        .filter(|(request, addresses)| {
            is_decided(addresses)
                && (request.kind == RequestKind::Websocket || !request.methods.is_empty())
        })
        .map(|(request, _)| request.trail.as_slice())
        .collect();
    let mut by_sender: BTreeMap<(ScriptId, ExprId), Vec<usize>> = BTreeMap::new();
    let mut passed_on = Passed::default();
    for (position, (request, _)) in read.iter().enumerate() {
        passed_on.note(request);
        if let Some(last) = request.trail.last() {
            by_sender.entry(*last).or_default().push(position);
        }
    }
    let mut merged: BTreeMap<Key, Merged> = BTreeMap::new();
    let mut blank = Vec::new();
    let mut groups = 0;
    for positions in by_sender.into_values() {
        let is_wrapper = is_wrapper(&read, &positions);
        let shortest = usize::from(is_wrapper);
        let said: Vec<&(&Request, Vec<Address>)> = positions
            .iter()
            .filter_map(|position| read.get(*position))
            .filter(|(request, _)| {
                let trail = &request.trail;
                let has_shorter = (1..trail.len().saturating_sub(shortest))
                    .any(|from| decided.contains(&trail[from..]));
                let is_way = is_wrapper && trail.len() == 1;
                !is_way && !has_shorter && !passed_on.says_method(request)
            })
            .collect();
        let any_decided = said.iter().any(|(_, found)| is_decided(found));
        for (request, addresses) in said {
            let Some(first) = request.trail.first() else {
                continue;
            };
            let place = place_of(scripts, *first);
            if addresses.is_empty() || any_decided && !is_decided(addresses) {
                // What its callers ask for is told of them.
                if !passed_on.is_way(request) && !has_foreign(request, own_hosts) {
                    blank.push(Blank { place });
                }
                continue;
            }
            groups += 1;
            add(&mut merged, request, addresses, place, groups);
        }
    }
    let calls = merged.into_values().map(|merged| {
        let Merged {
            mut call,
            mut perhaps,
        } = merged;
        let spelled = |place: &(ScriptId, u32)| (scripts.path(place.0).to_string(), place.1);
        call.places.sort_by_cached_key(spelled);
        perhaps.sort_by_cached_key(spelled);
        call.places.extend(perhaps);
        let mut seen = FxHashSet::default();
        call.places.retain(|place| seen.insert(*place));
        call.places.truncate(MOST_PLACES);
        call
    });
    let calls = calls.collect();
    blank.sort();
    blank.dedup();
    (calls, blank)
}

/// What makes calls one: kind, method, path, and whether its base is not known.
type Key = (RequestKind, Arc<str>, String, bool);

struct Merged {
    call: Call,
    /// Places that may ask for something else.
    perhaps: Vec<(ScriptId, u32)>,
}

impl Merged {
    fn new(call: Call) -> Merged {
        Merged {
            call,
            perhaps: Vec::new(),
        }
    }
}

fn add(
    merged: &mut BTreeMap<Key, Merged>,
    request: &Request,
    addresses: &[Address],
    place: (ScriptId, u32),
    group: usize,
) {
    let methods = if request.methods.is_empty() {
        vec![Arc::from("")]
    } else {
        request.methods.clone()
    };
    for (position, address) in addresses.iter().enumerate() {
        let end = end_of(&address.path);
        let mut alike = addresses.iter().map(|other| end_of(&other.path) == end);
        let first = alike.clone().position(|is_alike| is_alike);
        let is_only = alike.by_ref().filter(|is_alike| *is_alike).count() <= 1;
        let either = if is_only {
            0
        } else {
            group * MOST_ALTERNATIVES + first.unwrap_or(position)
        };
        for method in &methods {
            let key = (
                request.kind,
                method.clone(),
                address.path.clone(),
                address.has_unknown_base,
            );
            let Merged { call, perhaps } = merged.entry(key).or_insert_with(|| {
                Merged::new(Call {
                    kind: request.kind,
                    method: method.clone(),
                    path: address.path.clone(),
                    has_unknown_base: address.has_unknown_base,
                    is_guess: true,
                    rule: request.rule.clone(),
                    places: Vec::new(),
                    either,
                })
            });
            call.is_guess &= request.is_guess;
            // A place that asks for nothing else decides.
            if either == 0 {
                call.either = 0;
                call.places.push(place);
            } else {
                perhaps.push(place);
            }
        }
    }
}

/// Ends of the ways to requests: what stands at one is a way for others to send.
#[derive(Default)]
struct Passed<'r> {
    by_any: FxHashSet<&'r [(ScriptId, ExprId)]>,
    with_method: FxHashSet<&'r [(ScriptId, ExprId)]>,
}

impl<'r> Passed<'r> {
    fn note(&mut self, request: &'r Request) {
        for from in 1..request.trail.len() {
            let end = &request.trail[from..];
            self.by_any.insert(end);
            if !request.methods.is_empty() {
                self.with_method.insert(end);
            }
        }
    }

    fn is_way(&self, request: &Request) -> bool {
        self.by_any.contains(request.trail.as_slice())
    }

    /// Is its method not known, and that of its callers is?
    fn says_method(&self, request: &Request) -> bool {
        request.kind == RequestKind::Http
            && request.methods.is_empty()
            && self.with_method.contains(request.trail.as_slice())
    }
}

/// What a base before it can't change: the last segment that is known, and what follows.
fn end_of(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    let mut end = trimmed.len();
    while let Some(slash) = trimmed[..end].rfind('/') {
        let segment = &trimmed[slash + 1..end];
        if !segment.contains(HOLE) {
            return &trimmed[slash..];
        }
        end = slash;
    }
    trimmed
}

pub fn place_of(scripts: &Scripts<'_>, place: (ScriptId, ExprId)) -> (ScriptId, u32) {
    let line = scripts
        .loaded(place.0)
        .map_or(1, |script| script.line(place.1));
    (place.0, line)
}

/// The addresses of a request that may be the project's.
fn read_all(request: &Request, own_hosts: &[String]) -> Vec<Address> {
    let mut found: Vec<Address> = Vec::new();
    for url in &request.urls {
        if let Some(address) = addresses::read(url, own_hosts)
            && !address.is_foreign
            && !found.contains(&address)
        {
            found.push(address);
        }
    }
    // With and without a base that is not known, it is the same path.
    let known: Vec<String> = found
        .iter()
        .filter(|address| !address.has_unknown_base)
        .map(|address| address.path.clone())
        .collect();
    found.retain(|address| {
        !address.has_unknown_base || !known.iter().any(|path| path.ends_with(&address.path))
    });
    found
}

fn has_foreign(request: &Request, own_hosts: &[String]) -> bool {
    request
        .urls
        .iter()
        .any(|url| addresses::read(url, own_hosts).is_some_and(|address| address.is_foreign))
}

fn is_decided(addresses: &[Address]) -> bool {
    !addresses.is_empty() && addresses.iter().all(|address| !address.is_open)
}

/// Is the function that sends it a way for others to send? Its callers then say more segments than it does, or all but one.
fn is_wrapper(read: &[(&Request, Vec<Address>)], positions: &[usize]) -> bool {
    let mut own = Vec::new();
    let mut callers = Vec::new();
    for position in positions {
        let Some((request, addresses)) = read.get(*position) else {
            continue;
        };
        let side = if request.trail.len() == 1 {
            &mut own
        } else {
            &mut callers
        };
        side.extend(addresses.iter().filter(|address| !address.is_foreign));
    }
    let segments = |address: &Address| address.path.matches('/').count();
    let literals = |address: &Address| {
        address
            .path
            .split('/')
            .filter(|part| !part.is_empty() && !part.contains(HOLE))
            .count()
    };
    let Some(first) = own.iter().find(|address| address.parameters > 0) else {
        return false;
    };
    callers.iter().any(|caller| {
        segments(caller) > segments(first)
            || literals(first) <= 1 && literals(caller) > literals(first)
    })
}
