//! The two streams that a person or a pipe reads, and what they can show.
//!
//! `covgap | less` is a console without colors and 120 cells wide, or as wide as `COLUMNS` says.

use std::io::Write;

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

use super::arguments::ColorArgument;
use crate::Error;
use crate::report::{inert, write};

const WIDTH_WITHOUT_TERMINAL: usize = 120;

/// Where text goes.
pub struct Console<'a> {
    pub out: &'a mut dyn Write,
    pub err: &'a mut dyn Write,
    /// Never `Auto`: it is resolved before.
    pub out_colors: ColorChoice,
    pub err_colors: ColorChoice,
    /// Cells of a line of `out`.
    pub width: usize,
}

impl<'a> Console<'a> {
    /// The process's own streams. `NO_COLOR` and its kin decide with the kind of stream.
    pub fn of_process(out: &'a mut std::io::Stdout, err: &'a mut std::io::Stderr) -> Console<'a> {
        Console {
            out_colors: AutoStream::choice(&*out),
            err_colors: AutoStream::choice(&*err),
            width: terminal_size::terminal_size_of(&*out)
                .map(|(width, _)| usize::from(width.0))
                .or_else(columns)
                .unwrap_or(WIDTH_WITHOUT_TERMINAL),
            out,
            err,
        }
    }

    pub(super) fn choose(&mut self, color: ColorArgument) {
        let choice = match color {
            ColorArgument::Auto => return,
            ColorArgument::Always => ColorChoice::Always,
            ColorArgument::Never => ColorChoice::Never,
        };
        self.out_colors = choice;
        self.err_colors = choice;
    }

    /// Prints to the standard output text that may hold styles.
    pub(super) fn print(&mut self, text: &str) -> Result<(), Error> {
        let text = shown(text, self.out_colors);
        write::to_stream(self.out, |out| out.write_all(text.as_bytes()))
    }

    /// Prints to the standard error. When that is gone there is nobody left to tell.
    pub(super) fn complain(&mut self, text: &str) {
        let text = shown(text, self.err_colors);
        let _ = self.err.write_all(text.as_bytes());
    }

    pub(super) fn complain_of(&mut self, error: &Error) {
        let red = AnsiColor::Red.on_default().bold();
        let blue = AnsiColor::Blue.on_default().bold();
        let cyan = AnsiColor::Cyan.on_default().bold();
        let line = |style: Style, label: &str, text: &str| {
            format!("{style}{label}{style:#} {}\n", inert(text))
        };
        let mut text = line(red, "error:", &error.says);
        if let Some(place) = error.place() {
            text += &line(blue, "  -->", &place);
        }
        if let Some(help) = &error.help {
            text += &line(cyan, "  help:", help);
        }
        self.complain(&text);
    }
}

/// What a shell or a job says of its lines, where the stream is no terminal. Source: POSIX, "Environment Variables".
fn columns() -> Option<usize> {
    let columns = std::env::var("COLUMNS").ok()?;
    columns.parse().ok().filter(|columns| *columns > 0)
}

fn shown(text: &str, colors: ColorChoice) -> String {
    match colors {
        ColorChoice::Never => anstream::adapter::strip_str(text).to_string(),
        ColorChoice::Auto | ColorChoice::Always | ColorChoice::AlwaysAnsi => text.to_owned(),
    }
}
