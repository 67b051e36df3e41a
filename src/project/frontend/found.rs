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
use super::value::ScriptId;
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
    /// File and line, sorted.
    pub places: Vec<(ScriptId, u32)>,
    /// Numbers of calls that stand for the same request, one of which it is.
    pub either: usize,
}

/// A request whose path is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Blank {
    pub place: (ScriptId, u32),
}

/// Calls, sorted by path, and requests of which nothing is known.
pub fn calls(scripts: &Scripts<'_>, effects: &Effects) -> (Vec<Call>, Vec<Blank>) {
    let own_hosts = &scripts.names().own_hosts;
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
    for (position, (request, _)) in read.iter().enumerate() {
        if let Some(last) = request.trail.last() {
            by_sender.entry(*last).or_default().push(position);
        }
    }
    let mut merged: BTreeMap<(RequestKind, Arc<str>, String, bool), Call> = BTreeMap::new();
    let mut blank = Vec::new();
    let mut groups = 0;
    for positions in by_sender.into_values() {
        let is_wrapper = is_wrapper(&read, &positions);
        let kept: Vec<usize> = positions
            .iter()
            .copied()
            .filter(|position| {
                let Some((request, addresses)) = read.get(*position) else {
                    return false;
                };
                if is_wrapper && request.trail.len() == 1 {
                    return false;
                }
                let shortest = usize::from(is_wrapper);
                let trail = &request.trail;
                let has_shorter = (1..trail.len().saturating_sub(shortest))
                    .any(|from| decided.contains(&trail[from..]));
                !has_shorter && !addresses.is_empty()
            })
            .collect();
        let any_decided = kept.iter().any(|position| {
            read.get(*position)
                .is_some_and(|(_, found)| is_decided(found))
        });
        if kept.is_empty() {
            let place = positions
                .first()
                .and_then(|position| read.get(*position))
                .and_then(|(request, _)| request.trail.last());
            let is_foreign = positions.iter().any(|position| {
                read.get(*position).is_some_and(|(request, found)| {
                    found.is_empty() && has_foreign(request, own_hosts)
                })
            });
            if let Some(place) = place.filter(|_| !is_foreign) {
                blank.push(Blank {
                    place: place_of(scripts, *place),
                });
            }
            continue;
        }
        for position in kept {
            let Some((request, addresses)) = read.get(position) else {
                continue;
            };
            if any_decided && !is_decided(addresses) {
                continue;
            }
            groups += 1;
            let Some(first) = request.trail.first() else {
                continue;
            };
            let place = place_of(scripts, *first);
            add(&mut merged, request, addresses, place, groups);
        }
    }
    let mut calls: Vec<Call> = merged.into_values().collect();
    for call in &mut calls {
        call.places
            .sort_by(|one, two| (scripts.path(one.0), one.1).cmp(&(scripts.path(two.0), two.1)));
        call.places.dedup();
        call.places.truncate(MOST_PLACES);
    }
    blank.sort();
    blank.dedup();
    (calls, blank)
}

fn add(
    merged: &mut BTreeMap<(RequestKind, Arc<str>, String, bool), Call>,
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
    for address in addresses {
        for method in &methods {
            let key = (
                request.kind,
                method.clone(),
                address.path.clone(),
                address.has_unknown_base,
            );
            let call = merged.entry(key).or_insert_with(|| Call {
                kind: request.kind,
                method: method.clone(),
                path: address.path.clone(),
                has_unknown_base: address.has_unknown_base,
                is_guess: true,
                rule: request.rule.clone(),
                places: Vec::new(),
                either: if addresses.len() > 1 { group } else { 0 },
            });
            call.is_guess &= request.is_guess;
            call.places.push(place);
        }
    }
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
