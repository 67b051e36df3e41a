//! The history of a project as a curve: its revisions analyzed, several at once, and drawn.
//!
//! `covgap trend --since 6.months --every sprint` looks at the last commit of every second week.

use std::thread;

use crate::audits::{Handed, audit_after};
use crate::compare::renames;
use crate::config::{Error, Options};
use crate::facts;
use crate::history::dates::DAY;
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
    let snapshots = look(options, &stops, are_near(every));
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

/// Is most of a project the same from one stop to the next? In two weeks too much becomes another for anything to be taken over.
fn are_near(every: &Every) -> bool {
    match every {
        Every::Commit => true,
        Every::Span(span) => *span <= 2 * DAY,
        Every::Tag => false,
    }
}

/// One run each, as many at once as there are processors; in the order of the stops. Of near ones each takes over what is the same in
/// the one before, so neighbors are looked at by the same worker.
fn look(options: &Options, stops: &[Stop], are_near: bool) -> Vec<Result<Snapshot, Error>> {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let workers = options.threads.unwrap_or(processors).clamp(1, MOST);
    let together = stops.len().div_ceil(workers).max(1);
    thread::scope(|scope| {
        let work = |stops: &[Stop]| {
            let mut handed = are_near.then(Handed::default);
            let looked = stops
                .iter()
                .map(|stop| at_revision(options, &stop.commit.full(), handed.as_mut()));
            looked.collect::<Vec<_>>()
        };
        let workers = stops
            .chunks(together)
            .map(|stops| scope.spawn(move || work(stops)));
        let workers: Vec<_> = workers.collect();
        workers
            .into_iter()
            .flat_map(|worker| match worker.join() {
                Ok(found) => found,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    })
}

fn at_revision(
    options: &Options,
    revision: &str,
    handed: Option<&mut Handed>,
) -> Result<Snapshot, Error> {
    let options = Options {
        revision: Some(revision.to_string()),
        threads: Some(1),
        ..options.plain()
    };
    let (audit, _) = audit_after(&options, handed)?;
    snapshots::of(&audit)
}
