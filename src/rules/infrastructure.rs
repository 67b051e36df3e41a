//! What production stands on, as data of `rules/infrastructure.toml` and of a file of that name by a project.
//!
//! ```toml
//! [[infrastructure]]
//! id = "redis"
//! name = "Redis"
//! clients = ["redis.Redis"]     # redis.Redis() makes a client, redis.Redis().get speaks to the server
//! fakes = ["fakeredis"]
//! images = ["redis", "valkey"]
//! ```

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::config::Error;
use crate::rules::lists::mistake;

/// One kind of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Infrastructure {
    pub id: String,
    pub name: String,
    /// Paths of what makes an object that speaks to it.
    #[serde(default)]
    pub clients: Vec<String>,
    /// Paths of what speaks to it at once.
    #[serde(default)]
    pub contacts: Vec<String>,
    /// Last names of calls of a client that send nothing.
    #[serde(default)]
    pub silent: Vec<String>,
    /// Libraries that stand in for it in tests.
    #[serde(default)]
    pub fakes: Vec<String>,
    /// Beginnings of URLs for which a client needs no service: what they name runs inside of the process.
    #[serde(default)]
    pub embedded: Vec<String>,
    /// Last names of container images.
    #[serde(default)]
    pub images: Vec<String>,
    /// Programs of containers that are built from the project's own code.
    #[serde(default)]
    pub workers: Vec<String>,
    /// Is every request that live code sends over the network one to it? What tests send is for the app.
    #[serde(default)]
    pub takes_requests: bool,
}

/// What a call does with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Use {
    /// A stand-in is made or asked.
    Faked,
    /// A client is made of what runs inside of the process.
    Embedded,
    /// Live code sets itself up: a client is made or opened, where nobody has asked for anything yet.
    Started,
    /// A client is made.
    Made,
    /// Something may be sent to it, where that depends on what nobody knows.
    MayContact,
    /// Something is sent to it.
    Contacted,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InfrastructureRules {
    pub infrastructure: Vec<Infrastructure>,
    pub probes: Probes,
    pub containers: Containers,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Containers {
    /// Last names of images that nothing of the application speaks to.
    pub tools: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Probes {
    /// Paths of calls that look whether something is there.
    pub calls: Vec<String>,
    /// For some of them, the function of a model that answers as they do where nothing is there: `module.function`.
    pub absent: BTreeMap<String, String>,
}

impl InfrastructureRules {
    /// A kind of a known id takes more into its lists.
    pub fn extend(&mut self, more: InfrastructureRules) {
        self.probes.calls.extend(more.probes.calls);
        self.probes.absent.extend(more.probes.absent);
        self.containers.tools.extend(more.containers.tools);
        for one in more.infrastructure {
            match self
                .infrastructure
                .iter_mut()
                .find(|known| known.id == one.id)
            {
                Some(known) => {
                    known.name = one.name;
                    known.clients.extend(one.clients);
                    known.contacts.extend(one.contacts);
                    known.silent.extend(one.silent);
                    known.fakes.extend(one.fakes);
                    known.embedded.extend(one.embedded);
                    known.images.extend(one.images);
                    known.workers.extend(one.workers);
                    known.takes_requests |= one.takes_requests;
                }
                None => self.infrastructure.push(one),
            }
        }
    }

    /// What calling the path does, and with which kind by its position.
    pub fn find(&self, path: &str) -> Option<(usize, Use)> {
        let found = |one: &Infrastructure| {
            let is = |known: &String| below(path, known).is_some();
            if one.contacts.iter().any(is) {
                return Some(Use::Contacted);
            }
            if one.fakes.iter().any(is) {
                return Some(Use::Faked);
            }
            let rest = one.clients.iter().find_map(|known| below(path, known))?;
            let last = path.rsplit('.').next().unwrap_or(path);
            let is_silent = one.silent.iter().any(|name| name == last);
            Some(if rest.contains("().") && !is_silent {
                Use::Contacted
            } else {
                Use::Made
            })
        };
        let mut all = self.infrastructure.iter().enumerate();
        all.find_map(|(position, one)| Some((position, found(one)?)))
    }

    /// Is what the URL names no service of its own?
    pub fn is_embedded(&self, kind: usize, url: &str) -> bool {
        let mut all = self.infrastructure[kind].embedded.iter();
        all.any(|beginning| url.starts_with(beginning.as_str()))
    }

    /// The kinds of which nothing is left when something else stands at the path: a client, a method of one, a module that has it.
    pub fn replaced(&self, path: &str) -> impl Iterator<Item = usize> {
        let path = path.replace("()", "");
        let all = self.infrastructure.iter().enumerate();
        all.filter(move |(_, one)| {
            let mut known = one.clients.iter().chain(&one.contacts);
            known.any(|known| below(&path, known).is_some() || below(known, &path).is_some())
        })
        .map(|(position, _)| position)
    }

    /// The kind that a container of this image is: `docker.io/bitnami/redis:7` is a `redis`.
    pub fn of_image(&self, image: &str) -> Option<usize> {
        let name = image_name(image);
        let is = |length: usize| {
            let mut all = self.infrastructure.iter();
            all.position(|one| one.images.iter().any(|known| known == &name[..length]))
        };
        let shorter = name.rmatch_indices('-').map(|(at, _)| at);
        std::iter::once(name.len()).chain(shorter).find_map(is)
    }

    /// Do only people look through it?
    pub fn is_tool(&self, image: &str) -> bool {
        let name = image_name(image);
        self.containers.tools.iter().any(|known| known == name)
    }

    /// The kind whose worker a command runs.
    pub fn of_command(&self, command: &str) -> Option<usize> {
        let runs = |one: &Infrastructure| {
            let mut words = command.split_whitespace();
            words.any(|word| one.workers.iter().any(|known| known == word))
        };
        self.infrastructure.iter().position(runs)
    }

    /// The kind that live code sends its requests to.
    pub fn of_requests(&self) -> Option<usize> {
        self.infrastructure
            .iter()
            .position(|one| one.takes_requests)
    }

    pub fn is_probe(&self, path: &str) -> bool {
        self.probes.calls.iter().any(|known| known == path)
    }
}

/// `docker.io/bitnami/redis:7` is called `redis`.
fn image_name(image: &str) -> &str {
    let name = image.rsplit('/').next().unwrap_or(image);
    name.split([':', '@']).next().unwrap_or(name)
}

/// What is left of a path behind its beginning, where that ends with a whole name.
fn below<'p>(path: &'p str, beginning: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(beginning)?;
    (rest.is_empty() || rest.starts_with(['.', '('])).then_some(rest)
}

/// Reads the rules. `path` is only for messages.
pub fn read(text: &str, path: &str) -> Result<InfrastructureRules, Error> {
    toml::from_str(text).map_err(|error| {
        mistake(text, path, &error, "no rules of infrastructure")
            .help("a rule is `[[infrastructure]]` with `id`, `name` and `clients`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> InfrastructureRules {
        let text = include_str!("../../rules/infrastructure.toml");
        read(text, "infrastructure.toml").unwrap()
    }

    #[test]
    fn what_a_call_does() {
        let rules = rules();
        let case = |path: &str, expected: Option<(&str, Use)>| {
            let found = rules.find(path);
            let found = found.map(|(at, what)| (rules.infrastructure[at].id.as_str(), what));
            assert_eq!(found, expected, "{path}");
        };
        case("redis.Redis", Some(("redis", Use::Made)));
        case("redis.Redis.from_url", Some(("redis", Use::Made)));
        case("redis.Redis().get", Some(("redis", Use::Contacted)));
        case("redis.exceptions.RedisError", None);
        case("fakeredis.FakeRedis().get", Some(("redis", Use::Faked)));
        case("sqlalchemy.orm.sessionmaker()", Some(("sql", Use::Made)));
        case(
            "sqlalchemy.orm.sessionmaker()().execute",
            Some(("sql", Use::Contacted)),
        );
        // A query is sent when its rows are asked for.
        case(
            "sqlalchemy.orm.sessionmaker()().query",
            Some(("sql", Use::Made)),
        );
        case("asyncpg.connect", Some(("sql", Use::Contacted)));
        case("celery.Celery().conf.update", Some(("celery", Use::Made)));
        case("sqlalchemy.select", None);
    }

    #[test]
    fn what_a_double_takes_away() {
        let rules = rules();
        let case = |path: &str, expected: &[&str]| {
            let found = rules.replaced(path);
            let found: Vec<&str> = found
                .map(|at| rules.infrastructure[at].id.as_str())
                .collect();
            assert_eq!(found, expected, "{path}");
        };
        case("google.cloud.storage.Client", &["gcs"]);
        case("google.cloud.storage", &["gcs"]);
        case("redis.Redis().get", &["redis"]);
        case("redis.exceptions.RedisError", &[]);
        case("boto3", &["aws"]);
        case("time.sleep", &[]);
    }

    #[test]
    fn what_a_container_is() {
        let rules = rules();
        let id = |found: Option<usize>| found.map(|at| rules.infrastructure[at].id.as_str());
        let case = |image: &str, expected: Option<&str>| {
            assert_eq!(id(rules.of_image(image)), expected, "{image}");
        };
        case("redis:7-alpine", Some("redis"));
        case("docker.io/bitnami/redis@sha256:00", Some("redis"));
        case("redis-stack-server", Some("redis"));
        case("postgres", Some("sql"));
        case("shop/backend:1", None);
        assert_eq!(id(rules.of_command("celery -A app worker")), Some("celery"));
        assert_eq!(id(rules.of_command("uvicorn app:app")), None);
    }
}
