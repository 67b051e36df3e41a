//! Several JSON reports as one: the services of a system, or the shards of one service's suite.
//!
//! ```text
//! covgap merge orders.json users.json      two services: paths and ids get the service's name in front
//! covgap merge part1.json part2.json       two shards of one: a route is tested if it is in one of them
//! ```
//! Not handled: weights (the totals are those of the usual ones) and gates (nobody has judged the whole; there are none).

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::json::COUNTED;
use super::{item_per_line, snapshots};
use crate::Error;
use crate::coverage::audit::{Bar, BarId, BarState, Side, Verdict};
use crate::coverage::totals;

/// The keys whose text, or list of texts, is an id or a path of one project.
const OF_ONE_PROJECT: [&str; 10] = [
    "id",
    "file",
    "test",
    "tests",
    "route",
    "routes",
    "shadowed_by",
    "error_branches",
    "exercised_by",
    "doubles",
];

type Report = Map<String, Value>;

/// One report of several. The errors are the user's: what is no report, or the same report twice.
pub fn merge(reports: &[(PathBuf, String)]) -> Result<Value, Error> {
    let mut projects: BTreeMap<String, Vec<Report>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (path, text) in reports {
        let snapshot = snapshots::read(text.as_bytes(), path)?;
        if !seen.insert(text) {
            return Err(Error::at(path, "the same report was given before"));
        }
        let report: Report = serde_json::from_str(text)
            .map_err(|error| Error::at(path, format!("not a JSON report: {error}")))?;
        let shards = projects.entry(snapshot.project.name).or_default();
        shards.push(report);
    }
    let mut merged: Vec<(String, Report)> = projects
        .into_iter()
        .map(|(name, shards)| (name, of_shards(shards)))
        .collect();
    let report = match merged.len() {
        0 => return Err(Error::new("no report to merge")),
        1 => merged.swap_remove(0).1,
        _ => of_services(merged),
    };
    Ok(Value::Object(report))
}

/// Writes it, one item of a list on a line as in the reports it was made of; keys stand in the order of the alphabet.
pub fn render(report: &Value, out: &mut dyn Write) -> io::Result<()> {
    item_per_line::write(report, out)
}

fn list<'a>(report: &'a Report, key: &str) -> &'a [Value] {
    let items = report.get(key).and_then(Value::as_array);
    items.map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn number(value: &Value, key: &str) -> u64 {
    value.get(key).and_then(Value::as_u64).unwrap_or(0)
}

fn is_true(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

fn set(value: &mut Value, key: &str, new: Value) {
    if let Some(fields) = value.as_object_mut() {
        fields.insert(key.to_string(), new);
    }
}

/// The same code, with other tests each.
fn of_shards(mut shards: Vec<Report>) -> Report {
    if shards.len() == 1 {
        return shards.swap_remove(0);
    }
    let mut whole = shards[0].clone();
    for key in [
        "tests",
        "exercises",
        "doubles",
        "skips",
        "unknowns",
        "left_out",
    ] {
        whole.insert(key.to_string(), union(&shards, key));
    }
    let routes = joined(&shards, "routes", best_route);
    whole.insert("routes".to_string(), routes);
    for key in ["error_branches", "library_branches"] {
        whole.insert(key.to_string(), joined(&shards, key, best_branch));
    }
    for (_, key) in COUNTED {
        whole.insert(key.to_string(), joined_items(&shards, key));
    }
    whole.insert("gaps".to_string(), gaps(&shards));
    whole.insert("gates".to_string(), json!([]));
    let tests = list(&whole, "tests").len();
    if let Some(project) = whole.get_mut("project") {
        set(project, "tests", json!(tests));
    }
    let bars = list(&whole, "bars").iter();
    let bars = bars.map(|bar| recounted(bar, &whole, &shards)).collect();
    finish(whole, bars)
}

/// Every item once, in the order of its text.
fn union(shards: &[Report], key: &str) -> Value {
    let all = shards.iter().flat_map(|shard| list(shard, key));
    let by_text: BTreeMap<String, &Value> = all.map(|item| (item.to_string(), item)).collect();
    Value::Array(by_text.into_values().cloned().collect())
}

/// Items with the same id become one, in the order in which they come.
fn joined(shards: &[Report], key: &str, join: fn(&mut Value, &Value)) -> Value {
    let mut found: Vec<Value> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for item in shards.iter().flat_map(|shard| list(shard, key)) {
        match places.get(text(item, "id")) {
            Some(&at) => join(&mut found[at], item),
            None => {
                places.insert(text(item, "id").to_string(), found.len());
                found.push(item.clone());
            }
        }
    }
    Value::Array(found)
}

fn best_route(one: &mut Value, other: &Value) {
    let rank = |value: &Value| {
        let verdict = text(value, "verdict");
        let known = Verdict::ALL.iter().position(|known| known.id() == verdict);
        known.unwrap_or(Verdict::ALL.len())
    };
    if rank(other) < rank(one) {
        set(one, "verdict", json!(text(other, "verdict")));
    }
    let contacts = |value: &Value| value.get("contacts").cloned().unwrap_or_default();
    let (mut sum, more) = (contacts(one), contacts(other));
    for contact in ["interface", "doubled", "setup", "direct"] {
        let tests = number(&sum, contact) + number(&more, contact);
        set(&mut sum, contact, json!(tests));
    }
    set(one, "contacts", sum);
}

fn best_branch(one: &mut Value, other: &Value) {
    let mut tests: BTreeSet<String> = BTreeSet::new();
    for branch in [&*one, other] {
        let exercised = branch.get("exercised_by").and_then(Value::as_array);
        let names = exercised.into_iter().flatten().filter_map(Value::as_str);
        tests.extend(names.map(str::to_string));
    }
    set(one, "exercised_by", json!(tests));
}

/// What a bar counts: covered if a shard covers it, with the evidence of that one.
fn joined_items(shards: &[Report], key: &str) -> Value {
    let mut found: Vec<Value> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for item in shards.iter().flat_map(|shard| list(shard, key)) {
        let place = item.get("place").map(Value::to_string).unwrap_or_default();
        let name = format!("{} {place}", text(item, "name"));
        match places.get(&name) {
            Some(&at) if is_true(item, "covered") => found[at] = item.clone(),
            Some(_) => {}
            None => {
                places.insert(name, found.len());
                found.push(item.clone());
            }
        }
    }
    Value::Array(found)
}

/// A gap of the code is open if it is in every shard; one of a test, if it is in the shard with that test.
fn gaps(shards: &[Report]) -> Value {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for gap in shards.iter().flat_map(|shard| list(shard, "gaps")) {
        *counts.entry(text(gap, "id")).or_default() += 1;
    }
    let tests = shards.iter().flat_map(|shard| list(shard, "tests"));
    let files: BTreeSet<&str> = tests.map(|test| text(test, "file")).collect();
    let mut seen = BTreeSet::new();
    let all = shards.iter().flat_map(|shard| list(shard, "gaps"));
    let open = all.filter(|gap| {
        let place = gap.get("evidence").and_then(|evidence| evidence.get(0));
        let is_of_a_test = place.is_some_and(|place| files.contains(text(place, "file")));
        let is_everywhere = counts.get(text(gap, "id")) == Some(&shards.len());
        (is_of_a_test || is_everywhere) && seen.insert(text(gap, "id"))
    });
    Value::Array(open.cloned().collect())
}

fn recounted(bar: &Value, whole: &Report, shards: &[Report]) -> Value {
    let id = text(bar, "id");
    let items = COUNTED.iter().find(|(known, _)| known.id() == id);
    let covered = match items {
        Some((_, key)) => {
            let items = list(whole, key).iter();
            items.filter(|item| is_true(item, "covered")).count() as u64
        }
        None if id == BarId::HttpEndpoints.id() || id == BarId::WebsocketEndpoints.id() => {
            let routes = list(whole, "routes").iter();
            let tested = routes.filter(|route| {
                let is_shadowed = route.get("shadowed_by").is_some_and(Value::is_string);
                text(route, "kind") == id
                    && is_true(route, "served")
                    && !is_shadowed
                    && text(route, "verdict") == Verdict::Behavior.id()
            });
            tested.count() as u64
        }
        // Of the others a report says how many, not which: what one shard covers is the least that all of them do.
        None => of_bar(shards, id)
            .map(|bar| number(bar, "covered"))
            .max()
            .unwrap_or(0),
    };
    let mut recounted = bar.clone();
    set(
        &mut recounted,
        "covered",
        json!(covered.min(number(bar, "total"))),
    );
    recounted
}

fn of_bar<'a>(reports: &'a [Report], id: &'a str) -> impl Iterator<Item = &'a Value> + 'a {
    let bars = reports.iter().flat_map(|report| list(report, "bars"));
    bars.filter(move |bar| text(bar, "id") == id)
}

/// Projects beside each other.
fn of_services(services: Vec<(String, Report)>) -> Report {
    let names: Vec<String> = services.iter().map(|(name, _)| name.clone()).collect();
    let mut summary = Vec::new();
    let mut reports = Vec::new();
    for (name, report) in services {
        summary.push(json!({
            "name": &name,
            "project": report.get("project"),
            "bars": report.get("bars"),
            "totals": report.get("totals"),
        }));
        reports.push(placed(report, &name));
    }
    let mut whole = reports[0].clone();
    for (key, value) in &mut whole {
        if value.is_array() && key != "bars" {
            let all = reports.iter().flat_map(|report| list(report, key));
            *value = Value::Array(all.cloned().collect());
        }
    }
    whole.insert("gates".to_string(), json!([]));
    let sum = |key: &str| -> u64 {
        let projects = reports.iter().filter_map(|report| report.get("project"));
        projects.map(|project| number(project, key)).sum()
    };
    let project = json!({
        "name": names.join(", "),
        "revision": null,
        "files": sum("files"),
        "lines": sum("lines"),
        "tests": sum("tests"),
    });
    whole.insert("project".to_string(), project);
    whole.insert("projects".to_string(), Value::Array(summary));
    let bars = list(&whole, "bars").iter();
    let bars = bars.map(|bar| summed(bar, &reports)).collect();
    finish(whole, bars)
}

fn summed(bar: &Value, reports: &[Report]) -> Value {
    let id = text(bar, "id");
    let states: Vec<&str> = of_bar(reports, id).map(|bar| text(bar, "state")).collect();
    let state = ["measured", "not-analyzed", "not-applicable"]
        .into_iter()
        .find(|state| states.contains(state));
    let measured = || of_bar(reports, id).filter(|bar| text(bar, "state") == "measured");
    let mut sum = measured().next().unwrap_or(bar).clone();
    for key in ["covered", "total"] {
        let all: u64 = measured().map(|bar| number(bar, key)).sum();
        set(&mut sum, key, json!(all));
    }
    set(&mut sum, "state", json!(state));
    sum
}

/// A report with the project's name in front of every id and path.
fn placed(report: Report, name: &str) -> Report {
    let placed = report.into_iter().map(|(key, value)| match value {
        Value::Array(items) if key != "bars" => {
            let is_left_out = key == "left_out";
            let items = items.into_iter().map(|item| {
                let mut item = within(item, name);
                if is_left_out && let Some(path) = item.get_mut("path") {
                    put_before(path, name);
                }
                item
            });
            (key, Value::Array(items.collect()))
        }
        other => (key, other),
    });
    placed.collect()
}

fn within(value: Value, name: &str) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(key, value)| {
                let mut value = within(value, name);
                if OF_ONE_PROJECT.contains(&key.as_str()) {
                    match &mut value {
                        Value::Array(items) => {
                            items.iter_mut().for_each(|item| put_before(item, name));
                        }
                        one => put_before(one, name),
                    }
                }
                (key, value)
            });
            Value::Object(fields.collect())
        }
        Value::Array(items) => {
            Value::Array(items.into_iter().map(|item| within(item, name)).collect())
        }
        other => other,
    }
}

fn put_before(value: &mut Value, name: &str) {
    if let Value::String(text) = value {
        *text = format!("{name}/{text}");
    }
}

/// With percents and totals of the new counts.
fn finish(mut whole: Report, mut bars: Vec<Value>) -> Report {
    let judged: Vec<Bar> = bars.iter().filter_map(as_bar).collect();
    for bar in &mut bars {
        let known = judged.iter().find(|known| known.id.id() == text(bar, "id"));
        let percent = known.and_then(Bar::percent);
        set(bar, "percent", json!(percent));
    }
    let totals = totals::of(&judged, &BTreeMap::new());
    let totals = json!({
        "implementation": totals.implementation,
        "behavior": totals.behavior,
        "overall": totals.overall,
    });
    whole.insert("bars".to_string(), Value::Array(bars));
    whole.insert("totals".to_string(), totals);
    whole
}

fn as_bar(bar: &Value) -> Option<Bar> {
    let id = BarId::ALL
        .into_iter()
        .find(|known| known.id() == text(bar, "id"))?;
    let count = |key: &str| usize::try_from(number(bar, key)).unwrap_or(0);
    Some(Bar {
        id,
        side: match text(bar, "side") {
            "behavior" => Side::Behavior,
            _ => Side::Implementation,
        },
        state: match text(bar, "state") {
            "measured" => BarState::Measured,
            "not-applicable" => BarState::NotApplicable,
            _ => BarState::NotAnalyzed,
        },
        covered: count("covered"),
        doubled: 0,
        setup: 0,
        total: count("total"),
        why: String::new(),
        items: Vec::new(),
    })
}
