//! Rules by which a gateway sends requests to a container, as labels of the container say them.
//!
//! ```yaml
//! services:
//!   api:
//!     labels: ["traefik.http.routers.api.rule=PathPrefix(`/api`) && !Path(`/api/secret`)"]
//! ```
//! Source: <https://doc.traefik.io/traefik/reference/routing-configuration/http/routing/rules-and-priority/>. Which labels, and what the
//! functions of a rule are called, is data: `rules/environments.toml`. What else a rule asks (a method, a header, a pattern) is not known.

use super::hosts::{GatewayWords, RULES, UNKNOWN};
use super::yaml::Node;

/// Rules nest this deep at most.
const DEEPEST: usize = 16;

/// One rule of a container.
#[derive(Debug, Clone)]
pub struct Lead {
    pub line: u32,
    pub rule: Rule,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    Path(String),
    Prefix(String),
    /// A name that only this machine knows: who comes from elsewhere asks for another.
    Here,
    Unknown,
    Not(Box<Rule>),
    All(Vec<Rule>),
    Any(Vec<Rule>),
}

impl Rule {
    /// Does it take requests to a route? Not known where a parameter decides, or a rule that is not read.
    pub fn takes(&self, path: &str) -> Option<bool> {
        match self {
            Rule::Path(own) => match path.split_once('{') {
                None => Some(path == own),
                Some((before, _)) if own.starts_with(before) => None,
                Some(_) => Some(false),
            },
            Rule::Prefix(own) => match path.split_once('{') {
                Some((before, _)) if before.len() < own.len() && own.starts_with(before) => None,
                Some(_) | None => Some(path.starts_with(own.as_str())),
            },
            Rule::Here => Some(false),
            Rule::Unknown => None,
            Rule::Not(rule) => rule.takes(path).map(|takes| !takes),
            Rule::All(rules) => decided(rules, path, false),
            Rule::Any(rules) => decided(rules, path, true),
        }
    }
}

/// One rule that answers so decides; else one that is not known leaves all open.
fn decided(rules: &[Rule], path: &str, decisive: bool) -> Option<bool> {
    let answers: Vec<Option<bool>> = rules.iter().map(|rule| rule.takes(path)).collect();
    if answers.contains(&Some(decisive)) {
        return Some(decisive);
    }
    (!answers.contains(&None)).then_some(!decisive)
}

/// What leads to a service, and whether something on the way changes paths: then no rule says what the service is asked for.
pub(super) fn read(service: &Node) -> (Vec<Lead>, bool) {
    let words = &RULES.gateways;
    let mut leads = Vec::new();
    let mut changes_paths = false;
    let deploy = service.get("deploy").and_then(|node| node.get("labels"));
    for node in [service.get("labels"), deploy].into_iter().flatten() {
        for (key, value, line) in super::composition::labels(node) {
            let lower = key.to_lowercase();
            changes_paths |= words
                .changing
                .iter()
                .any(|word| lower.contains(word.as_str()));
            let is_rule = words
                .beginnings
                .iter()
                .any(|begin| lower.starts_with(begin.as_str()));
            if is_rule && words.ends.iter().any(|end| lower.ends_with(end.as_str())) {
                let rule = Reader::new(words, &value).rule();
                leads.push(Lead { line, rule });
            }
        }
    }
    (leads, changes_paths)
}

struct Reader<'a> {
    words: &'a GatewayWords,
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn new(words: &'a GatewayWords, text: &'a str) -> Reader<'a> {
        Reader { words, rest: text }
    }

    fn rule(mut self) -> Rule {
        let rule = self.any(0);
        self.skip();
        if self.rest.is_empty() {
            rule
        } else {
            Rule::Unknown
        }
    }

    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn takes(&mut self, sign: &str) -> bool {
        self.skip();
        let rest = self.rest.strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn any(&mut self, depth: usize) -> Rule {
        let mut rules = vec![self.all(depth)];
        while self.takes("||") {
            rules.push(self.all(depth));
        }
        one_or(rules, Rule::Any)
    }

    fn all(&mut self, depth: usize) -> Rule {
        let mut rules = vec![self.one(depth)];
        while self.takes("&&") {
            rules.push(self.one(depth));
        }
        one_or(rules, Rule::All)
    }

    fn one(&mut self, depth: usize) -> Rule {
        if depth > DEEPEST {
            self.rest = "";
            return Rule::Unknown;
        }
        if self.takes("!") {
            return Rule::Not(Box::new(self.one(depth + 1)));
        }
        if self.takes("(") {
            let rule = self.any(depth + 1);
            return if self.takes(")") { rule } else { Rule::Unknown };
        }
        self.function()
    }

    /// ``PathPrefix(`/api`, `/v1`)``: any of its arguments.
    fn function(&mut self) -> Rule {
        self.skip();
        let Some((name, rest)) = self.rest.split_once('(') else {
            self.rest = "";
            return Rule::Unknown;
        };
        self.rest = rest;
        let mut arguments = Vec::new();
        loop {
            self.skip();
            let quote = self
                .rest
                .chars()
                .next()
                .filter(|sign| "`\"'".contains(*sign));
            let Some(quote) = quote else { break };
            let Some((argument, rest)) = self.rest[1..].split_once(quote) else {
                self.rest = "";
                return Rule::Unknown;
            };
            arguments.push(argument);
            self.rest = rest;
            if !self.takes(",") {
                break;
            }
        }
        if !self.takes(")") {
            self.rest = "";
            return Rule::Unknown;
        }
        let rules = arguments
            .into_iter()
            .map(|argument| self.of(name.trim(), argument));
        let rules: Vec<Rule> = rules.collect();
        match rules.is_empty() {
            true => Rule::Unknown,
            false => one_or(rules, Rule::Any),
        }
    }

    fn of(&self, name: &str, argument: &str) -> Rule {
        let is = |names: &[String]| names.iter().any(|one| one.eq_ignore_ascii_case(name));
        let ends_here = |end: &String| argument.ends_with(end.as_str());
        if argument.contains(['{', '$', UNKNOWN]) {
            return Rule::Unknown;
        }
        if is(&self.words.paths) {
            return Rule::Path(argument.to_string());
        }
        if is(&self.words.prefixes) {
            return Rule::Prefix(argument.to_string());
        }
        match is(&self.words.hosts) && self.words.here.iter().any(ends_here) {
            true => Rule::Here,
            false => Rule::Unknown,
        }
    }
}

fn one_or(mut rules: Vec<Rule>, several: fn(Vec<Rule>) -> Rule) -> Rule {
    match rules.len() {
        1 => rules.pop().unwrap_or(Rule::Unknown),
        _ => several(rules),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_take_paths() {
        let case = |rule: &str, path: &str, expected: Option<bool>| {
            let rule = Reader::new(&RULES.gateways, rule).rule();
            assert_eq!(rule.takes(path), expected, "{rule:?} {path}");
        };
        case("PathPrefix(`/api`)", "/api/items", Some(true));
        case("PathPrefix(`/api`)", "/health", Some(false));
        case("PathPrefix(`/api/items`)", "/api/{name}", None);
        case("PathPrefix(`/api`)", "/api/{name}", Some(true));
        case("!PathPrefix(`/api`)", "/health", Some(true));
        case("Path(`/ws`)", "/ws/{room}", Some(false));
        case("Path(`/ws/1`)", "/ws/{room}", None);
        case(
            "Host(`api.localhost`) || PathPrefix(`/api`)",
            "/health",
            Some(false),
        );
        case(
            "Host(`api.example.org`) || PathPrefix(`/api`)",
            "/health",
            None,
        );
        case(
            "Host(`api.example.org`) && PathPrefix(`/api`)",
            "/health",
            Some(false),
        );
        case(
            "(Path(`/a`) || PathPrefix(`/b`, `/c`)) && !Path(`/c/d`)",
            "/c/e",
            Some(true),
        );
        case(
            "(Path(`/a`) || PathPrefix(`/b`, `/c`)) && !Path(`/c/d`)",
            "/c/d",
            Some(false),
        );
        case("Method(`GET`)", "/a", None);
        case("PathPrefix(`/a`", "/a", None);
        case("PathPrefix(/a)", "/a", None);
        case("", "/a", None);
        case(&"!(".repeat(10_000), "/a", None);
    }
}
