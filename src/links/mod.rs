//! Links: test → route, with contact, confidence and evidence; error branches of routes; direct calls.
//!
//! *In:* a world whose modules have run, and the suites. *Out:* [`Links`]: what each test does. *Never:* a verdict, a bar.
//!
//! Reading order: [`grounds`] (the modules run), `late` (those that fixtures import), [`collect`] (tests as pytest finds them), [`clashes`], [`fixtures`], [`clients`], [`generated`] (parameters from hooks),
//! [`walk`] (runs a test), [`paths`] (which route takes a URL), [`arrivals`] (behind which
//! middleware), [`redirects`] (and which the answer sends it on to), [`branches`] (how a handler can fail), [`provoked`] (how it did
//! fail), [`degraded`] (how it hides that), [`live`] (what production runs), [`registered`] (what else is said of a route), [`names`], [`settings`], [`fields`] (what
//! it reads from its environment), [`libraries`] (what is there when it runs nothing), [`services`] (its classes),
//! [`infrastructure`] (what it stands on), [`beyond`] (what it does not), [`unbound`] (names that nothing binds), [`unmade`] (classes
//! that nobody can make), [`trace`] (all of it),
//! [`reuse`] (of what need not be done again), `given` (what that depends on), `asked` (what tables answered), [`tables`] (how it is kept), [`sums`] and [`called`] (what it was done on), [`kept`] (what it came to, as bytes).

pub mod absence;
mod arrivals;
mod asked;
pub mod beyond;
pub mod blocking;
pub mod branches;
pub mod called;
pub mod clashes;
pub mod clients;
pub mod collect;
pub mod degraded;
pub mod fields;
pub mod fixtures;
pub mod generated;
mod given;
pub mod grounds;
pub mod infrastructure;
pub mod kept;
mod late;
pub mod libraries;
pub mod live;
pub mod names;
pub mod paths;
pub mod provoked;
pub mod redirects;
pub mod registered;
pub mod reuse;
pub mod services;
pub mod settings;
pub mod startup;
pub mod sums;
pub mod tables;
pub mod trace;
pub mod unbound;
pub mod unmade;
pub mod walk;
mod xunit;

pub use trace::{Links, trace};
