//! Project: all files together. Modules, the interpreter that runs them, the apps that result and their routes.
//!
//! *In:* the files' facts and the rules. *Out:* a [`world::World`] to look modules up in, a machine that has run them, tables of routes.
//! *Never:* a test's meaning, a verdict.
//!
//! Reading order: [`symbols`], [`world`] (modules), [`chunks`] (their parts), [`looks`] (which of them a piece of work looked at), [`values`] (the interpreter), [`routes`] (tables of apps), [`served`] (which
//! apps production runs), `factories` (what makes them), [`outline`](mod@outline) (all of it as text),
//! [`own_models`] (models that a project brings), [`kept`] (what was found out, as bytes); [`frontend`] is the same for its pages.

pub mod chunks;
mod factories;
pub mod frontend;
pub mod kept;
mod libraries;
pub mod looks;
pub mod outline;
pub mod own_models;
mod read_once;
pub mod routes;
pub mod served;
pub mod symbols;
pub mod values;
pub mod world;
