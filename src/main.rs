//! The binary: hands its arguments to the library and its exit code to the shell.

use std::process::ExitCode;

use covgap::cli::{self, Console, Engine};
use covgap::{Error, Options};

fn main() -> ExitCode {
    let engine = Engine {
        analyze: |_: &Options| Err(not_built_yet()),
        dump: |_, _, _| Err(not_built_yet()),
        rules: |_| Ok(Vec::new()),
        check_rules: |_| Err(not_built_yet()),
    };
    let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
    let console = Console::of_process(&mut out, &mut err);
    ExitCode::from(cli::run(std::env::args_os(), &engine, console))
}

fn not_built_yet() -> Error {
    Error::new("the analysis is not built yet")
}
