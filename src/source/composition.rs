//! Compose files as what they say about services, their names on networks, and the hosts that they speak to.
//!
//! ```yaml
//! services:
//!   api:
//!     build: .
//!     environment: [REDIS_URL=redis://cache:6379]   # needs a service `cache` on one of its networks
//!     networks: [inner]
//! networks:
//!   inner: {name: shop_inner, external: true}       # somebody else makes it
//! ```
//! Source: <https://docs.docker.com/reference/compose-file/>. Anchors, aliases and merges are followed; profiles change nothing.

use super::environments::{Stage, stage_of};
use super::gateways::{self, Lead};
use super::hosts::{Host, RULES, UNKNOWN, expand, hosts_in, is_open_host};
use super::paths;
use super::yaml::{self, Node};

#[derive(Debug, Clone, Default)]
pub struct ComposeFile {
    pub path: String,
    pub stage: Stage,
    /// Compose reads it when no file is named.
    pub is_canonical: bool,
    /// It takes services from other files.
    pub includes: bool,
    pub services: Vec<Service>,
    pub networks: Vec<Network>,
}

#[derive(Debug, Clone, Default)]
pub struct Service {
    pub name: String,
    pub line: u32,
    pub image: Option<String>,
    /// The folder that it is built in.
    pub build: Option<String>,
    /// Its words, without a shell around them.
    pub command: String,
    /// What others on its networks can call it.
    pub names: Vec<String>,
    /// Keys of networks.
    pub networks: Vec<String>,
    /// It shares the network of the machine or of another container.
    pub has_no_network: bool,
    pub environment: Vec<Setting>,
    pub env_files: Vec<String>,
    /// Hosts in its settings and its command, with the line and the text around.
    pub hosts: Vec<(Host, u32, String)>,
    /// Settings whose host only run time knows, with their lines.
    pub open_hosts: Vec<(String, u32)>,
    /// Names that it is given for other hosts.
    pub extra_hosts: Vec<String>,
    /// Port of the machine, port of the container.
    pub ports: Vec<(u16, u16)>,
    /// By which a gateway sends it requests.
    pub leads: Vec<Lead>,
    /// A gateway changes the paths of some.
    pub has_changed_paths: bool,
}

/// One variable of a service; a name without a value is taken from whoever starts it.
#[derive(Debug, Clone)]
pub struct Setting {
    pub name: String,
    pub value: Option<String>,
    pub line: u32,
}

#[derive(Debug, Clone)]
pub struct Network {
    pub key: String,
    /// Under which the machine knows it.
    pub name: String,
    pub line: u32,
    pub is_external: bool,
    pub is_named: bool,
}

/// Reads a file; none when it has no services.
pub(super) fn read(path: &str, text: &str) -> Option<ComposeFile> {
    let documents = yaml::read(text);
    let document = documents.iter().find(|one| one.get("services").is_some())?;
    let mut file = ComposeFile {
        path: path.to_string(),
        stage: stage_of(path),
        is_canonical: RULES
            .compose
            .canonical
            .iter()
            .any(|name| name == paths::name(path)),
        ..ComposeFile::default()
    };
    let project = document
        .get("name")
        .and_then(Node::text)
        .unwrap_or_else(|| paths::name(paths::folder(path)));
    file.includes = document.get("include").is_some();
    for (key, node) in entries(document.get("networks")) {
        file.networks.push(network(project, key, node));
    }
    if !file.networks.iter().any(|network| network.key == "default") {
        file.networks.push(Network {
            key: "default".into(),
            name: format!("{project}_default"),
            line: 1,
            is_external: false,
            is_named: false,
        });
    }
    for (name, node) in entries(document.get("services")) {
        file.services.push(service(path, name, node));
    }
    Some(file)
}

fn entries(node: Option<&Node>) -> Vec<(&str, &Node)> {
    node.map(Node::merged).unwrap_or_default()
}

fn line(node: &Node) -> u32 {
    u32::try_from(node.line).unwrap_or(u32::MAX)
}

fn network(project: &str, key: &str, node: &Node) -> Network {
    let external = node.get("external");
    let is_external = external.is_some_and(|node| node.text() != Some("false"));
    let named = node
        .get("name")
        .or_else(|| external.and_then(|external| external.get("name")));
    let name = match named.and_then(Node::text) {
        Some(name) => expand(name),
        None if is_external => key.to_string(),
        None => format!("{project}_{key}"),
    };
    Network {
        key: key.to_string(),
        name,
        line: named.map_or_else(|| line(node), line),
        is_external,
        is_named: named.is_some(),
    }
}

fn service(path: &str, name: &str, node: &Node) -> Service {
    let here = paths::folder(path);
    let text = |key: &str| node.get(key).and_then(Node::text).map(expand);
    let mut service = Service {
        name: name.to_string(),
        line: line(node).saturating_sub(1),
        image: text("image"),
        names: vec![name.to_string()],
        ..Service::default()
    };
    if let Some(build) = node.get("build") {
        let written = build
            .text()
            .or_else(|| build.get("context")?.text())
            .unwrap_or(".");
        service.build = Some(paths::join(here, written).unwrap_or_else(|| here.to_string()));
    }
    service.names.extend(text("container_name"));
    service.names.extend(text("hostname"));
    let mode = text("network_mode");
    service.has_no_network = mode.is_some_and(|mode| mode != "bridge");
    match node.get("networks") {
        Some(networks) => {
            service.networks.extend(
                networks
                    .items()
                    .iter()
                    .filter_map(|item| Some(item.text()?.to_string())),
            );
            for (key, options) in networks.merged() {
                service.networks.push(key.to_string());
                let aliases = options.get("aliases").map(Node::items).unwrap_or_default();
                service.names.extend(
                    aliases
                        .iter()
                        .filter_map(|alias| Some(expand(alias.text()?))),
                );
            }
        }
        None => service.networks.push("default".into()),
    }
    service.environment = environment(node.get("environment"));
    for setting in &service.environment {
        if let Some(value) = &setting.value {
            if is_open_host(&setting.name, value) {
                let open = (setting.name.clone(), setting.line);
                service.open_hosts.push(open);
            }
            let says = format!("{}={value}", setting.name);
            let found = hosts_in(&setting.name, value);
            let found = found
                .into_iter()
                .map(|host| (host, setting.line, says.clone()));
            service.hosts.extend(found);
        }
    }
    for key in ["command", "entrypoint"] {
        for (text, line) in texts(node.get(key)) {
            service.command.push_str(&text);
            service.command.push(' ');
            for word in text.split_whitespace().filter(|word| word.contains("://")) {
                let found = hosts_in("", word);
                service
                    .hosts
                    .extend(found.into_iter().map(|host| (host, line, word.to_string())));
            }
        }
    }
    for (text, _) in texts(node.get("extra_hosts")) {
        let name = text.split([':', '=']).next().unwrap_or("");
        service.extra_hosts.push(name.to_string());
    }
    service.extra_hosts.extend(
        entries(node.get("extra_hosts"))
            .iter()
            .map(|(name, _)| (*name).to_string()),
    );
    for key in ["links", "external_links"] {
        for (text, _) in texts(node.get(key)) {
            service
                .extra_hosts
                .extend(text.split(':').map(str::to_string));
        }
    }
    let env_files = texts(node.get("env_file"))
        .into_iter()
        .map(|(text, _)| text);
    let longer = node.get("env_file").map(Node::items).unwrap_or_default();
    let longer = longer
        .iter()
        .filter_map(|item| Some(item.get("path")?.text()?.to_string()));
    service.env_files = env_files
        .chain(longer)
        .filter_map(|written| paths::join(here, &written))
        .collect();
    service.ports = ports(node.get("ports"));
    (service.leads, service.has_changed_paths) = gateways::read(node);
    service
}

/// `key=value` in a list, or a map, with lines.
pub(super) fn labels(node: &Node) -> Vec<(String, String, u32)> {
    let of_map = node.merged().into_iter().filter_map(|(key, value)| {
        let text = value.text()?;
        Some((expand(key), expand(text), line(value)))
    });
    let of_list = texts(Some(node)).into_iter().filter_map(|(text, line)| {
        let (key, value) = text.split_once('=')?;
        Some((key.to_string(), value.to_string(), line))
    });
    of_map.chain(of_list).collect()
}

/// A text, or the texts of a list, each with its line.
fn texts(node: Option<&Node>) -> Vec<(String, u32)> {
    let Some(node) = node else { return Vec::new() };
    if let Some(text) = node.text() {
        return vec![(expand(text), line(node))];
    }
    let items = node.items().iter();
    items
        .filter_map(|item| Some((expand(item.text()?), line(item))))
        .collect()
}

/// `KEY=value` in a list, or a map.
fn environment(node: Option<&Node>) -> Vec<Setting> {
    let Some(node) = node else { return Vec::new() };
    let mut found: Vec<Setting> = Vec::new();
    for (name, value) in node.merged() {
        // `KEY:` alone is taken over, as `KEY` in a list is.
        let value_text = value
            .text()
            .filter(|text| !matches!(*text, "" | "~" | "null"));
        found.push(Setting {
            name: name.to_string(),
            value: value_text.map(expand),
            line: line(value),
        });
    }
    for item in node.items() {
        let Some(text) = item.text() else { continue };
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(expand(value))),
            None => (text, None),
        };
        found.push(Setting {
            name: name.to_string(),
            value,
            line: line(item),
        });
    }
    found
}

/// Published ports: `8000:80`, `127.0.0.1:8000:80/tcp`, or the long form.
fn ports(node: Option<&Node>) -> Vec<(u16, u16)> {
    let number = |text: &str| expand(text).parse::<u16>().ok();
    let items = node.map(Node::items).unwrap_or_default();
    let pairs = items.iter().filter_map(|item| match item.text() {
        Some(text) => {
            let text = expand(text);
            let text = text.split('/').next().unwrap_or("").to_string();
            let mut parts = text.rsplit(':');
            let inner = parts.next()?.parse().ok()?;
            Some((parts.next()?.parse().ok()?, inner))
        }
        None => {
            let published = item.get("published")?.text()?;
            Some((number(published)?, number(item.get("target")?.text()?)?))
        }
    });
    pairs.collect()
}

impl ComposeFile {
    /// A network by its key.
    pub fn network(&self, key: &str) -> Option<&Network> {
        self.networks.iter().find(|network| network.key == key)
    }

    /// The names on the machine of the networks that a service is on.
    pub fn networks_of<'f>(&'f self, service: &'f Service) -> impl Iterator<Item = &'f Network> {
        service.networks.iter().filter_map(|key| self.network(key))
    }
}

impl Network {
    /// Could its name only be known where it is started?
    pub fn is_unknown(&self) -> bool {
        self.name.contains(UNKNOWN)
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn reads_services_and_networks() {
        let text = "\
x-env: &env
  CACHE: redis://${CACHE:-cache}:6379
services:
  api:
    build: ./backend
    environment:
      <<: *env
      LEVEL: info
    networks:
      inner: {aliases: [shop]}
    ports: [\"${PORT:-8000}:80\"]
  cache:
    image: redis
    container_name: shop-cache
    networks: [inner]
networks:
  inner: {name: \"${NET:-shop}\", external: true}
";
        let file = read("deploy/compose.yml", text).unwrap();
        let api = &file.services[0];
        assert_eq!(api.build.as_deref(), Some("deploy/backend"));
        assert_eq!(api.hosts[0].0.name, "cache");
        assert_eq!(api.environment.len(), 2);
        assert_eq!(api.names, ["api", "shop"]);
        assert_eq!(api.ports, [(8000, 80)]);
        assert_eq!(file.services[1].names, ["cache", "shop-cache"]);
        let inner = file.network("inner").unwrap();
        assert!(inner.is_external && inner.name == "shop");
        assert!(file.is_canonical);
        assert!(read("compose.yml", "a: [").is_none());
    }
}
