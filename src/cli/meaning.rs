//! What the arguments mean: each command with everything it needs, and nothing that contradicts.
//!
//! `covgap report --format json -o -` means: print the JSON report of this folder.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::arguments::{
    Arguments, CheckArguments, CommandArguments, CommonArguments, ReportArguments, RulesArguments,
};
use super::engine::Stage;
use crate::config::Cache;
use crate::history::periods::{self, Every, Since};
use crate::report::Format;
use crate::report::terminal::Amount;
use crate::{Error, Options};

/// The variable that names the folder of the cache; empty or `off` is none.
const CACHE: &str = "COVGAP_CACHE";

/// What to do.
#[derive(Debug, PartialEq)]
pub(super) enum Command {
    Check {
        options: Options,
        amount: Amount,
    },
    Dump {
        options: Options,
        stage: Stage,
    },
    Merge {
        reports: Vec<PathBuf>,
        output: Option<PathBuf>,
    },
    Baseline {
        options: Options,
    },
    UpdateBaseline {
        options: Options,
        reason: Option<String>,
    },
    Diff {
        options: Options,
        asked: Comparing,
    },
    Trend {
        options: Options,
        asked: Drawing,
    },
    Report {
        options: Options,
        destination: Destination,
        /// Which history it shows, too.
        past: Option<(Every, Since)>,
    },
    Explain {
        options: Options,
        what: String,
    },
    Scaffold {
        options: Options,
        gaps: Vec<String>,
        output: Option<PathBuf>,
    },
    ListRules {
        options: Options,
    },
    ExplainRule {
        options: Options,
        rule: String,
    },
    CheckRules {
        options: Options,
    },
    Init {
        options: Options,
        output: Option<PathBuf>,
    },
    Completions {
        shell: clap_complete::Shell,
    },
    Man {
        output: Option<PathBuf>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum CheckFormat {
    /// One screen
    Short,
    /// All routes, gaps, gates and unknowns
    Full,
}

/// What to compare, and how to say it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Comparing {
    pub base: String,
    pub head: Option<String>,
    pub format: DiffFormat,
    pub output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum DiffFormat {
    Text,
    Json,
    Markdown,
}

/// Which curve to draw, and how.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Drawing {
    pub every: Every,
    pub since: Since,
    pub format: TrendFormat,
    pub output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum TrendFormat {
    Text,
    Json,
    Html,
}

/// Where reports go.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Destination {
    /// Never empty, each format once.
    Files(Vec<(Format, PathBuf)>),
    Stream(Format),
}

/// Resolves typed arguments. The only errors are contradictions.
pub(super) fn resolve(arguments: Arguments) -> Result<Command, Error> {
    let Arguments {
        command,
        check,
        common,
    } = arguments;
    let Some(command) = command else {
        return resolve_check(check, common);
    };
    if let Some(path) = &check.path {
        return Err(
            Error::new(format!("a path before the command: {}", path.display()))
                .help("write the path after the command, as in `covgap report PATH`"),
        );
    }
    match command {
        CommandArguments::Check(check) => resolve_check(check, common),
        CommandArguments::Report(report) => Ok(Command::Report {
            destination: destination(&report)?,
            past: match &report.since {
                Some(since) => Some((periods::every(&report.every)?, periods::since(since)?)),
                None => None,
            },
            options: options(report.path, common)?,
        }),
        CommandArguments::Explain(explain) => Ok(Command::Explain {
            options: options(explain.path, common)?,
            what: explain.what,
        }),
        CommandArguments::Scaffold(scaffold) => Ok(Command::Scaffold {
            options: options(scaffold.project, common)?,
            gaps: scaffold.gaps,
            output: scaffold.output,
        }),
        CommandArguments::Diff(diff) => Ok(Command::Diff {
            options: options(diff.project, common)?,
            asked: Comparing {
                base: diff.base,
                head: diff.head,
                format: diff.format,
                output: diff.output,
            },
        }),
        CommandArguments::Trend(trend) => Ok(Command::Trend {
            options: options(trend.path, common)?,
            asked: Drawing {
                every: periods::every(&trend.every)?,
                since: periods::since(&trend.since)?,
                format: trend.format,
                output: trend.output,
            },
        }),
        CommandArguments::Merge(merge) => {
            if let [given, ..] = options(None, common)?.of_analysis()[..] {
                return Err(Error::new(format!(
                    "`covgap merge` reads reports, and takes no {given}"
                ))
                .help("give it to the runs that write the reports"));
            }
            Ok(Command::Merge {
                reports: merge.reports,
                output: merge.output,
            })
        }
        CommandArguments::Baseline(baseline) => Ok(Command::Baseline {
            options: Options {
                baseline: baseline.baseline,
                ..options(baseline.path, common)?
            },
        }),
        CommandArguments::Rules(RulesArguments::List(project)) => Ok(Command::ListRules {
            options: options(project.path, common)?,
        }),
        CommandArguments::Rules(RulesArguments::Explain { rule, project }) => {
            Ok(Command::ExplainRule {
                options: options(project.path, common)?,
                rule,
            })
        }
        CommandArguments::Rules(RulesArguments::Check(project)) => Ok(Command::CheckRules {
            options: options(project.path, common)?,
        }),
        CommandArguments::Init(init) => Ok(Command::Init {
            options: options(init.path, common)?,
            output: init.output,
        }),
        CommandArguments::Completions(asked) => Ok(Command::Completions { shell: asked.shell }),
        CommandArguments::Man(asked) => Ok(Command::Man {
            output: asked.output,
        }),
    }
}

fn resolve_check(check: CheckArguments, common: CommonArguments) -> Result<Command, Error> {
    let options = Options {
        stage: check.stage,
        fail_under: check.fail_under,
        changed_since: check.changed_since,
        baseline: check.baseline,
        ..options(check.path, common)?
    };
    if check.update_baseline {
        return Ok(Command::UpdateBaseline {
            options,
            reason: check.reason,
        });
    }
    if let Some(stage) = check.dump {
        return Ok(Command::Dump { options, stage });
    }
    let amount = match (check.format, check.gaps) {
        (CheckFormat::Full, Some(_)) => {
            return Err(
                Error::new("--format full lists all gaps, and --gaps some of them")
                    .help("leave one of them out"),
            );
        }
        (CheckFormat::Full, None) => Amount::Full,
        (CheckFormat::Short, Some(most)) => Amount::Gaps(most),
        (CheckFormat::Short, None) => Amount::Screen,
    };
    Ok(Command::Check { options, amount })
}

fn options(path: Option<PathBuf>, common: CommonArguments) -> Result<Options, Error> {
    if common.threads == Some(0) {
        return Err(
            Error::new("--threads 0 would do nothing").help("leave it out to use all processors")
        );
    }
    Ok(Options {
        root: path.unwrap_or_else(|| PathBuf::from(".")),
        tests: common.tests,
        apps: common.app,
        threads: common.threads,
        config: common.config,
        revision: common.revision,
        cache: cache(common.no_cache, std::env::var_os(CACHE)),
        possible: common.possible,
        ..Options::default()
    })
}

fn cache(is_unwanted: bool, said: Option<OsString>) -> Cache {
    match said {
        _ if is_unwanted => Cache::Off,
        Some(said) if said.is_empty() || said == "off" => Cache::Off,
        Some(said) => Cache::At(PathBuf::from(said)),
        None => Cache::OfProject,
    }
}

/// `-o -` is the standard output; `-o name.json` with that one format is the file; everything else is a folder.
fn destination(report: &ReportArguments) -> Result<Destination, Error> {
    let mut formats = report.format.clone();
    formats.sort_unstable();
    formats.dedup();
    let output = report.output.as_path();
    match formats[..] {
        [format] if output == Path::new("-") => Ok(Destination::Stream(format)),
        [format]
            if output
                .extension()
                .is_some_and(|ending| ending == format.extension()) =>
        {
            Ok(Destination::Files(vec![(format, output.to_owned())]))
        }
        _ if output == Path::new("-") => Err(Error::new(
            "`-o -` prints a single report, and several formats were asked for",
        )
        .help("name a folder, as in `-o covgap-report`")),
        _ => Ok(Destination::Files(
            formats
                .iter()
                .map(|format| (*format, output.join(format.file_name())))
                .collect(),
        )),
    }
}
