//! Calls that wait in the thread that makes them, as data of `rules/blocking.toml` and of a file of that name by a project.
//!
//! ```toml
//! [[blocking]]
//! client = "redis"
//! waits_for = "the network"
//! of = ["redis.Redis()"]
//! calls = ["*"]          # redis.Redis().get, redis.Redis().set, …
//! except = ["pipeline"]
//! ```

use serde::Deserialize;

use crate::config::Error;
use crate::rules::lists::mistake;

/// Calls of one client.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blocking {
    pub client: String,
    pub waits_for: String,
    /// Paths of objects; empty: `calls` are whole paths.
    #[serde(default)]
    pub of: Vec<String>,
    pub calls: Vec<String>,
    /// Last names that make objects, and wait for nothing.
    #[serde(default, rename = "except")]
    pub exceptions: Vec<String>,
    /// Names of arguments that bound the wait.
    #[serde(default)]
    pub timeout: Vec<String>,
    /// Does the wait end by itself?
    #[serde(default)]
    pub bounded: bool,
    /// Another than P1.
    #[serde(default)]
    pub priority: String,
}

/// What runs functions elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threads {
    /// Functions that give what they are given to a thread.
    #[serde(default)]
    pub functions: Vec<String>,
    /// Modules whose functions do so with functions that are not `async`.
    #[serde(default)]
    pub plain: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BlockingRules {
    pub blocking: Vec<Blocking>,
    pub threads: Vec<Threads>,
}

impl BlockingRules {
    pub fn extend(&mut self, more: BlockingRules) {
        self.blocking.extend(more.blocking);
        self.threads.extend(more.threads);
    }

    /// Position of the rule that a call of this path falls under.
    pub fn find(&self, path: &str) -> Option<usize> {
        let last = path.rsplit('.').next().unwrap_or(path);
        self.blocking.iter().position(|rule| {
            let is_call = |path: &str| rule.calls.iter().any(|call| matches(call, path));
            let is_named = if rule.of.is_empty() {
                is_call(path)
            } else {
                rule.of.iter().any(|of| {
                    path.strip_prefix(of.as_str())
                        .and_then(|rest| rest.strip_prefix('.'))
                        .is_some_and(is_call)
                })
            };
            is_named && !rule.exceptions.iter().any(|name| name == last)
        })
    }

    pub fn is_thread(&self, path: &str) -> bool {
        let mut functions = self.threads.iter().flat_map(|threads| &threads.functions);
        functions.any(|known| known == path)
    }

    pub fn is_thread_of_plain(&self, module: &str) -> bool {
        let mut modules = self.threads.iter().flat_map(|threads| &threads.plain);
        modules.any(|known| known == module)
    }

    /// First names of the modules whose objects wait.
    pub fn modules(&self) -> Vec<&str> {
        let paths = self.blocking.iter().flat_map(|rule| &rule.of);
        sorted(paths.map(|path| path.split(['.', '(']).next().unwrap_or(path)))
    }

    /// Last names of the calls that are given by their whole path.
    pub fn last_names(&self) -> Vec<&str> {
        let whole = self.blocking.iter().filter(|rule| rule.of.is_empty());
        let paths = whole.flat_map(|rule| &rule.calls);
        sorted(paths.map(|path| path.rsplit('.').next().unwrap_or(path)))
    }
}

fn sorted<'a>(words: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut words: Vec<&str> = words.collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// `*` stands for one name, `**` for anything.
fn matches(pattern: &str, path: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == path,
        Some((before, after)) => {
            let Some(rest) = path.strip_prefix(before) else {
                return false;
            };
            let is_name = |length: usize| {
                rest.as_bytes()[..length]
                    .iter()
                    .all(|byte| !b".()".contains(byte))
            };
            match after.strip_prefix('*') {
                Some(after) => (0..=rest.len())
                    .filter(|at| rest.is_char_boundary(*at))
                    .any(|at| matches(after, &rest[at..])),
                None => (1..=rest.len())
                    .filter(|at| rest.is_char_boundary(*at))
                    .take_while(|at| is_name(*at))
                    .any(|at| matches(after, &rest[at..])),
            }
        }
    }
}

/// Reads the rules. `path` is only for messages.
pub fn read(text: &str, path: &str) -> Result<BlockingRules, Error> {
    toml::from_str(text).map_err(|error| {
        mistake(text, path, &error, "no rules of blocking calls")
            .help("a rule is `[[blocking]]` with `client`, `waits_for` and `calls`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_falls_under_a_rule() {
        let text = include_str!("../../rules/blocking.toml");
        let rules = read(text, "blocking.toml").unwrap();
        let case = |path: &str, client: Option<&str>| {
            let found = rules
                .find(path)
                .map(|at| rules.blocking[at].client.as_str());
            assert_eq!(found, client, "{path}");
        };
        case("redis.Redis().get", Some("redis"));
        case("redis.Redis().pipeline", None);
        case("redis.Redis().pipeline().execute", Some("redis"));
        case("redis.Redis", None);
        case("redis.asyncio.Redis().get", None);
        case(
            "supabase.create_client().table().select().eq().execute",
            Some("supabase"),
        );
        case("supabase.create_client().table().select", None);
        case(
            "google.cloud.storage.Client().bucket().blob().upload_from_string",
            Some("google-cloud-storage"),
        );
        case("google.cloud.storage.Client().bucket().blob", None);
        case("arango.ArangoClient().db().aql.execute", Some("arango"));
        case(
            "arango.ArangoClient().db().collection().insert",
            Some("arango"),
        );
        case("consul.Consul", None);
        case("consul.Consul().kv.get", Some("consul"));
        case("requests.Session().post", Some("requests"));
        case("httpx.AsyncClient().get", None);
        case(
            "sqlalchemy.orm.Session().query().filter().first",
            Some("sqlalchemy"),
        );
        case("time.sleep", Some("time"));
        case("time.time", None);
        case("open", Some("a file"));
    }
}
