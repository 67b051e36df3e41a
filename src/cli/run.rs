//! Does what a command line asks for, and says how it went as an exit code.
//!
//! `covgap .` asks the engine for the audit of `.`, prints it, and exits with 1 if a gate failed.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Parser;

use super::arguments::Arguments;
use super::console::Console;
use super::engine::{Engine, RulePage};
use super::meaning::{self, Command, Destination};
use super::{exit_codes, progress, revisions, scaffolds, setup};
use crate::config::nearest;
use crate::coverage::Audit;
use crate::history::Trend;
use crate::history::periods::{Every, Since};
use crate::report::terminal::{self, Amount, View};
use crate::report::{self, Format, explain, inert, write};
use crate::{Error, Options};

/// Runs one command line, the program's name first; returns the exit code.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    engine: &Engine,
    mut console: Console<'_>,
) -> u8 {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(answer) => return answer_of_parser(&answer, &mut console),
    };
    console.choose(arguments.common.color);
    let outcome =
        meaning::resolve(arguments).and_then(|command| perform(command, engine, &mut console));
    outcome.unwrap_or_else(|error| {
        console.complain_of(&error);
        exit_codes::CANNOT
    })
}

/// Help and version are answers, the rest are mistakes.
fn answer_of_parser(answer: &clap::Error, console: &mut Console<'_>) -> u8 {
    let text = answer.render().ansi().to_string();
    if answer.use_stderr() {
        console.complain(&text);
        return exit_codes::CANNOT;
    }
    match console.print(&text) {
        Ok(()) => exit_codes::FINE,
        Err(_) => exit_codes::CANNOT,
    }
}

fn perform(command: Command, engine: &Engine, console: &mut Console<'_>) -> Result<u8, Error> {
    match command {
        Command::Check { options, amount } => check(&options, amount, engine, console),
        Command::Dump { options, stage } => {
            let text = progress::while_waiting("reading", || (engine.dump)(&options, stage))?;
            console.print(&text)?;
            Ok(exit_codes::FINE)
        }
        Command::Report {
            options,
            destination,
            past,
        } => report(&options, destination, past.as_ref(), engine, console),
        Command::Merge { reports, output } => {
            revisions::merge(&reports, output.as_deref(), console)
        }
        Command::Baseline { options } => revisions::baseline(&options, engine, console),
        Command::UpdateBaseline { options, reason } => {
            revisions::update_baseline(&options, reason.as_deref(), engine, console)
        }
        Command::Diff { options, asked } => revisions::diff(&options, &asked, engine, console),
        Command::Trend { options, asked } => revisions::trend(&options, &asked, engine, console),
        Command::Explain { options, what } => explain(&options, &what, engine, console),
        Command::Scaffold {
            options,
            gaps,
            output,
        } => scaffolds::write(&options, &gaps, output.as_deref(), engine, console),
        Command::ListRules { options } => list_rules(&(engine.rules)(&options)?, console),
        Command::ExplainRule { options, rule } => {
            let pages = (engine.rules)(&options)?;
            match pages.iter().find(|page| page.id == rule) {
                Some(page) => print_page(page, console),
                None => Err(no_such_rule(&pages, &rule)),
            }
        }
        Command::CheckRules { options } => check_rules(&options, engine, console),
        Command::Init { options, output } => {
            setup::init(&options, output.as_deref(), engine, console)
        }
        Command::Completions { shell } => setup::completions(shell, console),
        Command::Man { output } => setup::manual(output.as_deref(), console),
    }
}

fn check(
    options: &Options,
    amount: Amount,
    engine: &Engine,
    console: &mut Console<'_>,
) -> Result<u8, Error> {
    let audit = analyze(options, engine)?;
    let view = View {
        width: console.width,
        amount,
    };
    console.print(&terminal::render(&audit, view))?;
    refuse_nothing(&audit)?;
    if !audit.routes.iter().any(report::is_counted) {
        return Err(Error::new("found no route that production serves")
            .help("name the app that production serves with --app module:attribute"));
    }
    Ok(if audit.gates.iter().all(|gate| gate.passed) {
        exit_codes::FINE
    } else {
        exit_codes::GATE_FAILED
    })
}

pub(super) fn analyze(options: &Options, engine: &Engine) -> Result<Audit, Error> {
    progress::while_waiting("analyzing", || (engine.analyze)(options))
}

/// Nothing found is never a silent pass: it is far more often a wrong path than a finished suite.
pub(super) fn refuse_nothing(audit: &Audit) -> Result<(), Error> {
    if audit.routes.is_empty() {
        let error = Error::new("found no route of any app");
        return Err(match unread(audit) {
            Some(unread) => error.help(unread),
            None => error.help("is this the project's root? name the app that production serves with --app module:attribute"),
        });
    }
    if audit.tests.is_empty() {
        return Err(Error::new("found no test")
            .help("is this the project's root? name the folder of the tests with --tests PATH"));
    }
    Ok(())
}

/// Of the files that could not be read, the one that most likely held what is missing.
fn unread(audit: &Audit) -> Option<String> {
    let broken = audit
        .unknowns
        .iter()
        .find(|unknown| matches!(unknown.reason, "unreadable-file" | "syntax-error"))?;
    Some(format!(
        "{} could not be read: {}; a route in it is not seen",
        broken.place, broken.says
    ))
}

fn report(
    options: &Options,
    destination: Destination,
    past: Option<&(Every, Since)>,
    engine: &Engine,
    console: &mut Console<'_>,
) -> Result<u8, Error> {
    let audit = analyze(options, engine)?;
    let past = match past {
        Some((every, since)) => Some(progress::while_waiting("reading the history", || {
            (engine.trend)(options, every, since)
        })?),
        None => None,
    };
    let past = past.as_ref();
    match destination {
        Destination::Stream(format) => write::to_stream(console.out, |out| {
            report::render_over_time(&audit, past, format, out)
        })?,
        Destination::Files(files) => write_files(&audit, past, &files, console)?,
    }
    refuse_nothing(&audit)?;
    Ok(exit_codes::FINE)
}

fn write_files(
    audit: &Audit,
    past: Option<&Trend>,
    files: &[(Format, PathBuf)],
    console: &mut Console<'_>,
) -> Result<(), Error> {
    for (format, path) in files {
        write::to_file(path, |out| {
            report::render_over_time(audit, past, *format, out)
        })?;
        console.print(&format!("wrote {}\n", inert(&path.to_string_lossy())))?;
    }
    Ok(())
}

/// A rule needs no analysis, so rules are asked first.
fn explain(
    options: &Options,
    what: &str,
    engine: &Engine,
    console: &mut Console<'_>,
) -> Result<u8, Error> {
    let pages = (engine.rules)(options)?;
    if let Some(page) = pages.iter().find(|page| page.id == what) {
        return print_page(page, console);
    }
    let audit = analyze(options, engine)?;
    match explain::render(&audit, what) {
        Some(story) => {
            console.print(&story)?;
            Ok(exit_codes::FINE)
        }
        None => Err(
            Error::new(format!("no route, test, gap or rule is named {what}"))
                .help(explain::suggest(&audit, &ids(&pages), what)),
        ),
    }
}

fn ids(pages: &[RulePage]) -> Vec<String> {
    pages.iter().map(|page| page.id.clone()).collect()
}

fn no_such_rule(pages: &[RulePage], rule: &str) -> Error {
    let known: Vec<&str> = pages.iter().map(|page| page.id.as_str()).collect();
    let error = Error::new(format!("no such rule: {rule}"));
    match nearest(rule, &known) {
        Some(known) => error.help(format!("did you mean `{known}`?")),
        None => error.help("`covgap rules list` names all of them"),
    }
}

fn print_page(page: &RulePage, console: &mut Console<'_>) -> Result<u8, Error> {
    let text: String = page
        .page
        .lines()
        .map(|line| format!("{}\n", inert(line)))
        .collect();
    console.print(&text)?;
    Ok(exit_codes::FINE)
}

fn list_rules(pages: &[RulePage], console: &mut Console<'_>) -> Result<u8, Error> {
    let widest = pages.iter().map(|page| page.id.len()).max().unwrap_or(0);
    let text: String = pages
        .iter()
        .map(|page| {
            format!(
                "{:widest$}  {}\n",
                inert(&page.id),
                inert(page.summary.as_str())
            )
        })
        .collect();
    console.print(&text)?;
    Ok(exit_codes::FINE)
}

fn check_rules(options: &Options, engine: &Engine, console: &mut Console<'_>) -> Result<u8, Error> {
    let outcome = progress::while_waiting("checking", || (engine.check_rules)(options))?;
    for problem in &outcome.problems {
        console.complain_of(problem);
    }
    console.print(&format!(
        "{} rules, {} examples, {} of them do not hold\n",
        outcome.rules,
        outcome.examples,
        outcome.problems.len()
    ))?;
    Ok(if outcome.problems.is_empty() {
        exit_codes::FINE
    } else {
        exit_codes::GATE_FAILED
    })
}
