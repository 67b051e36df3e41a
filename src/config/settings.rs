//! The keys a project can set, as they were written.
//!
//! ```toml
//! [tool.covgap]
//! app = ["backend.main:app"]       # what production serves
//! tests = ["tests", "e2e"]         # as `pytest tests e2e` would be told
//! exclude = ["scripts/"]           # like lines of a .gitignore
//! services = ["Service", "Client"] # class names that end so do the project's work
//!
//! [tool.covgap.weights]
//! http-endpoints = 2.0
//! [tool.covgap.fail-under]
//! http-endpoints = 80
//! [tool.covgap.gates.release]
//! websocket-endpoints = 100
//! ```

use std::collections::BTreeMap;

/// What one project wants. The default is what a project gets that says nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Config {
    /// Served apps: `module:attribute`, or the path of a file.
    pub app: Vec<String>,
    /// Folders, files and node ids to hand to pytest, from the project's root; empty: what pytest finds by itself.
    pub tests: Vec<String>,
    /// Paths to leave out, written like lines of a `.gitignore`.
    pub exclude: Vec<String>,
    /// Paths to take although something would leave them out, written the same way.
    pub include: Vec<String>,
    /// Files and folders with the project's own rules.
    pub rules: Vec<String>,
    /// Endings of class names that do the project's work; empty: the built-in ones.
    pub services: Vec<String>,
    /// Weight of a bar or a side in the totals, by id.
    pub weights: BTreeMap<String, f64>,
    /// Lowest percentage allowed, by bar.
    pub fail_under: BTreeMap<String, f64>,
    /// Stage → condition → its values, as written (`release → http-endpoints → ["80"]`).
    pub gates: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// Gaps that somebody answers for.
    pub waivers: Vec<WaiverSettings>,
    /// The file with the accepted gaps, from the project's root.
    pub baseline: Option<String>,
    /// The file this came from, relative to the project's root.
    pub written_in: Option<String>,
}

/// A waiver, as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WaiverSettings {
    /// The id of a gap, or a pattern of ids.
    pub gap: String,
    pub reason: String,
    pub owner: String,
    /// The last day on which it holds.
    pub expires: String,
    /// Where it stands, from 1.
    pub line: usize,
}

impl Config {
    /// This config with what the command line says on top: a list or table that is not empty there replaces the one here.
    pub fn with(mut self, command_line: Self) -> Self {
        replace_list(&mut self.app, command_line.app);
        replace_list(&mut self.tests, command_line.tests);
        replace_list(&mut self.exclude, command_line.exclude);
        replace_list(&mut self.include, command_line.include);
        replace_list(&mut self.rules, command_line.rules);
        replace_list(&mut self.services, command_line.services);
        self.weights.extend(command_line.weights);
        self.fail_under.extend(command_line.fail_under);
        self.gates.extend(command_line.gates);
        self
    }
}

fn replace_list(ours: &mut Vec<String>, theirs: Vec<String>) {
    if !theirs.is_empty() {
        *ours = theirs;
    }
}

#[cfg(test)]
mod tests {
    use super::Config;

    #[test]
    fn the_command_line_wins() {
        let file = Config {
            app: vec!["a:app".into()],
            tests: vec!["tests".into()],
            fail_under: [("http".to_string(), 50.0), ("ws".to_string(), 10.0)].into(),
            ..Config::default()
        };
        let typed = Config {
            tests: vec!["e2e".into()],
            fail_under: [("http".to_string(), 80.0)].into(),
            ..Config::default()
        };
        let both = file.with(typed);
        assert_eq!(both.app, ["a:app"]);
        assert_eq!(both.tests, ["e2e"]);
        assert_eq!(
            both.fail_under,
            [("http".to_string(), 80.0), ("ws".to_string(), 10.0)].into()
        );
    }
}
