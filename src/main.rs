//! The binary: hands its arguments to the library and its exit code to the shell.

use std::process::ExitCode;

use covgap::cli::{self, Console, Engine};

fn main() -> ExitCode {
    let engine = Engine {
        analyze: covgap::analyze::analyze_at_last,
        dump: covgap::dump,
        compare: covgap::compare::compare,
        trend: covgap::curve::trend,
        baseline: covgap::gate::baseline_today,
        rules: covgap::knowledge::rule_pages,
        check_rules: covgap::knowledge::check_rules,
    };
    let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
    let console = Console::of_process(&mut out, &mut err);
    ExitCode::from(cli::run(std::env::args_os(), &engine, console))
}
