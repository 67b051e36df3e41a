//! Does what is asked once, when covgap comes to a project or a machine: `init`, `completions`, `man`.
//!
//! `covgap init` adds `[tool.covgap]` to the project's `pyproject.toml`, with what holds there today.

use std::path::{Path, PathBuf};

use clap::CommandFactory;

use super::arguments::Arguments;
use super::console::Console;
use super::engine::Engine;
use super::exit_codes;
use super::run::{analyze, refuse_nothing};
use crate::config::{self, ConfigFile};
use crate::report::{configuration, inert, write};
use crate::{Error, Options, source};

const OWN: &str = "covgap.toml";
const PYPROJECT: &str = "pyproject.toml";

/// Writes a commented configuration; one that is there stays as it is.
pub(super) fn init(
    options: &Options,
    output: Option<&Path>,
    engine: &Engine,
    console: &mut Console<'_>,
) -> Result<u8, Error> {
    options.refuse_revision("a configuration is")?;
    let place = place(options, output)?;
    let audit = analyze(options, engine)?;
    refuse_nothing(&audit)?;
    let added = configuration::render(&audit, place.kind);
    let Some(path) = place.path else {
        console.print(&added)?;
        return Ok(exit_codes::FINE);
    };
    write::to_file(&path, |out| {
        out.write_all(place.before.as_bytes())?;
        out.write_all(added.as_bytes())
    })?;
    console.print(&format!("wrote {}\n", inert(&path.to_string_lossy())))?;
    Ok(exit_codes::FINE)
}

/// Where the configuration goes, and what the file holds before it.
struct Place {
    /// None: the standard output.
    path: Option<PathBuf>,
    kind: ConfigFile,
    before: String,
}

fn place(options: &Options, output: Option<&Path>) -> Result<Place, Error> {
    let origin = source::open(&options.root, None)?;
    let is_pyproject = |path: &Path| path.file_name().is_some_and(|name| name == PYPROJECT);
    let name = match output {
        Some(path) if path == Path::new("-") => {
            return Ok(Place {
                path: None,
                kind: ConfigFile::Pyproject,
                before: String::new(),
            });
        }
        Some(path) => path.to_path_buf(),
        None if origin.has(OWN) => return Err(is_there(&options.root.join(OWN))),
        None if origin.has(PYPROJECT) => options.root.join(PYPROJECT),
        None => options.root.join(OWN),
    };
    if !source::is_file(&name) {
        let kind = match is_pyproject(&name) {
            true => ConfigFile::Pyproject,
            false => ConfigFile::Own,
        };
        return Ok(Place {
            path: Some(name),
            kind,
            before: String::new(),
        });
    }
    if !is_pyproject(&name) {
        return Err(is_there(&name));
    }
    let mut before = source::read_foreign(&name)
        .map_err(|why| Error::at(&name, format!("cannot be read: {why}")))?;
    if config::read(&before, &name.to_string_lossy(), ConfigFile::Pyproject)?.is_some() {
        return Err(is_there(&name));
    }
    if !before.is_empty() {
        before.push_str(if before.ends_with('\n') { "\n" } else { "\n\n" });
    }
    Ok(Place {
        path: Some(name),
        kind: ConfigFile::Pyproject,
        before,
    })
}

fn is_there(path: &Path) -> Error {
    Error::at(path, "there is a configuration already")
        .help("`covgap init -o -` prints what would be written")
}

/// Prints the script that a shell completes covgap's commands with.
pub(super) fn completions(
    shell: clap_complete::Shell,
    console: &mut Console<'_>,
) -> Result<u8, Error> {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "covgap", &mut bytes);
    console.print(&String::from_utf8_lossy(&bytes))?;
    Ok(exit_codes::FINE)
}

/// Prints the manual page; with a folder, writes it and those of all commands.
pub(super) fn manual(folder: Option<&Path>, console: &mut Console<'_>) -> Result<u8, Error> {
    let mut command = Arguments::command();
    command.build();
    let Some(folder) = folder else {
        let mut bytes = Vec::new();
        clap_mangen::Man::new(command)
            .render(&mut bytes)
            .map_err(|error| Error::new(format!("cannot write the page: {error}")))?;
        console.print(&String::from_utf8_lossy(&bytes))?;
        return Ok(exit_codes::FINE);
    };
    let mut waiting = vec![command];
    while let Some(command) = waiting.pop() {
        waiting.extend(command.get_subcommands().cloned());
        let page = clap_mangen::Man::new(command);
        let path = folder.join(page.get_filename());
        write::to_file(&path, |out| page.render(&mut &mut *out))?;
        console.print(&format!("wrote {}\n", inert(&path.to_string_lossy())))?;
    }
    Ok(exit_codes::FINE)
}
