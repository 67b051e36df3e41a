//! The bench: covgap beside the floor, which is the bare parallel parse of the same Python files.
//!
//! `cargo bench --bench floor` measures `tests/corpus/shop`; folders as arguments or in `COVGAP_CORPORA` are measured instead.
//! Every run is a process of its own, floor and covgap by turns; the table shows medians and the ratio to the floor.

#![allow(clippy::print_stdout)] // a table on a terminal is what it is for

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use covgap::config::Config;
use nix::sys::resource::{UsageWho, getrusage};
use rayon::prelude::*;

/// Pairs of runs of each corpus, unless `COVGAP_BENCH_PAIRS` says another number.
const PAIRS: usize = 5;

/// What one process cost.
#[derive(Clone, Copy)]
struct Cost {
    /// User and system time of all threads, in seconds.
    processor: f64,
    wall: f64,
    /// Peak memory in MB.
    memory: f64,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("--floor") => parse_all(Path::new(&arguments[1]), Path::new(&arguments[2])),
        Some("--measure") => measure_child(&arguments[1..]),
        _ => compare(&corpora(&arguments)),
    }
}

fn corpora(arguments: &[String]) -> Vec<PathBuf> {
    let named: Vec<PathBuf> = arguments
        .iter()
        .filter(|argument| !argument.starts_with("--"))
        .map(PathBuf::from)
        .collect();
    if !named.is_empty() {
        return named;
    }
    if let Some(folder) = std::env::var_os("COVGAP_CORPORA") {
        let mut found: Vec<PathBuf> = std::fs::read_dir(&folder)
            .expect("COVGAP_CORPORA is a folder")
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.is_dir())
            .collect();
        found.sort();
        return found;
    }
    vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/shop")]
}

fn compare(corpora: &[PathBuf]) -> ExitCode {
    let pairs = std::env::var("COVGAP_BENCH_PAIRS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(PAIRS);
    println!(
        "{:<24} {:>5} {:>6} {:>8} {:>8} {:>7} {:>9} {:>8} {:>6}",
        "corpus", "files", "MB", "floor s", "covgap s", "ratio", "wall/CPU", "peak MB", "exit"
    );
    for corpus in corpora {
        match one(corpus, pairs) {
            Ok(line) => println!("{line}"),
            Err(says) => println!("{:<24} {says}", name(corpus)),
        }
    }
    ExitCode::SUCCESS
}

fn name(corpus: &Path) -> String {
    let name = corpus.file_name().unwrap_or(corpus.as_os_str());
    name.to_string_lossy().into_owned()
}

fn one(corpus: &Path, pairs: usize) -> Result<String, String> {
    let files = files_of(corpus)?;
    let bytes: u64 = files
        .iter()
        .filter_map(|path| std::fs::metadata(path).ok())
        .map(|metadata| metadata.len())
        .sum();
    let list = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
    let spelled: Vec<String> = files
        .iter()
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    std::fs::write(list.path(), spelled.join("\n")).map_err(|error| error.to_string())?;
    let this = std::env::current_exe().map_err(|error| error.to_string())?;
    let (this, root) = (this.to_string_lossy(), corpus.to_string_lossy());
    let list = list.path().to_string_lossy();
    let floor = [&*this, "--floor", &*root, &*list];
    let covgap = [
        env!("CARGO_BIN_EXE_covgap"),
        "report",
        &*root,
        "--format",
        "json",
        "-o",
        "-",
    ];
    let (mut floors, mut wholes, mut exit) = (Vec::new(), Vec::new(), 0);
    for _ in 0..pairs {
        floors.push(measure(&this, &floor)?.0);
        let (cost, code) = measure(&this, &covgap)?;
        wholes.push(cost);
        exit = code;
    }
    let floor = median(&floors, |cost| cost.processor);
    let whole = median(&wholes, |cost| cost.processor);
    let mut ratios: Vec<f64> = floors
        .iter()
        .zip(&wholes)
        .map(|(floor, whole)| whole.processor / floor.processor)
        .collect();
    ratios.sort_by(f64::total_cmp);
    Ok(format!(
        "{:<24} {:>5} {:>6.1} {:>8.3} {:>8.3} {:>7.2} {:>9.2} {:>8.0} {:>6}",
        name(corpus),
        files.len(),
        bytes as f64 / 1e6,
        floor,
        whole,
        ratios[ratios.len() / 2],
        median(&wholes, |cost| cost.wall / cost.processor),
        median(&wholes, |cost| cost.memory),
        exit,
    ))
}

fn median(costs: &[Cost], of: impl Fn(&Cost) -> f64) -> f64 {
    let mut values: Vec<f64> = costs.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The Python files that covgap takes.
fn files_of(corpus: &Path) -> Result<Vec<PathBuf>, String> {
    let origin = covgap::source::open(corpus, None).map_err(|error| error.to_string())?;
    let config = covgap::source::configure(&origin, None, Config::default())
        .map_err(|error| error.to_string())?;
    let sources = covgap::source::discover(origin, &config).map_err(|error| error.to_string())?;
    let paths = sources
        .ids()
        .map(|file| sources.root.join(sources.path(file)));
    Ok(paths.collect())
}

/// Lets a process of its own run the command, so that what it cost is known: user and system time, wall time, peak memory.
fn measure(this: &str, command: &[&str]) -> Result<(Cost, i32), String> {
    let output = Command::new(this)
        .arg("--measure")
        .args(command)
        .output()
        .map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    let numbers: Vec<f64> = text
        .split_whitespace()
        .filter_map(|number| number.parse().ok())
        .collect();
    let [processor, wall, memory, exit] = numbers[..] else {
        return Err(format!("not measured: {text}"));
    };
    let cost = Cost {
        processor,
        wall,
        memory,
    };
    Ok((cost, exit as i32))
}

fn measure_child(command: &[String]) -> ExitCode {
    let start = Instant::now();
    let status = Command::new(&command[0])
        .args(&command[1..])
        .env("COVGAP_CACHE", "off")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the measured command starts");
    let wall = start.elapsed().as_secs_f64();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the system tells what children used");
    let seconds =
        |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    let processor = seconds(usage.user_time()) + seconds(usage.system_time());
    let memory = usage.max_rss() as f64 / 1024.0;
    println!(
        "{processor} {wall} {memory} {}",
        status.code().unwrap_or(-1)
    );
    ExitCode::SUCCESS
}

/// The floor: walks the folder, reads the listed files and parses each; the tree is dropped, the parser of a thread reused.
fn parse_all(root: &Path, list: &Path) -> ExitCode {
    let root = root.canonicalize().expect("the corpus is a folder");
    let list = std::fs::read_to_string(list).expect("the list of files can be read");
    let wanted: std::collections::HashSet<&Path> = list.lines().map(Path::new).collect();
    let files: Vec<PathBuf> = walkdir::WalkDir::new(root)
        .into_iter()
        .filter_map(|entry| Some(entry.ok()?.into_path()))
        .filter(|path| wanted.contains(path.as_path()))
        .collect();
    thread_local! {
        static PARSER: RefCell<tree_sitter::Parser> = RefCell::new({
            let mut parser = tree_sitter::Parser::new();
            let language = tree_sitter_python::LANGUAGE.into();
            parser.set_language(&language).expect("the grammar fits the parser");
            parser
        });
    }
    let parsed = files
        .par_iter()
        .filter(|path| {
            let Ok(text) = std::fs::read(path) else {
                return false;
            };
            PARSER.with_borrow_mut(|parser| parser.parse(&text, None).is_some())
        })
        .count();
    if parsed == 0 {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
