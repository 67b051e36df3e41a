//! The room `source`, through its public functions, on small trees on a real disk.
#![allow(clippy::unwrap_used)]

mod files;
mod launches;
mod modules;
mod suites;
mod trees;
