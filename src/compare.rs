//! Two revisions, or two JSON reports, compared.
//!
//! `covgap diff main...HEAD` analyzes the commit where HEAD left main, and HEAD, and says what is between them.

use std::path::Path;

use crate::audits::{Handed, audit_after, audit_of};
use crate::config::{Error, Options};
use crate::facts;
use crate::history::identity::Renames;
use crate::history::{Difference, Snapshot, compare as between};
use crate::report::snapshots;
use crate::source::{self, Commit, Origin, Repository};

/// Compares `base` with `head`, which may be two names of revisions, a range and nothing, a revision and nothing (the files on the
/// disk), or the paths of two JSON reports. The errors are the user's.
pub fn compare(options: &Options, base: &str, head: Option<&str>) -> Result<Difference, Error> {
    if options.revision.is_some() {
        return Err(
            Error::new("`covgap diff` takes no --revision").help("name the revisions themselves")
        );
    }
    if is_report(base) || head.is_some_and(is_report) {
        return of_reports(options, base, head);
    }
    let repository = Repository::around(&options.root)?;
    let (from, to) = repository.range(base)?;
    let to = match (to, head) {
        (Some(_), Some(head)) => {
            return Err(
                Error::new(format!("`{base}` is a range, and `{head}` comes after it"))
                    .help("give a range, or two revisions"),
            );
        }
        (to, None) => to,
        (None, Some(head)) => Some(repository.commit(head)?),
    };
    facts::keep();
    let mut handed = Handed::default();
    let old = at(options, &repository, Some(&from), &mut handed)?;
    let new = at(options, &repository, to.as_ref(), &mut handed)?;
    let renames = renames(&old.origin, &old.snapshot, &new.origin, &new.snapshot);
    let mut difference = between(&old.snapshot, &new.snapshot, &renames);
    difference.base = called(&from);
    difference.head = match &to {
        Some(commit) => called(commit),
        None => "the files on the disk".to_string(),
    };
    Ok(difference)
}

/// A run and where it looked.
struct Look {
    origin: Origin,
    snapshot: Snapshot,
}

/// The second takes over what is the same in the first, so that the two are not looked at at once.
fn at(
    options: &Options,
    repository: &Repository,
    commit: Option<&Commit>,
    handed: &mut Handed,
) -> Result<Look, Error> {
    let options = Options {
        revision: commit.map(Commit::full),
        threads: options.threads,
        ..options.plain()
    };
    let origin = match commit {
        Some(commit) => Origin::revision(repository, commit)?,
        None => Origin::disk(&options.root)?,
    };
    let (audit, _) = audit_after(&options, Some(handed))?;
    Ok(Look {
        origin,
        snapshot: snapshots::of(&audit)?,
    })
}

fn called(commit: &Commit) -> String {
    if commit.asked.is_empty() {
        return commit.short();
    }
    format!("{} ({})", commit.asked, commit.short())
}

/// The files that gaps and routes are in, and that are called otherwise in the one than in the other.
pub(crate) fn renames(old: &Origin, before: &Snapshot, new: &Origin, now: &Snapshot) -> Renames {
    source::renames(old, &files(before), new, &files(now))
}

fn files(snapshot: &Snapshot) -> Vec<String> {
    let of_gaps = snapshot
        .gaps
        .iter()
        .flat_map(|gap| gap.evidence.iter().map(|place| place.file.clone()));
    let of_routes = snapshot
        .routes
        .iter()
        .filter_map(|route| route.handler.file.clone());
    let mut files: Vec<String> = of_gaps.chain(of_routes).collect();
    files.sort();
    files.dedup();
    files
}

fn is_report(name: &str) -> bool {
    name.ends_with(".json") && source::is_file(Path::new(name))
}

fn of_reports(options: &Options, base: &str, head: Option<&str>) -> Result<Difference, Error> {
    if let ([given, ..], Some(_)) = (&options.of_analysis()[..], head) {
        return Err(Error::new(format!(
            "two reports are compared, and {given} means nothing"
        ))
        .help("give it to the runs that write the reports"));
    }
    let read = |name: &str| {
        let path = Path::new(name);
        let text = source::read_foreign(path)
            .map_err(|why| Error::at(path, format!("cannot read the report: {why}")))?;
        snapshots::read(text.as_bytes(), path)
    };
    let before = read(base)?;
    let (now, called) = match head {
        Some(head) => (read(head)?, head.to_string()),
        None => {
            let (audit, _) = audit_of(options)?;
            (snapshots::of(&audit)?, "the files on the disk".to_string())
        }
    };
    let mut difference = between(&before, &now, &Renames::new());
    difference.base = base.to_string();
    difference.head = called;
    Ok(difference)
}
