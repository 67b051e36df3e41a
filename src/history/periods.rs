//! Which commits a curve is drawn through.
//!
//! ```text
//! --every sprint --since 6.months      the last commit before the end of every second week, counted back from the newest commit
//! ```
//! Time is told by the commits, never by the clock: the same history gives the same curve tomorrow.

use super::dates::{self, DAY};
use crate::config::Error;
use crate::source::{Commit, Repository};

/// How often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Every {
    Commit,
    Tag,
    /// A number of seconds.
    Span(i64),
}

/// From when on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Since {
    Beginning,
    /// Seconds before the newest commit.
    Span(i64),
    /// Seconds since 1970.
    Date(i64),
}

/// A commit and what its point is called.
#[derive(Debug, Clone)]
pub struct Stop {
    pub commit: Commit,
    /// The tag, or the day.
    pub label: String,
}

/// `week`, `sprint` (two weeks), `commit`, `tag`, `3.days`, `2.weeks`, `1.month`. The error is the user's.
pub fn every(text: &str) -> Result<Every, Error> {
    Ok(match text {
        "commit" => Every::Commit,
        "tag" => Every::Tag,
        _ => Every::Span(span(text).ok_or_else(|| {
            Error::new(format!("--every is told what is no period: `{text}`"))
                .help("for example week, sprint, commit, tag, 10.days or 3.weeks")
        })?),
    })
}

/// `6.months`, `2026-01-31`, `beginning`. The error is the user's.
pub fn since(text: &str) -> Result<Since, Error> {
    if text == "beginning" {
        return Ok(Since::Beginning);
    }
    let date = dates::read(text).map(Since::Date);
    date.or_else(|| span(text).map(Since::Span)).ok_or_else(|| {
        Error::new(format!("--since is told what is no time: `{text}`"))
            .help("for example 6.months, 2026-01-31 or beginning")
    })
}

fn span(text: &str) -> Option<i64> {
    let (count, unit) = match text.split_once(['.', ' ']) {
        Some((count, unit)) => (count.parse::<i64>().ok()?, unit),
        None => (1, text),
    };
    let days = match unit.strip_suffix('s').unwrap_or(unit) {
        "day" => 1,
        "week" => 7,
        "sprint" => 14,
        "month" => 30,
        "year" => 365,
        _ => return None,
    };
    (1..=10_000).contains(&count).then_some(count * days * DAY)
}

/// The stops of a history, the oldest first; the newest commit is always one.
pub fn stops(repository: &Repository, newest: &Commit, every: &Every, since: &Since) -> Vec<Stop> {
    let line = repository.line(newest);
    let from = match since {
        Since::Beginning => i64::MIN,
        Since::Span(span) => newest.time.saturating_sub(*span),
        Since::Date(date) => *date,
    };
    let stop = |commit: &Commit| Stop {
        label: dates::shown(commit.time),
        commit: commit.clone(),
    };
    let mut found: Vec<Stop> = match every {
        Every::Commit => line.iter().map(stop).collect(),
        Every::Tag => tagged(repository, &line),
        Every::Span(span) => at_ends(&line, *span, from).into_iter().map(stop).collect(),
    };
    // A period's last commit may be older than its beginning.
    found.retain(|stop| stop.commit.time >= from || matches!(every, Every::Span(_)));
    found.reverse();
    found
}

/// The newest commit at the end of each period, the newest first, each once.
fn at_ends(line: &[Commit], span: i64, from: i64) -> Vec<&Commit> {
    let Some(newest) = line.first() else {
        return Vec::new();
    };
    let mut found: Vec<&Commit> = vec![newest];
    let mut end = newest.time.saturating_sub(span);
    let mut rest = line;
    while end >= from {
        // Commits may be out of order; the first that is old enough is the one that was there.
        let Some(at) = rest.iter().position(|commit| commit.time <= end) else {
            break;
        };
        rest = &rest[at..];
        if found.last().is_none_or(|last| *last != &rest[0]) {
            found.push(&rest[0]);
        }
        // Periods in which nothing happened are passed at once.
        let behind = end.saturating_sub(rest[0].time).div_euclid(span).max(0);
        let next = end.saturating_sub(span.saturating_mul(behind.saturating_add(1)));
        if next == end {
            break;
        }
        end = next;
    }
    found
}

fn tagged(repository: &Repository, line: &[Commit]) -> Vec<Stop> {
    let tags = repository.tags();
    let mut found = Vec::new();
    for (at, commit) in line.iter().enumerate() {
        let names: Vec<&str> = tags
            .iter()
            .filter(|(_, tagged)| tagged.full() == commit.full())
            .map(|(name, _)| name.as_str())
            .collect();
        if !names.is_empty() || at == 0 {
            found.push(Stop {
                label: if names.is_empty() {
                    dates::shown(commit.time)
                } else {
                    names.join(", ")
                },
                commit: commit.clone(),
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Every, Since, every, since};
    use crate::history::dates::DAY;

    #[test]
    fn periods() {
        assert_eq!(every("week").unwrap(), Every::Span(7 * DAY));
        assert_eq!(every("sprint").unwrap(), Every::Span(14 * DAY));
        assert_eq!(every("2.weeks").unwrap(), Every::Span(14 * DAY));
        assert_eq!(every("1.month").unwrap(), Every::Span(30 * DAY));
        assert_eq!(every("tag").unwrap(), Every::Tag);
        assert_eq!(since("6.months").unwrap(), Since::Span(180 * DAY));
        assert_eq!(since("1970-01-02").unwrap(), Since::Date(DAY));
        for wrong in [
            "",
            "0.days",
            "-1.days",
            "soon",
            "1.fortnight",
            "99999.years",
        ] {
            assert!(every(wrong).is_err() && since(wrong).is_err(), "{wrong}");
        }
    }
}
