//! The binary: hands its arguments to the library and its exit code to the shell.

use std::process::ExitCode;

use covgap::cli::{self, Console, Engine};
use covgap::{Error, Options};

fn main() -> ExitCode {
    let engine = Engine {
        analyze: covgap::analyze,
        dump: |_: &Options, _, _| Err(Error::new("this stage can't be printed")),
        rules: |_| Ok(Vec::new()),
        check_rules: |_| Err(Error::new("rules can't be checked")),
    };
    let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
    let console = Console::of_process(&mut out, &mut err);
    ExitCode::from(cli::run(std::env::args_os(), &engine, console))
}
