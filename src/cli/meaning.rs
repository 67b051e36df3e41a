//! What the arguments mean: each command with everything it needs, and nothing that contradicts.
//!
//! `covgap report --format json -o -` means: print the JSON report of this folder.

use std::path::{Path, PathBuf};

use super::arguments::{
    Arguments, CheckArguments, CommandArguments, CommonArguments, ReportArguments, RulesArguments,
};
use super::engine::Stage;
use crate::report::Format;
use crate::{Error, Options};

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    Check {
        options: Options,
        gaps: usize,
    },
    Dump {
        options: Options,
        stage: Stage,
    },
    Report {
        options: Options,
        destination: Destination,
    },
    Explain {
        options: Options,
        what: String,
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
            options: options(report.path, common)?,
        }),
        CommandArguments::Explain(explain) => Ok(Command::Explain {
            options: options(explain.path, common)?,
            what: explain.what,
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
    }
}

fn resolve_check(check: CheckArguments, common: CommonArguments) -> Result<Command, Error> {
    let options = options(check.path, common)?;
    Ok(match check.dump {
        Some(stage) => Command::Dump { options, stage },
        None => Command::Check {
            options,
            gaps: check.gaps,
        },
    })
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
        possible: common.possible,
    })
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
