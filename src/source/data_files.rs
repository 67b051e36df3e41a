//! Data files of the project: what a JSON, TOML or YAML text says, as a tree.
//!
//! `{"prefix": "/api", "ports": [80]}` is a map of a text and a list. Tests are parametrized with such files, and applications are
//! configured with them.

use super::yaml;

/// More values than this are data that nobody's routes come from.
const MOST_VALUES: usize = 5_000;

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    Nothing,
    Truth(bool),
    Number(i64),
    Real(f64),
    Text(String),
    List(Vec<Data>),
    /// In order of appearance, where the format keeps it.
    Map(Vec<(String, Data)>),
    /// A number with a fraction, a date.
    Other,
}

/// The languages of data files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Json,
    Toml,
    Yaml,
}

impl Format {
    /// By the name that models call it.
    pub fn named(name: &str) -> Option<Format> {
        match name {
            "json" => Some(Format::Json),
            "toml" => Some(Format::Toml),
            "yaml" => Some(Format::Yaml),
            _ => None,
        }
    }
}

/// What the text says. None: it is not of this format, or says too much.
pub fn parse(format: Format, text: &str) -> Option<Data> {
    let mut left = MOST_VALUES;
    match format {
        Format::Json => of_json(serde_json::from_str(text).ok()?, &mut left),
        Format::Toml => of_toml(toml::Value::Table(text.parse().ok()?), &mut left),
        Format::Yaml if yaml::mistake(text).is_some() => None,
        Format::Yaml => of_yaml(yaml::read(text).first()?, &mut left),
    }
}

fn of_json(value: serde_json::Value, left: &mut usize) -> Option<Data> {
    use serde_json::Value;
    *left = left.checked_sub(1)?;
    Some(match value {
        Value::Null => Data::Nothing,
        Value::Bool(truth) => Data::Truth(truth),
        // An integer that does not fit is no fraction.
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => Data::Number(number),
            (None, Some(fraction)) if number.is_f64() => Data::Real(fraction),
            _ => Data::Other,
        },
        Value::String(text) => Data::Text(text),
        Value::Array(items) => {
            let items = items.into_iter().map(|item| of_json(item, left));
            Data::List(items.collect::<Option<_>>()?)
        }
        Value::Object(entries) => {
            let entries = entries
                .into_iter()
                .map(|(key, value)| Some((key, of_json(value, left)?)));
            Data::Map(entries.collect::<Option<_>>()?)
        }
    })
}

fn of_toml(value: toml::Value, left: &mut usize) -> Option<Data> {
    use toml::Value;
    *left = left.checked_sub(1)?;
    Some(match value {
        Value::Boolean(truth) => Data::Truth(truth),
        Value::Integer(number) => Data::Number(number),
        Value::String(text) => Data::Text(text),
        Value::Float(number) => Data::Real(number),
        Value::Datetime(_) => Data::Other,
        Value::Array(items) => {
            let items = items.into_iter().map(|item| of_toml(item, left));
            Data::List(items.collect::<Option<_>>()?)
        }
        Value::Table(entries) => {
            let entries = entries
                .into_iter()
                .map(|(key, value)| Some((key, of_toml(value, left)?)));
            Data::Map(entries.collect::<Option<_>>()?)
        }
    })
}

fn of_yaml(node: &yaml::Node, left: &mut usize) -> Option<Data> {
    *left = left.checked_sub(1)?;
    Some(match &node.value {
        yaml::Value::Text(text) => of_scalar(text),
        yaml::Value::List(items) => {
            let items = items.iter().map(|item| of_yaml(item, left));
            Data::List(items.collect::<Option<_>>()?)
        }
        yaml::Value::Map(_) => {
            let entries = node.merged().into_iter();
            let entries =
                entries.map(|(key, value)| Some((key.to_string(), of_yaml(value, left)?)));
            Data::Map(entries.collect::<Option<_>>()?)
        }
    })
}

/// A scalar as YAML 1.1 resolves it. Whether it stands in quotes is not told: what would be another text then is not known.
///
/// Source: <https://yaml.org/type/>
fn of_scalar(text: &str) -> Data {
    let is_number = text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first));
    match text {
        "true" => Data::Truth(true),
        "false" => Data::Truth(false),
        "" | "~" | "null" | "Null" | "NULL" | "True" | "TRUE" | "False" | "FALSE" | "yes"
        | "Yes" | "YES" | "no" | "No" | "NO" | "on" | "On" | "ON" | "off" | "Off" | "OFF" => {
            Data::Other
        }
        _ => match text.parse::<i64>() {
            Ok(number) if number.to_string() == text => Data::Number(number),
            // Another base, a fraction, a time, a date; a path or a name with a dot is none of them.
            _ if is_number && !text.contains(|one: char| one.is_alphabetic() || one == '/') => {
                Data::Other
            }
            _ => Data::Text(text.to_string()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{Data, Format, MOST_VALUES, parse};

    #[test]
    fn the_formats_say_the_same() {
        let texts = [
            (
                Format::Json,
                r#"{"prefix": "/api", "ports": [80, 1.5], "on": true}"#,
            ),
            (
                Format::Toml,
                "prefix = '/api'\nports = [80, 1.5]\non = true\n",
            ),
            (Format::Yaml, "prefix: /api\nports: [80, 1.5]\n'on': true\n"),
        ];
        for (format, text) in texts {
            let Some(Data::Map(mut entries)) = parse(format, text) else {
                panic!("{format:?} is not read");
            };
            entries.sort_by(|(one, _), (other, _)| one.cmp(other));
            // In YAML it may stand in quotes.
            let fraction = match format {
                Format::Yaml => Data::Other,
                Format::Json | Format::Toml => Data::Real(1.5),
            };
            let ports = Data::List(vec![Data::Number(80), fraction]);
            let expected = [
                ("on".to_string(), Data::Truth(true)),
                ("ports".to_string(), ports),
                ("prefix".to_string(), Data::Text("/api".into())),
            ];
            assert_eq!(entries, expected, "{format:?}");
        }
    }

    #[test]
    fn what_quotes_would_change_is_not_known() {
        let text = "[yes, 'no', '007', 1:30, 2026-01-31, .5, 7, v1, 3rd/items, null]";
        let Some(Data::List(items)) = parse(Format::Yaml, text) else {
            panic!("it is a list");
        };
        let known: Vec<_> = items.iter().filter(|item| **item != Data::Other).collect();
        let text = |text: &str| Data::Text(text.into());
        assert_eq!(known, [&Data::Number(7), &text("v1"), &text("3rd/items")]);
    }

    #[test]
    fn what_is_of_another_format_or_too_long_says_nothing() {
        assert_eq!(parse(Format::Json, "prefix: /api"), None);
        assert_eq!(parse(Format::Toml, "{}{"), None);
        let long = format!("[{}]", vec!["1"; MOST_VALUES + 1].join(","));
        assert!(parse(Format::Json, &long).is_none());
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(parse(Format::Json, &deep), None);
    }
}
