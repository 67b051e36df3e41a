//! The history of a project as a curve: its revisions analyzed, several at once, and drawn.
//!
//! `covgap trend --since 6.months --every sprint` looks at the last commit of every second week.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::audits::audit_of;
use crate::compare::renames;
use crate::config::{Error, Options};
use crate::facts;
use crate::history::identity::Renames;
use crate::history::periods::{self, Every, Since, Stop};
use crate::history::trend::{self, Look};
use crate::history::{Snapshot, Trend};
use crate::report::snapshots;
use crate::source::{Origin, Repository};

/// More revisions than this are a mistake.
const MOST: usize = 1_000;

/// Analyzes the revisions. The errors are the user's: no repository, no such revision, none that can be analyzed.
pub fn trend(options: &Options, every: &Every, since: &Since) -> Result<Trend, Error> {
    let repository = Repository::around(&options.root)?;
    let newest = repository.commit(options.revision.as_deref().unwrap_or("HEAD"))?;
    let stops = periods::stops(&repository, &newest, every, since);
    if stops.len() > MOST {
        return Err(Error::new(format!("{} revisions to analyze", stops.len()))
            .help("a longer period for --every, or a later day for --since, gives fewer"));
    }
    facts::keep();
    let snapshots = look(options, &stops);
    if let Some(error) = snapshots.iter().rev().find_map(|one| one.as_ref().err())
        && snapshots.iter().all(Result::is_err)
    {
        return Err(error.clone());
    }
    let mut looks: Vec<Look> = Vec::new();
    let mut before: Option<(Origin, Snapshot)> = None;
    for (stop, snapshot) in stops.into_iter().zip(snapshots) {
        let mut of_files = Renames::new();
        if let Ok(snapshot) = &snapshot {
            let origin = Origin::revision(&repository, &stop.commit)?;
            if let Some((old, known)) = &before {
                of_files = renames(old, known, &origin, snapshot);
            }
            before = Some((origin, snapshot.clone()));
        }
        looks.push(Look {
            revision: stop.commit.full(),
            subject: stop.commit.subject,
            label: stop.label,
            time: stop.commit.time,
            snapshot: snapshot.map_err(|error| error.says),
            renames: of_files,
        });
    }
    let mut trend = trend::draw(looks);
    trend.is_shallow = repository.is_shallow();
    Ok(trend)
}

/// One run each, as many at once as there are processors; in the order of the stops.
fn look(options: &Options, stops: &[Stop]) -> Vec<Result<Snapshot, Error>> {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let workers = options.threads.unwrap_or(processors).min(stops.len());
    let next = AtomicUsize::new(0);
    let found: Vec<Mutex<Option<Result<Snapshot, Error>>>> =
        stops.iter().map(|_| Mutex::new(None)).collect();
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(at) = Some(next.fetch_add(1, Ordering::Relaxed))
                    && let Some(stop) = stops.get(at)
                {
                    let result = at_revision(options, &stop.commit.full());
                    if let Ok(mut place) = found[at].lock() {
                        *place = Some(result);
                    }
                }
            });
        }
    });
    let nothing = || Err(Error::new("was not looked at"));
    let taken = found
        .into_iter()
        .map(|place| place.into_inner().ok().flatten());
    taken.map(|result| result.unwrap_or_else(nothing)).collect()
}

fn at_revision(options: &Options, revision: &str) -> Result<Snapshot, Error> {
    let options = Options {
        revision: Some(revision.to_string()),
        threads: Some(1),
        ..options.plain()
    };
    let (audit, _) = audit_of(&options)?;
    snapshots::of(&audit)
}
