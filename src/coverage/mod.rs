//! Coverage: what all links of a project amount to, as verdicts, bars and gaps.
//!
//! *In:* the routes, tests, exercises and error branches of a project. *Out:* [`Audit`], everything that a report shows.
//! *Never:* a value of the interpreter, the disk, a format.
//!
//! Reading order: [`audit`] (the types), [`judge()`] (links → audit), [`chains`], [`branches`], [`verdicts`], [`frontend`], [`bars_of_frontend`],
//! [`contexts`], [`gaps_of_frontend`], [`bars`], [`gaps`],
//! [`totals`], [`gates`] (what must hold before a stage), [`unknowns`] (what could not be seen), [`unread`] (files that could not be read),
//! [`snippets`] (lines to show beside a place); what tests do with infrastructure stands in `reaches` and `infrastructure`,
//! what their requests carry from fixtures in `logins`, routers that no app includes in `unincluded`, classes that are looked up
//! and never made in `unmade`, routes that a gateway leads elsewhere in
//! `gateways`, and answers that hide a failure in `degraded`.

mod asserted_settings;
pub mod audit;
pub mod bars;
mod bars_of_frontend;
mod blocking;
pub mod branches;
mod chains;
mod contexts;
mod degraded;
pub mod frontend;
pub mod gaps;
pub mod gaps_of_frontend;
pub mod gates;
mod gateways;
mod hazards;
mod infrastructure;
pub mod judge;
mod logins;
mod networks;
mod reaches;
mod settings;
mod skips;
mod snippets;
mod startup;
pub mod totals;
mod unincluded;
mod unknowns;
mod unmade;
mod unread;
pub mod verdicts;

pub use audit::Audit;
pub use judge::judge;
