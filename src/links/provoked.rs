//! Provoked branches: which of a route's error branches gave the answer that a test asserts.
//!
//! `assert client.get("/items/9").json()["detail"] == "no such item"` runs the handler on this request: what is known of it decides
//! conditions, and of the branches that are left, those with the asserted status and text are provoked.

use std::sync::Arc;

use crate::links::branches::{Branch, BranchKind, Known, Reached, follow};
use crate::links::redirects;
use crate::project::routes::Entry;
use crate::project::values::log::Request;
use crate::project::values::machine::Machine;
use crate::project::values::value::{HOLE, Value};
use crate::project::world::CodePlace;

/// Characters of a text that is rarely another branch's, too.
pub const TELLING: usize = 8;

/// Fewer characters that two texts have in common say nothing: `"id"` is in many.
const LEAST_COMMON: usize = 4;

/// Of branches that nothing tells apart, so many are said to be exercised by one test.
pub const MOST_CANDIDATES: usize = 3;

/// A claim of more statuses is a range, or accepts anything.
const MOST_LISTED: usize = 3;

/// What a test says about the error answer to one request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Statuses of errors and redirects; empty: none is asserted.
    pub statuses: Vec<u16>,
    /// Where so many errors are accepted that nobody means one of them: `>= 400`, `!= 200`, `is_client_error`.
    pub ranges: Vec<(u16, u16)>,
    pub texts: Vec<Arc<str>>,
    /// What the messages of its asserts say: people quote there what they expect.
    pub messages: Vec<Arc<str>>,
    /// An exception is expected to come out.
    pub raises: bool,
}

impl Wanted {
    /// Without a status only a text says that the answer is an error; one that branches have in common (`"type": "about:blank"`)
    /// says nothing.
    pub fn told_apart<'b>(&self, branches: impl Iterator<Item = &'b Branch> + Clone) -> Wanted {
        let mut wanted = self.clone();
        if !self.statuses.is_empty() || !self.ranges.is_empty() || self.raises {
            return wanted;
        }
        let speaking = branches.filter(|branch| !branch.texts.is_empty());
        let mut others = speaking.clone();
        let first = others.next();
        if first.is_some_and(|first| others.any(|other| other.texts != first.texts)) {
            let is_common =
                |text: &Arc<str>| speaking.clone().all(|branch| branch.texts.contains(text));
            wanted.texts.retain(|text| !is_common(text));
        }
        wanted
    }
}

/// None: the test says nothing of an error.
pub fn wanted(request: &Request) -> Option<Wanted> {
    let claimed: Vec<u16> = statuses_of(&request.claims);
    let statuses: Vec<u16> = claimed.iter().copied().filter(|one| *one >= 300).collect();
    let raises = !request.raises.is_empty();
    let ranges = if claimed.is_empty() {
        errors_of(&request.claims)
    } else {
        Vec::new()
    };
    let may_fail = claimed.is_empty() && !request.texts.is_empty();
    if statuses.is_empty() && ranges.is_empty() && !raises && !may_fail {
        return None;
    }
    Some(Wanted {
        statuses,
        ranges,
        texts: request.texts.clone(),
        messages: request.messages.clone(),
        raises,
    })
}

/// How many statuses a claim accepts.
fn width_of(claim: &[(u16, u16)]) -> usize {
    let widths = claim.iter();
    let widths = widths.map(|(low, high)| usize::from(high.saturating_sub(*low)) + 1);
    widths.sum()
}

/// The errors that claims of many statuses accept, if they do not accept that all is well: the answer's status is one of them.
pub fn errors_of(claims: &[Vec<(u16, u16)>]) -> Vec<(u16, u16)> {
    let is_failure = |claim: &&Vec<(u16, u16)>| {
        let accepts_success = claim
            .iter()
            .any(|(low, high)| (*low..=*high).contains(&200));
        width_of(claim) > MOST_LISTED && !accepts_success
    };
    let claim = claims.iter().find(is_failure).into_iter().flatten();
    let errors = claim.map(|(low, high)| (*low.max(&400), *high));
    errors.filter(|(low, high)| low <= high).collect()
}

/// Statuses that are asserted: one, or a few of which all are errors or none is.
pub fn statuses_of(claims: &[Vec<(u16, u16)>]) -> Vec<u16> {
    let mut statuses = Vec::new();
    for claim in claims {
        let width = width_of(claim);
        let errors = claim.iter().filter(|(low, _)| *low >= 400).count();
        if width == 0 || width > MOST_LISTED || errors > 0 && errors < claim.len() {
            continue;
        }
        statuses.extend(claim.iter().flat_map(|(low, high)| *low..=*high));
    }
    statuses
}

/// Error statuses of which a claim allows several: only one of them is the answer's.
pub fn several_of(claims: &[Vec<(u16, u16)>]) -> Vec<u16> {
    let mut several = Vec::new();
    for claim in claims {
        let statuses = statuses_of(std::slice::from_ref(claim));
        if statuses.len() > 1 && statuses.iter().all(|status| *status >= 400) {
            several.extend(statuses);
        }
    }
    several
}

/// How a route was seen to end on a request.
#[derive(Debug, Default)]
pub struct Seen {
    /// The branches that the request may have ended in, as its test says, those of the framework without a place; None: none of
    /// those that it is seen to reach.
    pub branches: Option<Vec<Branch>>,
    /// A middleware gives that answer by itself: no route sees the request.
    pub is_turned_away: bool,
    /// There may be others: a bound cut the run off, or nobody knows the status of a branch.
    pub is_open: bool,
    /// The clauses of its handler that caught something.
    pub caught: Vec<CodePlace>,
}

pub fn provoked<'w>(
    machine: &mut Machine<'w>,
    entry: &Entry,
    app: &Value,
    request: &Request,
    wanted: &Wanted,
) -> Seen {
    let mut known = Known::of(request, entry);
    let mut followed = follow(machine, entry, app, &known);
    let tells_a_status = !wanted.statuses.is_empty() || !wanted.ranges.is_empty();
    let is_another = |status: u16| {
        let is_wanted = wanted.statuses.contains(&status) || is_in(&wanted.ranges, status);
        wanted.raises || tells_a_status && !is_wanted
    };
    let answer = followed.turned_away.and_then(|away| away.status);
    if answer.is_some_and(is_another) {
        // The test says otherwise: something is not as it seems.
        known.gets_past = true;
        followed = follow(machine, entry, app, &known);
    }
    let (reached, cut_off) = (followed.reached, followed.cut_off);
    // A redirect is no failure, but where nothing else redirects, what is raised does.
    let is_only_raised =
        |status: u16| tells_a_status && !cut_off && !followed.returned.contains(&status);
    let wanted = &wanted.told_apart(reached.iter().map(|one| &one.branch));
    let fitting: Vec<Reached> = reached
        .into_iter()
        .filter(|reached| {
            let redirect = reached.branch.status.filter(|status| *status < 400);
            fits(&reached.branch, reached.is_expected, wanted)
                && (reached.is_certain
                    || redirect.is_none_or(is_only_raised)
                    || agreement(&reached.branch, wanted) > 0)
        })
        .collect();
    let end = fitting.iter().find(|reached| reached.is_certain);
    let end = end.map(|reached| reached.branch.clone());
    let fitting: Vec<Branch> = fitting.into_iter().map(|reached| reached.branch).collect();
    let mut chosen = by_texts(fitting.clone(), wanted);
    let is_quoted = |branch: &&Branch| {
        let mut texts = branch.texts.iter();
        texts.any(|text| wanted.messages.contains(text))
    };
    let quoted: Vec<Branch> = chosen.iter().filter(is_quoted).cloned().collect();
    // What people say to each other is a hint.
    let is_hinted = !quoted.is_empty() && quoted.len() < chosen.len();
    if is_hinted {
        chosen = quoted;
    }
    let mut is_open = cut_off || is_hinted || has_unknown(&fitting, &chosen, wanted);
    // Too many to be told apart: all that is known of the request leads to its end, and the others need something that is not.
    if best_agreement(&fitting, wanted) == 0
        && chosen.len() > MOST_CANDIDATES
        && let Some(end) = end.filter(|end| chosen.contains(end))
    {
        chosen = vec![end];
        is_open = true;
    }
    // What it answers is an error branch that fits, or a redirect, which is none.
    let is_told = !chosen.is_empty() || wanted.statuses.iter().copied().any(redirects::is_one);
    Seen {
        caught: followed.caught,
        is_turned_away: followed.turned_away.is_some() && !cut_off && is_told,
        is_open,
        branches: (!chosen.is_empty()).then_some(chosen),
    }
}

/// Is there a branch, among those that the test's words do not rule out, whose status nobody knows?
pub fn has_unknown(fitting: &[Branch], chosen: &[Branch], wanted: &Wanted) -> bool {
    let left = if best_agreement(fitting, wanted) > 0 {
        chosen
    } else {
        fitting
    };
    !wanted.raises && left.iter().any(|branch| branch.status.is_none())
}

/// May the branch give what the test asserts? A status that is not known may be any.
pub fn fits(branch: &Branch, is_expected: bool, wanted: &Wanted) -> bool {
    if wanted.raises {
        return is_expected;
    }
    match branch.status {
        Some(status) if !wanted.statuses.is_empty() => wanted.statuses.contains(&status),
        Some(status) if !wanted.ranges.is_empty() => is_in(&wanted.ranges, status),
        // Nothing but a text says that it is an error at all.
        Some(status) => status >= 300 && is_told(branch, wanted),
        None if wanted.statuses.is_empty() && wanted.ranges.is_empty() => is_told(branch, wanted),
        None => branch.kind == BranchKind::Raise,
    }
}

fn is_in(ranges: &[(u16, u16)], status: u16) -> bool {
    let mut ranges = ranges.iter();
    ranges.any(|(low, high)| (*low..=*high).contains(&status))
}

/// Those whose texts the test asserts; without any, those of a known status that say nothing else.
pub fn by_texts(branches: Vec<Branch>, wanted: &Wanted) -> Vec<Branch> {
    let best = best_agreement(&branches, wanted);
    if best > 0 {
        return branches
            .into_iter()
            .filter(|branch| agreement(branch, wanted) == best)
            .collect();
    }
    let known: Vec<Branch> = branches
        .into_iter()
        .filter(|branch| branch.status.is_some() || wanted.raises)
        .collect();
    if wanted.texts.is_empty() {
        return known;
    }
    let (silent, others): (Vec<Branch>, Vec<Branch>) = known
        .into_iter()
        .partition(|branch| branch.texts.is_empty());
    match silent.is_empty() {
        false => silent,
        // An exception that comes out says its own words: none of these is the one that the test expects.
        true if wanted.raises => Vec::new(),
        // An answer may be put in other words, if not all of its own are known.
        true => others.into_iter().filter(|one| !one.is_worded).collect(),
    }
}

pub fn best_agreement(branches: &[Branch], wanted: &Wanted) -> usize {
    branches
        .iter()
        .map(|branch| agreement(branch, wanted))
        .max()
        .unwrap_or(0)
}

/// Does the test assert a text that is the branch's own: all of it, or so much of it that another is unlikely?
fn is_told(branch: &Branch, wanted: &Wanted) -> bool {
    let is_own = |pattern: &Arc<str>, text: &Arc<str>| {
        pattern == text
            || text.chars().count() >= TELLING && pattern.contains(&**text)
            || is_filled(pattern, text)
    };
    let patterns = || branch.texts.iter();
    wanted
        .texts
        .iter()
        .any(|text| patterns().any(|pattern| is_own(pattern, text)))
}

/// Is the text the pattern with its holes filled in, from end to end?
fn is_filled(pattern: &str, text: &str) -> bool {
    let known = pattern.chars().filter(|c| *c != HOLE).count();
    let mut pieces = pattern.split(HOLE);
    let (Some(first), Some(last)) = (pieces.next(), pieces.next_back()) else {
        return false;
    };
    let inside = text
        .strip_prefix(first)
        .and_then(|rest| rest.strip_suffix(last));
    let Some(mut rest) = inside else {
        return false;
    };
    let is_in_order = pieces.all(|piece| match rest.find(piece) {
        Some(at) => {
            rest = &rest[at + piece.len()..];
            true
        }
        None => false,
    });
    known >= TELLING && is_in_order
}

/// How much of what the test asserts is said by the branch: the length of the texts that they share.
fn agreement(branch: &Branch, wanted: &Wanted) -> usize {
    let said = |text: &str| {
        branch
            .texts
            .iter()
            .map(|pattern| overlap(pattern, text))
            .max()
            .unwrap_or(0)
    };
    wanted.texts.iter().map(|text| said(text)).sum()
}

/// The length of what a text of a branch, with holes, and an asserted one have in common, if one can be in the other.
fn overlap(pattern: &str, text: &str) -> usize {
    let known = pattern.chars().filter(|c| *c != HOLE).count();
    let asserted = text.chars().count();
    if pattern == text {
        return known;
    }
    if known.min(asserted) < LEAST_COMMON {
        return 0;
    }
    if !pattern.contains(HOLE) {
        return if pattern.contains(text) {
            asserted
        } else if text.contains(pattern) {
            known
        } else {
            0
        };
    }
    let pieces = || pattern.split(HOLE).filter(|piece| !piece.is_empty());
    let mut rest = text;
    let is_filled = pieces().all(|piece| match rest.find(piece) {
        Some(at) => {
            rest = &rest[at + piece.len()..];
            true
        }
        None => false,
    });
    match is_filled {
        true => known,
        false if pieces().any(|piece| piece.contains(text)) => asserted,
        false => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_branches_and_of_tests() {
        let case = |pattern: &str, text: &str, expected: usize| {
            let pattern = pattern.replace("{}", &HOLE.to_string());
            assert_eq!(overlap(&pattern, text), expected, "{pattern} {text}");
        };
        case("no such item", "no such item", 12);
        case("no such item", "no such", 7);
        case("no such item", "gone", 0);
        case("item {} is gone", "item 7 is gone", 13);
        case("item {} is gone", "is gone", 7);
        case("{}", "anything", 0);
        case("no such item", "no", 0);
        case("no", "no", 2);
        case("id {}", "the id 7", 0);
        case("bad {}", "bad 7", 4);
    }

    #[test]
    fn texts_that_fill_a_pattern() {
        let case = |pattern: &str, text: &str, expected: bool| {
            let pattern = pattern.replace("{}", &HOLE.to_string());
            assert_eq!(is_filled(&pattern, text), expected, "{pattern} {text}");
        };
        case("item {} is gone", "item 7 is gone", true);
        case("item {} is gone", "the item 7 is gone", false);
        case("{} was not found in {}", "a was not found in b", true);
        case("{}: {}", "a: b", false);
        case("no such item", "no such item", false);
    }
}
