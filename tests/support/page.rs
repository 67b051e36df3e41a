//! A page of `tests/mdtest/`: its scenarios, each a heading, some prose and the files of a small project.
//!
//! A file is a fenced block with a title, as in ```` ```python title="app/main.py" ````. Titled blocks above the first heading
//! belong to every scenario of the page. A line `known-wrong: …` in the prose pins a known difference; lines that begin with
//! `bar http: ` or `gaps untested-route: ` say what the report shows.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub struct Page {
    pub name: String,
    pub path: PathBuf,
    pub scenarios: Vec<Scenario>,
}

#[derive(Clone, Default)]
pub struct Scenario {
    pub name: String,
    /// By path from the project's root.
    pub files: BTreeMap<String, String>,
    /// The differences that the page knows of, in its order.
    pub known_wrong: Vec<String>,
    /// `bar http: 3/5`, as id and what the bar shows.
    pub bars: Vec<(String, String)>,
    /// `gaps untested-route: none`, or places with commas between them, as kind and what it says.
    pub gaps: Vec<(String, String)>,
}

/// Every page of a folder, by name; the README is none.
pub fn load(folder: &Path) -> Vec<Page> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .filter(|path| path.file_stem().is_some_and(|stem| stem != "README"))
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| Page {
            name: path.file_stem().unwrap().to_string_lossy().into_owned(),
            scenarios: parse(&std::fs::read_to_string(&path).unwrap()),
            path,
        })
        .collect()
}

/// The scenarios of one page's text.
pub fn parse(text: &str) -> Vec<Scenario> {
    let mut shared = Scenario::default();
    let mut found: Vec<Scenario> = Vec::new();
    let mut open: Option<Block> = None;
    for line in text.lines() {
        let current = found.last_mut().unwrap_or(&mut shared);
        match open.take() {
            Some(block) if line.trim() == block.fence => block.close(current),
            Some(mut block) => {
                block.body.push_str(line);
                block.body.push('\n');
                open = Some(block);
            }
            None if line.starts_with("```") => open = Some(Block::open(line)),
            None => {
                if let Some(name) = line.strip_prefix("## ") {
                    found.push(Scenario {
                        name: name.trim().to_owned(),
                        ..shared.clone()
                    });
                } else if let Some(difference) = known_wrong(line) {
                    current.known_wrong.push(difference.to_owned());
                } else if let Some(bar) = said(line, "bar ") {
                    current.bars.push(bar);
                } else if let Some(gaps) = said(line, "gaps ") {
                    current.gaps.push(gaps);
                }
            }
        }
    }
    found
}

/// What a line of prose pins, if it does.
pub fn known_wrong(line: &str) -> Option<&str> {
    let line = line.strip_prefix("- ").unwrap_or(line);
    line.strip_prefix("known-wrong: ")
        .map(|rest| rest.trim().trim_matches('`'))
}

/// `bar http: 3/5`: the id that follows the word, and what is said of it. Prose that begins with the word alike says nothing.
fn said(line: &str, word: &str) -> Option<(String, String)> {
    let line = line.strip_prefix("- ").unwrap_or(line);
    let (id, says) = line.strip_prefix(word)?.split_once(": ")?;
    let is_id = |letter: char| letter.is_ascii_lowercase() || letter == '-';
    let says = says.trim().trim_matches('`');
    (!id.is_empty() && id.chars().all(is_id)).then(|| (id.to_owned(), says.to_owned()))
}

struct Block {
    fence: String,
    title: Option<String>,
    body: String,
}

impl Block {
    fn open(line: &str) -> Block {
        let title = line
            .split_once("title=\"")
            .and_then(|(_, rest)| rest.split_once('"'));
        Block {
            fence: line.chars().take_while(|&c| c == '`').collect(),
            title: title.map(|(title, _)| title.to_owned()),
            body: String::new(),
        }
    }

    /// A block without a title is part of the prose.
    fn close(self, scenario: &mut Scenario) {
        if let Some(title) = self.title {
            scenario.files.insert(title, self.body);
        }
    }
}

impl Scenario {
    pub fn write(&self, folder: &Path) {
        for (name, text) in &self.files {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }
}
