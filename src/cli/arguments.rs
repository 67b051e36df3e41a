//! The command line as typed; what it means is decided in [`super::meaning`].
//!
//! `covgap report backend -o out --format html,json` is a [`ReportArguments`] with two formats.

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueHint};

use super::engine::Stage;
use super::meaning::{CheckFormat, DiffFormat, TrendFormat};
use crate::report::Format;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const EXAMPLES: &str = "\
Examples:
  covgap                                 check the project in this folder
  covgap backend --tests backend/tests   check one part of it
  covgap --format full                   print all routes, gaps and unknowns
  covgap report -o out                   write out/index.html
  covgap explain 'GET /items/{id}'       why does this route have its verdict?

Exit codes:
  0  done, and no gate failed
  1  a gate failed
  2  could not do what was asked, or found nothing to analyze";

const REPORT_EXAMPLES: &str = "\
Examples:
  covgap report                             write covgap-report/index.html
  covgap report backend --format html,json  write two reports of one run
  covgap report --since 6.months            with the curves of half a year, and since when gaps are open
  covgap report --format json -o -          print the JSON report";

const DIFF_EXAMPLES: &str = "\
Examples:
  covgap diff main                                what the files here change
  covgap diff main...HEAD --format markdown       what this branch does, for a comment
  covgap diff before.json after.json              two JSON reports";

const TREND_EXAMPLES: &str = "\
Examples:
  covgap trend                                    the last six months, every two weeks
  covgap trend --every tag --since beginning      every release
  covgap trend --format html -o trend.html        a page with charts";

const SCAFFOLD_EXAMPLES: &str = "\
Examples:
  covgap scaffold                                 a test for each gap that a request closes
  covgap scaffold P0 -o -                         print those of priority P0
  covgap scaffold 'DELETE /items/{id}'            for one route";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  covgap explain 'GET /items/{id}'                a route: its verdict, and who tests it
  covgap explain tests/test_items.py::test_read   a test: what it reaches
  covgap explain untested-route-4f1d0c92ab        a gap, by the id that reports show
  covgap explain untested-route                   a kind of gap, or a rule";

const INIT_EXAMPLES: &str = "\
Examples:
  covgap init                            add [tool.covgap] to pyproject.toml, or write covgap.toml
  covgap init -o -                       print it only";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  covgap completions bash > ~/.local/share/bash-completion/completions/covgap
  covgap completions zsh > ~/.zfunc/_covgap
  covgap completions fish > ~/.config/fish/completions/covgap.fish";

const MAN_EXAMPLES: &str = "\
Examples:
  covgap man | man -l -                  read it
  covgap man -o ~/.local/share/man/man1  install the pages of all commands";

/// Says which behavior of a FastAPI project its pytest suite covers, without running anything.
///
/// Reads the project and its tests, and prints which routes, WebSockets and error answers some test reaches
/// through a real interface, and what is only called directly or with its infrastructure replaced.
#[derive(Debug, Parser)]
#[command(
    name = "covgap",
    version,
    styles = STYLES,
    override_usage = "covgap [OPTIONS] [PATH]\n       covgap [OPTIONS] <COMMAND> …",
    after_help = EXAMPLES,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub command: Option<CommandArguments>,

    #[command(flatten)]
    pub check: CheckArguments,

    #[command(flatten)]
    pub common: CommonArguments,
}

#[derive(Debug, Subcommand)]
pub(super) enum CommandArguments {
    /// Print the bars, the worst gaps and what the gates say; the default
    Check(CheckArguments),
    /// Write reports: HTML for people, JSON for programs
    Report(ReportArguments),
    /// Tell the story of a route, a test, a gap or a rule, with its evidence
    Explain(ExplainArguments),
    /// What is between two revisions, or two JSON reports: gaps opened and closed, routes added without a test
    Diff(DiffArguments),
    /// The bars and the open gaps over time, from the git history
    Trend(TrendArguments),
    /// Make one JSON report of several: the services of a system, or the shards of a suite
    Merge(MergeArguments),
    /// Write down the gaps of today, so that a run fails only on new ones
    Baseline(BaselineArguments),
    /// Write the missing tests: a request and an assertion for each gap that one closes
    Scaffold(ScaffoldArguments),
    /// What covgap knows about libraries, and a project's own rules
    #[command(subcommand)]
    Rules(RulesArguments),
    /// Look at the project, and write a commented configuration for it
    Init(InitArguments),
    /// Print what a shell needs to complete covgap's commands
    Completions(CompletionsArguments),
    /// Print the manual page, or write those of all commands
    Man(ManArguments),
}

#[derive(Debug, Args)]
#[command(after_help = INIT_EXAMPLES)]
pub(super) struct InitArguments {
    /// The project's root [default: this folder]
    #[arg(value_hint = ValueHint::DirPath)]
    pub path: Option<PathBuf>,

    /// The file to write; `-` prints [default: pyproject.toml, if it is there, else covgap.toml]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = COMPLETIONS_EXAMPLES)]
pub(super) struct CompletionsArguments {
    pub shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
#[command(after_help = MAN_EXAMPLES)]
pub(super) struct ManArguments {
    /// The folder to write the pages of all commands to
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    /// The project's root [default: this folder]
    #[arg(value_hint = ValueHint::DirPath)]
    pub path: Option<PathBuf>,

    /// How much to print: one screen, or everything that was found
    #[arg(short, long, value_name = "FORMAT", default_value = "short")]
    pub format: CheckFormat,

    /// How many gaps to list [default: one of each of the worst kinds, as many as a screen has room for]
    #[arg(long, value_name = "N")]
    pub gaps: Option<usize>,

    /// The gates of this stage only, like `deployment`
    #[arg(long, value_name = "STAGE")]
    pub stage: Option<String>,

    /// Lowest percentages, like `http=60,errors=30`
    #[arg(long, value_name = "BAR=PERCENT", value_delimiter = ',', value_parser = lowest)]
    pub fail_under: Vec<(String, f64)>,

    /// Only what has changed since the branch left this revision
    #[arg(long, value_name = "REVISION")]
    pub changed_since: Option<String>,

    /// The file with the accepted gaps [default: covgap-baseline.json, if it is there]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub baseline: Option<PathBuf>,

    /// Take closed gaps out of the baseline instead of judging
    #[arg(long)]
    pub update_baseline: bool,

    /// Why new gaps are accepted into the baseline
    #[arg(long, value_name = "TEXT", requires = "update_baseline")]
    pub reason: Option<String>,

    /// Print one stage of the analysis instead, to see why
    #[arg(long, value_name = "STAGE")]
    pub dump: Option<Stage>,
}

#[derive(Debug, Args)]
#[command(after_help = REPORT_EXAMPLES)]
pub(super) struct ReportArguments {
    /// The project's root [default: this folder]
    #[arg(value_hint = ValueHint::DirPath)]
    pub path: Option<PathBuf>,

    /// The folder to write to; `-` prints a single report
    #[arg(short, long, value_name = "DIR", default_value = "covgap-report", value_hint = ValueHint::AnyPath)]
    pub output: PathBuf,

    /// Which reports, with commas between
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        value_delimiter = ',',
        default_value = "html"
    )]
    pub format: Vec<Format>,

    /// Draw the history from then on, and say since when gaps are open; counted back from the newest commit: `6.months`
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,

    /// How often the history is looked at: `week`, `sprint` (two weeks), `commit`, `tag`, `10.days`
    #[arg(
        long,
        value_name = "PERIOD",
        default_value = "sprint",
        requires = "since"
    )]
    pub every: String,
}

#[derive(Debug, Args)]
#[command(after_help = EXPLAIN_EXAMPLES)]
pub(super) struct ExplainArguments {
    /// A route, a test, the id of a gap, or the id of a rule
    pub what: String,

    /// The project's root [default: this folder]
    #[arg(value_hint = ValueHint::DirPath)]
    pub path: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = DIFF_EXAMPLES)]
pub(super) struct DiffArguments {
    /// A revision, a range like `main...HEAD`, or a JSON report
    pub base: String,

    /// A revision or a JSON report [default: the files on the disk]
    pub head: Option<String>,

    /// The project's root [default: this folder]
    #[arg(short = 'C', long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub project: Option<PathBuf>,

    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub format: DiffFormat,

    /// The file to write to [default: the standard output]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = TREND_EXAMPLES)]
pub(super) struct TrendArguments {
    /// The project's root [default: this folder]
    #[arg(value_hint = ValueHint::DirPath)]
    pub path: Option<PathBuf>,

    /// From when on, counted back from the newest commit: `6.months`, `2026-01-31`, `beginning`
    #[arg(long, value_name = "TIME", default_value = "6.months")]
    pub since: String,

    /// How often: `week`, `sprint` (two weeks), `commit`, `tag`, `10.days`
    #[arg(long, value_name = "PERIOD", default_value = "sprint")]
    pub every: String,

    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub format: TrendFormat,

    /// The file to write to [default: the standard output]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct MergeArguments {
    /// JSON reports
    #[arg(required = true, num_args = 1.., value_name = "REPORT", value_hint = ValueHint::FilePath)]
    pub reports: Vec<PathBuf>,

    /// The file to write to [default: the standard output]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct BaselineArguments {
    /// The project's root [default: this folder]
    #[arg(value_hint = ValueHint::DirPath)]
    pub path: Option<PathBuf>,

    /// The file to write to, from the project's root [default: covgap-baseline.json]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub baseline: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = SCAFFOLD_EXAMPLES)]
pub(super) struct ScaffoldArguments {
    /// Gaps by id, kind or priority, or routes like 'GET /items/{id}' [default: all]
    #[arg(value_name = "GAP")]
    pub gaps: Vec<String>,

    /// The project's root [default: this folder]
    #[arg(short = 'C', long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub project: Option<PathBuf>,

    /// The folder to write all files to; `-` prints them [default: beside the tests that use the same client]
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub output: Option<PathBuf>,
}

/// `http=60`.
fn lowest(text: &str) -> Result<(String, f64), String> {
    let parts = text.split_once('=');
    let percent = parts.and_then(|(_, percent)| percent.trim_end_matches('%').parse::<f64>().ok());
    match (parts, percent) {
        (Some((bar, _)), Some(percent)) if (0.0..=100.0).contains(&percent) => {
            Ok((bar.trim().to_string(), percent))
        }
        _ => Err("write a bar and its lowest percentage, like http=60".to_string()),
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum RulesArguments {
    /// List all rules, one per line
    List(ProjectArguments),
    /// Print a rule's page: why, an example, a counter-example
    Explain {
        /// The id of a rule, or a kind of gap
        rule: String,
        #[command(flatten)]
        project: ProjectArguments,
    },
    /// Run the examples and counter-examples of all rules
    Check(ProjectArguments),
}

#[derive(Debug, Args)]
pub(super) struct ProjectArguments {
    /// The project whose own rules are read, too [default: this folder]
    #[arg(value_hint = ValueHint::DirPath)]
    pub path: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct CommonArguments {
    /// A folder or file of tests; repeatable [default: what pytest would collect]
    #[arg(long, global = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub tests: Vec<PathBuf>,

    /// An app that production serves, like `app.main:app`; repeatable [default: found]
    #[arg(long, global = true, value_name = "TARGET")]
    pub app: Vec<String>,

    /// How many threads to use [default: as many as processors]
    #[arg(long, global = true, value_name = "N")]
    pub threads: Option<usize>,

    /// The configuration file [default: covgap.toml or pyproject.toml of the project]
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,

    /// Analyze this git revision instead of the files on the disk
    #[arg(long, global = true, value_name = "REVISION")]
    pub revision: Option<String>,

    /// Show gaps, too, that are only possible
    #[arg(long, global = true)]
    pub possible: bool,

    /// Analyze anew, and keep nothing for the next run
    #[arg(long, global = true)]
    pub no_cache: bool,

    /// When to use colors
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorArgument,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum ColorArgument {
    Auto,
    Always,
    Never,
}
