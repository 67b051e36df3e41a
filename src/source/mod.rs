//! Source: the only room that touches the disk and git. After [`discover`] nothing fails: what cannot be read is a value with a reason.
//!
//! *In:* a folder, or a git revision of it, and its [`Config`](crate::config::Config). *Out:* [`Sources`]: which files there are, what is left out and why,
//! the test suites, where modules are, and on demand a file's text.
//! *Never:* what a Python file says; a file outside of the project's root.
//!
//! Reading order: [`sources`] (the whole), [`origin`], [`revision`], [`repository`] (disk or git), [`renames`], [`walk`], [`left_out`], [`ignored`], [`tracked`], [`rescue`] (which files), [`text`] (what is in them),
//! [`pytest_config`], [`rootdirs`], [`suites`] (which of them are tests), [`packaging`], [`entry_points`], [`roots`], [`modules`], [`built`] (what an import means),
//! [`own_rules`] and [`scratch`] (a project's rules, and projects that show a rule), [`owners`] (who answers for a file),
//! [`requirements`], [`locks`], [`versions`] (which libraries),
//! [`launches`], [`compose`], [`dockerfiles`], [`manifests`], [`commands`], [`servers`], [`targets`] (what is started);
//! [`store`] and [`answers`] (what the next run need not do again);
//! [`environments`], [`dotenv`], [`composition`], [`gateways`], [`hosts`], [`pipelines`] (what surrounds it: settings, hosts, networks, what leads to a service, what is tested);
//! [`paths`], [`patterns`], [`ini`], [`yaml`] and [`tree`] serve them all.

mod answers;
mod built;
mod commands;
pub mod compose;
mod composition;
pub mod data_files;
mod dockerfiles;
pub mod dotenv;
mod entry_points;
mod environments;
mod gateways;
mod hosts;
mod ignored;
pub mod ini;
mod launches;
mod left_out;
mod locks;
mod manifests;
mod modules;
mod origin;
mod own_rules;
mod owners;
mod packaging;
pub mod paths;
pub mod patterns;
mod pipelines;
mod pytest_config;
mod renames;
mod repository;
pub mod requirements;
mod rescue;
mod revision;
mod rootdirs;
mod roots;
mod scratch;
mod servers;
mod sources;
mod store;
mod suites;
mod targets;
mod text;
mod tracked;
mod tree;
mod versions;
mod walk;
pub mod yaml;

pub use answers::Answers;
pub use composition::{ComposeFile, Network, Service};
pub use entry_points::EntryPoint;
pub use environments::{Provided, ProvidedBy, Stage, is_setting_name};
pub use gateways::Lead;
pub use hosts::{Host, expand, hosts_in};
pub use launches::{Launch, LaunchKind, LaunchTarget};
pub use left_out::{LeftOut, Why};
pub use modules::{ModuleIndex, Resolution};
pub use origin::{Origin, is_file, open};
pub use own_rules::{RuleFile, RuleKind, module_name, own_rules};
pub use owners::above as owners_above;
pub use pytest_config::{ImportMode, PytestConfig};
pub use renames::renames;
pub use repository::{Commit, Repository};
pub use requirements::Strength;
pub use scratch::Scratch;
pub use servers::{Purpose, names_of_app};
pub use sources::{FileId, SourceFile, Sources, configure, discover};
pub use store::{KEY_LENGTH, Store, build, hex, sum};
pub use suites::Suite;
pub use text::{Unreadable, read_foreign};
pub use versions::{Version, Versions};
