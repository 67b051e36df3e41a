//! The whole tool: a folder in, an audit with its gates out.
//!
//! `covgap report shop` is `analyze(Options { root: "shop", … })` and a rendering of what it returns.

use crate::audits::{judged, shown};
use crate::config::{Error, Options};
use crate::coverage::Audit;
use crate::gate;
use crate::project::world::Next;

/// Reads the project and judges it. The errors are the user's; what can't be decided is in the audit.
pub fn analyze(options: &Options) -> Result<Audit, Error> {
    analyze_before(Next::Work, options)
}

/// [`analyze`] by a process that only shows what came out, and ends.
pub fn analyze_at_last(options: &Options) -> Result<Audit, Error> {
    analyze_before(Next::End, options)
}

fn analyze_before(next: Next, options: &Options) -> Result<Audit, Error> {
    let mut judged = judged(options, next)?;
    gate::judge(&mut judged.audit, options, &judged.config, &judged.criteria)?;
    Ok(shown(judged.audit, options))
}
