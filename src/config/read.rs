//! Text of a `pyproject.toml` or a `covgap.toml` → [`Config`]; an unknown key or a wrong type is an error with its line.
//!
//! ```text
//! [tool.covgap]
//! test = ["e2e"]        # error: unknown key `test` … help: did you mean `tests`?
//! tests = 3             # error: `tests` must be a list of strings, and it is an integer
//! ```

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Config, Error, WaiverSettings};

/// Which of the two files the text is: the keys are below `[tool.covgap]` in one, and at the top of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfigFile {
    /// `pyproject.toml`.
    Pyproject,
    /// `covgap.toml`.
    Own,
}

/// The keys of one file, in the order in which they are suggested.
const KEYS: [&str; 11] = [
    "app",
    "tests",
    "exclude",
    "include",
    "rules",
    "services",
    "weights",
    "fail-under",
    "gates",
    "waivers",
    "baseline",
];

/// Reads the config out of a file's text. `path` is only for messages. `None`: a `pyproject.toml` that does not mention covgap.
pub fn read(text: &str, path: &str, kind: ConfigFile) -> Result<Option<Config>, Error> {
    let place = Place { text, path };
    let document = DeTable::parse(text).map_err(|error| place.not_toml(&error))?;
    let root = document.get_ref();
    let table = match kind {
        ConfigFile::Own => Some(root),
        ConfigFile::Pyproject => match root.get("tool").map(Spanned::get_ref) {
            Some(DeValue::Table(tool)) => match tool.get("covgap") {
                Some(value) => Some(place.table(value, "tool.covgap")?),
                None => None,
            },
            _ => None,
        },
    };
    let Some(table) = table else { return Ok(None) };
    let mut config = Config {
        written_in: Some(path.to_string()),
        ..Config::default()
    };
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        match name {
            "app" => config.app = place.strings(value, name)?,
            "tests" => config.tests = place.strings(value, name)?,
            "exclude" => config.exclude = place.strings(value, name)?,
            "include" => config.include = place.strings(value, name)?,
            "rules" => config.rules = place.strings(value, name)?,
            "services" => config.services = place.strings(value, name)?,
            "weights" => config.weights = place.numbers(value, name)?,
            "fail-under" => config.fail_under = place.numbers(value, name)?,
            "gates" => config.gates = place.gates(value)?,
            "waivers" => config.waivers = place.waivers(value)?,
            "baseline" => config.baseline = Some(place.string(value, name)?),
            _ => return Err(place.unknown_key(name, key.span().start)),
        }
    }
    Ok(Some(config))
}

/// What is wrong with a text that should be TOML, if anything is.
pub fn toml_error(text: &str, path: &str) -> Option<Error> {
    let error = DeTable::parse(text).err()?;
    Some(Place { text, path }.not_toml(&error))
}

/// Where values stand, for messages.
struct Place<'text> {
    text: &'text str,
    path: &'text str,
}

type Value<'text> = Spanned<DeValue<'text>>;

impl<'text> Place<'text> {
    fn line(&self, offset: usize) -> usize {
        let before = self.text.as_bytes().iter().take(offset);
        before.filter(|byte| **byte == b'\n').count() + 1
    }

    fn not_toml(&self, error: &toml::de::Error) -> Error {
        let line = error.span().map_or(1, |span| self.line(span.start));
        Error::at(self.path, format!("not valid TOML: {}", error.message())).on_line(line)
    }

    fn unknown_key(&self, name: &str, offset: usize) -> Error {
        let error =
            Error::at(self.path, format!("unknown key `{name}`")).on_line(self.line(offset));
        match nearest(name, &KEYS) {
            Some(known) => error.help(format!("did you mean `{known}`?")),
            None => error.help(format!("the keys are {}", KEYS.join(", "))),
        }
    }

    fn wrong_type(&self, value: &Value, name: &str, expected: &str, example: &str) -> Error {
        let found = match value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a float",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        Error::at(
            self.path,
            format!("`{name}` must be {expected}, and it is {found}"),
        )
        .on_line(self.line(value.span().start))
        .help(format!("for example `{example}`"))
    }

    fn table<'value>(
        &self,
        value: &'value Value<'text>,
        name: &str,
    ) -> Result<&'value DeTable<'text>, Error> {
        match value.get_ref() {
            DeValue::Table(table) => Ok(table),
            _ => Err(self.wrong_type(value, name, "a table", &format!("[{name}]"))),
        }
    }

    /// A list of strings; a single string stands for a list of one.
    fn strings(&self, value: &Value, name: &str) -> Result<Vec<String>, Error> {
        let wrong = |value: &Value| {
            self.wrong_type(
                value,
                name,
                "a list of strings",
                &format!("{name} = [\"…\"]"),
            )
        };
        match value.get_ref() {
            DeValue::String(text) => Ok(vec![text.to_string()]),
            DeValue::Array(items) => items
                .iter()
                .map(|item| match item.get_ref() {
                    DeValue::String(text) => Ok(text.to_string()),
                    _ => Err(wrong(item)),
                })
                .collect(),
            _ => Err(wrong(value)),
        }
    }

    fn numbers(&self, value: &Value<'text>, name: &str) -> Result<BTreeMap<String, f64>, Error> {
        let mut numbers = BTreeMap::new();
        for (key, value) in self.table(value, name)? {
            let written = match value.get_ref() {
                DeValue::Integer(number) => number.as_str().replace('_', "").parse::<f64>().ok(),
                DeValue::Float(number) => number.as_str().replace('_', "").parse::<f64>().ok(),
                _ => None,
            };
            let path = format!("{name}.{}", key.get_ref());
            let number = written
                .filter(|number| number.is_finite())
                .ok_or_else(|| self.wrong_type(value, &path, "a number", "80"))?;
            numbers.insert(key.get_ref().to_string(), number);
        }
        Ok(numbers)
    }

    fn gates(
        &self,
        value: &Value<'text>,
    ) -> Result<BTreeMap<String, BTreeMap<String, Vec<String>>>, Error> {
        let mut gates = BTreeMap::new();
        for (stage, conditions) in self.table(value, "gates")? {
            let stage_name = format!("gates.{}", stage.get_ref());
            let mut stage_conditions = BTreeMap::new();
            for (condition, value) in self.table(conditions, &stage_name)? {
                let path = format!("{stage_name}.{}", condition.get_ref());
                let written = self.plain_values(value, &path)?;
                stage_conditions.insert(condition.get_ref().to_string(), written);
            }
            gates.insert(stage.get_ref().to_string(), stage_conditions);
        }
        Ok(gates)
    }

    fn string(&self, value: &Value, name: &str) -> Result<String, Error> {
        match value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => Ok(text.to_string()),
            _ => Err(self.wrong_type(
                value,
                name,
                "a string that says something",
                &format!("{name} = \"…\""),
            )),
        }
    }

    /// Each needs all of its keys: a waiver that nobody answers for, or that never ends, is none.
    fn waivers(&self, value: &Value<'text>) -> Result<Vec<WaiverSettings>, Error> {
        let DeValue::Array(items) = value.get_ref() else {
            return Err(self.wrong_type(
                value,
                "waivers",
                "a list of tables",
                "[[tool.covgap.waivers]]",
            ));
        };
        let mut waivers = Vec::new();
        for item in items {
            let table = self.table(item, "waivers")?;
            let mut waiver = WaiverSettings {
                line: self.line(item.span().start),
                ..WaiverSettings::default()
            };
            for (key, value) in table {
                let name = key.get_ref().as_ref();
                let place = match name {
                    "gap" => &mut waiver.gap,
                    "reason" => &mut waiver.reason,
                    "owner" => &mut waiver.owner,
                    "expires" => &mut waiver.expires,
                    _ => {
                        return Err(self
                            .unknown_key(name, key.span().start)
                            .help("a waiver has the keys gap, reason, owner and expires"));
                    }
                };
                *place = self.string(value, &format!("waivers.{name}"))?;
            }
            let keys = [
                ("gap", &waiver.gap),
                ("reason", &waiver.reason),
                ("owner", &waiver.owner),
                ("expires", &waiver.expires),
            ];
            if let Some((key, _)) = keys.iter().find(|(_, value)| value.is_empty()) {
                return Err(
                    Error::at(self.path, format!("a waiver does not say its `{key}`"))
                        .on_line(waiver.line)
                        .help("a waiver has the keys gap, reason, owner and expires"),
                );
            }
            waivers.push(waiver);
        }
        Ok(waivers)
    }

    /// A number, string, boolean, or a list of them, as written.
    fn plain_values(&self, value: &Value, name: &str) -> Result<Vec<String>, Error> {
        match value.get_ref() {
            DeValue::Array(items) => {
                let lists = items.iter().map(|item| self.plain_values(item, name));
                Ok(lists.collect::<Result<Vec<_>, _>>()?.concat())
            }
            DeValue::String(text) => Ok(vec![text.to_string()]),
            DeValue::Integer(number) => Ok(vec![number.as_str().to_string()]),
            DeValue::Float(number) => Ok(vec![number.as_str().to_string()]),
            DeValue::Boolean(answer) => Ok(vec![answer.to_string()]),
            DeValue::Datetime(_) | DeValue::Table(_) => {
                Err(self.wrong_type(value, name, "a number, a string or a list of them", "80"))
            }
        }
    }
}

/// The known name that a misspelled one most likely means: at most a third of its letters differ.
pub fn nearest<'known>(written: &str, known: &[&'known str]) -> Option<&'known str> {
    let distances = known
        .iter()
        .map(|candidate| (strsim::levenshtein(written, candidate), *candidate));
    let (distance, candidate) = distances.min()?;
    (distance <= candidate.len().max(3) / 3).then_some(candidate)
}

#[cfg(test)]
mod tests {
    use super::{ConfigFile, nearest, read};

    fn own(text: &str) -> String {
        match read(text, "covgap.toml", ConfigFile::Own) {
            Ok(config) => format!("{config:?}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_pyproject_without_covgap_says_nothing() {
        let text = "[tool.black]\nline-length = 100\n";
        assert_eq!(
            read(text, "pyproject.toml", ConfigFile::Pyproject),
            Ok(None)
        );
    }

    #[test]
    fn reads_every_key() {
        let text = r#"
[tool.covgap]
app = "main:app"
tests = ["tests", 'e2e']
exclude = ["scripts/"]
include = ["archive/live"]
rules = ["rules.toml"]
services = ["Service"]
[tool.covgap.weights]
behavior = 0.75
[tool.covgap.fail-under]
http-endpoints = 80
[tool.covgap.gates.release]
http-endpoints = 100
kinds = ["untested-route", "doubled-route"]
strict = true
"#;
        let config = read(text, "pyproject.toml", ConfigFile::Pyproject)
            .unwrap()
            .unwrap();
        assert_eq!(config.app, ["main:app"]);
        assert_eq!(config.tests, ["tests", "e2e"]);
        assert_eq!(config.fail_under["http-endpoints"], 80.0);
        assert_eq!(config.weights["behavior"], 0.75);
        assert_eq!(config.gates["release"]["http-endpoints"], ["100"]);
        assert_eq!(
            config.gates["release"]["kinds"],
            ["untested-route", "doubled-route"]
        );
        assert_eq!(config.gates["release"]["strict"], ["true"]);
        assert_eq!(config.written_in.as_deref(), Some("pyproject.toml"));
    }

    #[test]
    fn mistakes_have_a_line_and_a_help() {
        let cases = [
            (
                "app = []\ntest = [\"e2e\"]\n",
                "error: unknown key `test`\n  --> covgap.toml:2\n  help: did you mean `tests`?",
            ),
            (
                "\n\nzebra = 1\n",
                "error: unknown key `zebra`\n  --> covgap.toml:3\n  help: the keys are app, tests, exclude, include, rules, services, weights, fail-under, gates, waivers, baseline",
            ),
            (
                "tests = 3\n",
                "error: `tests` must be a list of strings, and it is an integer\n  --> covgap.toml:1\n  help: for example `tests = [\"…\"]`",
            ),
            (
                "tests = [\n  \"a\",\n  4,\n]\n",
                "error: `tests` must be a list of strings, and it is an integer\n  --> covgap.toml:3\n  help: for example `tests = [\"…\"]`",
            ),
            (
                "[fail-under]\nhttp = \"80%\"\n",
                "error: `fail-under.http` must be a number, and it is a string\n  --> covgap.toml:2\n  help: for example `80`",
            ),
            (
                "gates = 1\n",
                "error: `gates` must be a table, and it is an integer\n  --> covgap.toml:1\n  help: for example `[gates]`",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(own(text), expected, "{text}");
        }
        let broken = own("app = [\n");
        assert!(
            broken.starts_with("error: not valid TOML: ") && broken.contains("covgap.toml:"),
            "{broken}"
        );
    }

    #[test]
    fn suggests_what_is_near() {
        let known = ["tests", "exclude", "fail-under"];
        let cases = [
            ("test", Some("tests")),
            ("excludes", Some("exclude")),
            ("fail_under", Some("fail-under")),
            ("zebra", None),
        ];
        for (written, expected) in cases {
            assert_eq!(nearest(written, &known), expected, "{written}");
        }
    }
}
