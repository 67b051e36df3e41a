//! Host names in the values of settings, and the variables that compose files expand.
//!
//! ```yaml
//! REDIS_URL: redis://${REDIS_HOST:-cache}:6379/0      # the host `cache`, port 6379
//! KAFKA: kafka-1:9092,kafka-2:9092                    # two hosts
//! DB_HOST: db                                         # by the name of the setting
//! ```

use std::sync::LazyLock;

use serde::Deserialize;

/// Stands for what is not known in an expanded text.
pub const UNKNOWN: char = '\0';

/// Expansions nest this deep at most.
const DEEPEST: usize = 8;

#[derive(Debug, Deserialize)]
pub(super) struct EnvironmentRules {
    pub stages: StageWords,
    pub purposes: PurposeWords,
    pub files: FileWords,
    pub compose: ComposeWords,
    pub gateways: GatewayWords,
    pub pipelines: PipelineWords,
    hosts: HostWords,
}

#[derive(Debug, Deserialize)]
pub(super) struct StageWords {
    pub production: Vec<String>,
    pub staging: Vec<String>,
    pub test: Vec<String>,
    pub development: Vec<String>,
    pub template: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PurposeWords {
    pub test: Vec<String>,
    pub development: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ComposeWords {
    pub canonical: Vec<String>,
    pub programs: Vec<Vec<String>>,
    pub commands: Vec<String>,
    pub file_options: Vec<String>,
    pub with_value: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct GatewayWords {
    pub beginnings: Vec<String>,
    pub ends: Vec<String>,
    pub changing: Vec<String>,
    pub paths: Vec<String>,
    pub prefixes: Vec<String>,
    pub hosts: Vec<String>,
    pub here: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PipelineWords {
    pub files: Vec<String>,
    pub folders: Vec<String>,
    pub folder_keys: Vec<String>,
    pub script_keys: Vec<String>,
    pub programs: Vec<String>,
    pub elsewhere: Vec<String>,
    pub alone: Vec<String>,
    pub alone_letters: String,
    pub counted_elsewhere: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct FileWords {
    pub no_variables: Vec<String>,
    pub deploy: Vec<String>,
    pub no_deploy: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct HostWords {
    no_host: Vec<String>,
    local: Vec<String>,
    keys: Vec<String>,
    own: Vec<String>,
    no_keys: Vec<String>,
}

pub(super) static RULES: LazyLock<EnvironmentRules> = LazyLock::new(|| {
    toml::from_str(include_str!("../../rules/environments.toml"))
        .expect("internal: rules/environments.toml is not what source reads")
});

/// A host that a value names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    pub name: String,
    pub port: Option<u16>,
}

/// The hosts in the value of a setting.
pub fn hosts_in(key: &str, value: &str) -> Vec<Host> {
    let mut found = Vec::new();
    let value = value.trim().trim_matches(['"', '\'']);
    for word in value
        .split([',', ' ', '\n', ';'])
        .filter(|word| !word.is_empty())
    {
        if let Some(at) = word.find("://") {
            let scheme = word[..at]
                .rsplit(['=', '(', '"', '\''])
                .next()
                .unwrap_or("");
            let first = scheme
                .split('+')
                .next()
                .unwrap_or(scheme)
                .to_ascii_lowercase();
            if scheme.is_empty() || RULES.hosts.no_host.contains(&first) {
                continue;
            }
            let rest = &word[at + 3..];
            let authority = rest
                .split(['/', '?', '#', '"', '\'', ')'])
                .next()
                .unwrap_or("");
            let host = authority.rsplit('@').next().unwrap_or(authority);
            found.extend(host_and_port(host));
        } else if let Some(host) = host_and_port(word).filter(|host| {
            // `image:16` is a tag, `8080:80` a mapping.
            host.port.is_some_and(|port| port >= 80)
        }) {
            found.push(host);
        }
    }
    if found.is_empty() && names_a_host(key) && !value.contains([':', '/', ' ', ',']) {
        found.extend(host_and_port(value));
    }
    found
}

/// Is it only known where it is started which host the value names?
pub fn is_open_host(key: &str, value: &str) -> bool {
    let mut words = value.split([',', ' ', '\n', ';']);
    let is_open = |word: &str| {
        let (_, rest) = word.split_once("://")?;
        let authority = rest.split(['/', '?', '#']).next()?;
        let host = authority.rsplit('@').next()?;
        Some(host.split(':').next()?.contains(UNKNOWN))
    };
    words.any(|word| is_open(word) == Some(true))
        || names_a_host(key)
            && value
                .split(':')
                .next()
                .is_some_and(|host| host.contains(UNKNOWN))
}

/// Does a setting of this name hold addresses under which the project itself is reached?
pub fn is_own_address(key: &str) -> bool {
    key.split('_')
        .filter(|word| !word.is_empty())
        .all(|word| RULES.hosts.own.contains(&word.to_ascii_uppercase()))
}

fn names_a_host(key: &str) -> bool {
    let key = key.to_ascii_uppercase();
    let mut words = key.rsplit('_');
    let has = |list: &[String], word: &str| list.iter().any(|known| known == word);
    words
        .next()
        .is_some_and(|last| has(&RULES.hosts.keys, last))
        && !words.any(|word| has(&RULES.hosts.no_keys, word))
}

fn host_and_port(text: &str) -> Option<Host> {
    let (name, port) = match text.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
            (name, port.parse().ok())
        }
        Some((name, port)) if port.contains(UNKNOWN) => (name, None),
        _ => (text, None),
    };
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let is_name =
        name.chars().all(is_part) && name.starts_with(|c: char| c.is_ascii_alphanumeric());
    is_name.then(|| Host {
        name: name.to_string(),
        port,
    })
}

impl Host {
    /// Is it this machine, or this container?
    pub fn is_local(&self) -> bool {
        RULES.hosts.local.contains(&self.name)
    }

    /// One word with a letter in it, which only a network of containers could know.
    pub fn is_bare(&self) -> bool {
        !self.name.contains('.')
            && self
                .name
                .contains(|letter: char| letter.is_ascii_alphabetic())
            && !self.is_local()
    }
}

/// `${NAME:-default}` as compose expands it when nothing is set; [`UNKNOWN`] stands for what has no default.
pub fn expand(text: &str) -> String {
    expand_in(text, 0)
}

fn expand_in(text: &str, depth: usize) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        result.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        if let Some(literal) = after.strip_prefix('$') {
            result.push('$');
            rest = literal;
        } else if let Some(inner) = after.strip_prefix('{') {
            let end = closing(inner).unwrap_or(inner.len());
            let body = &inner[..end];
            rest = inner.get(end + 1..).unwrap_or("");
            match body.find([':', '-', '?', '+']) {
                Some(operator) => {
                    let tail = body[operator..].trim_start_matches(':');
                    match tail.strip_prefix('-') {
                        Some(default) if depth < DEEPEST => {
                            result.push_str(&expand_in(default, depth + 1));
                        }
                        _ => result.push(UNKNOWN),
                    }
                }
                None => result.push(UNKNOWN),
            }
        } else {
            let end = after
                .find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
                .unwrap_or(after.len());
            if end == 0 {
                result.push('$');
            } else {
                result.push(UNKNOWN);
            }
            rest = &after[end..];
        }
    }
    result.push_str(rest);
    result
}

/// Where the brace that is open closes.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_hosts() {
        let case = |key: &str, value: &str, expected: &str| {
            let found: Vec<String> = hosts_in(key, value)
                .iter()
                .map(|host| match host.port {
                    Some(port) => format!("{}:{port}", host.name),
                    None => host.name.clone(),
                })
                .collect();
            assert_eq!(found.join(" "), expected, "{key}={value}");
        };
        case("U", "redis://:secret@cache:6379/0", "cache:6379");
        case("U", "postgresql+asyncpg://a:b@db/shop?x=y", "db");
        case("U", "sqlite:///./shop.db", "");
        case("U", "s3://bucket/key", "");
        case(
            "K",
            "kafka-1:9092,kafka-2:9092",
            "kafka-1:9092 kafka-2:9092",
        );
        case("IMAGE", "redis:7", "");
        case("DB_HOST", "db", "db");
        case("GHOST", "db", "");
        case("MYSQL_CHARACTER_SET_SERVER", "utf8mb4", "");
        case("A", "admin:admin", "");
        case(
            "CORS",
            "http://localhost,http://1.2.3.4",
            "localhost 1.2.3.4",
        );
        assert!(hosts_in("DB_HOST", "db")[0].is_bare());
        assert!(hosts_in("DB_HOST", "localhost")[0].is_local());
    }

    #[test]
    fn hosts_that_only_run_time_knows() {
        let case = |key: &str, value: &str, expected: bool| {
            assert_eq!(is_open_host(key, &expand(value)), expected, "{key}={value}");
        };
        case("U", "redis://${CACHE}:6379/0", true);
        case("U", "redis://:${PASSWORD}@cache:${PORT}/${DB}", false);
        case("U", "redis://${CACHE:-cache}:6379", false);
        case("DB_HOST", "${DB_HOST}", true);
        case("DB_NAME", "${DB_NAME}", false);
    }

    #[test]
    fn expands_as_compose_does() {
        let case = |text: &str, expected: &str| assert_eq!(expand(text), expected, "{text}");
        case("a ${B:-c} d", "a c d");
        case("redis://${H:-cache}:${P:-1}", "redis://cache:1");
        case("${A:-${B:-x}}", "x");
        case("${A}", "\0");
        case("$A-$$B", "\0-$B");
        case("${A:?say}", "\0");
        case("${A", "\0");
        case("é$", "é$");
    }
}
