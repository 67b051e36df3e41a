//! The frontend: which requests its pages send, which React contexts they need, and what its tests open.
//!
//! *In:* the script files of a project and the rules. *Out:* a [`Frontend`]. *Never:* a route, a test of Python, a verdict.
//!
//! Reading order: [`packages`], [`scripts`] (files and what an import means), [`entries`] (pages), [`value`], [`machine`] (the
//! evaluator), [`statements`], [`expressions`], [`calls`], [`members`], [`patterns`], [`natives`] (what models use), [`effects`] (what
//! happened), [`addresses`], [`found`] (calls), [`providers`] (contexts), [`proxies`] (what stands between), [`look`] (all of it), `again` (which
//! may be what it was).

pub mod addresses;
mod again;
pub mod calls;
pub mod effects;
pub mod entries;
pub mod expressions;
pub mod found;
pub mod look;
pub mod machine;
pub mod members;
pub mod natives;
pub mod packages;
pub mod patterns;
pub mod providers;
pub mod proxies;
pub mod scripts;
pub mod statements;
pub mod value;

pub use again::look_again;
pub use look::Frontend;
