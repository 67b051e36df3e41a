//! Waivers: gaps that somebody answers for, until a day. They stay in every report; until that day no gate counts them.
//!
//! ```toml
//! [[tool.covgap.waivers]]
//! gap = "untested-route-4f1d0c92ab"      # or a pattern: "untested-error-*"
//! reason = "the route goes with the next release"
//! owner = "payments"
//! expires = "2026-12-31"                 # the last day on which it holds
//! ```

use super::dates;
use crate::config::{Config, Error, WaiverSettings};
use crate::coverage::audit::{Audit, Gate, Waiver};
use crate::source::patterns;

pub const STAGE: &str = "waivers";

/// Marks the waived gaps; the gates: no waiver is out of date, none is for nothing. `today` in seconds since 1970. The errors are the
/// user's: a date that is none, a pattern for everything.
pub fn apply(audit: &mut Audit, config: &Config, today: i64) -> Result<Vec<Gate>, Error> {
    if config.waivers.is_empty() {
        return Ok(Vec::new());
    }
    let written_in = config.written_in.as_deref().unwrap_or("the configuration");
    let mut expired = Vec::new();
    let mut idle = Vec::new();
    for settings in &config.waivers {
        let is_expired = is_over(settings, today, written_in)?;
        refuse_everything(settings, written_in)?;
        let mut is_used = false;
        let waived = audit
            .gaps
            .iter_mut()
            .filter(|gap| patterns::matches(&settings.gap, &gap.id));
        for gap in waived {
            is_used = true;
            // Of several waivers the one that still holds counts.
            if gap.waiver.as_ref().is_none_or(|known| known.is_expired) {
                gap.waiver = Some(Waiver {
                    reason: settings.reason.clone(),
                    owner: settings.owner.clone(),
                    expires: settings.expires.clone(),
                    is_expired,
                });
            }
        }
        if is_expired {
            expired.push(format!(
                "{} ({}, {})",
                settings.gap, settings.owner, settings.expires
            ));
        }
        if !is_used {
            idle.push(settings.gap.clone());
        }
    }
    let gate = |id: &str, wrong: &[String], fine: &str, what: &str| {
        Gate::of(id, STAGE, wrong, usize::MAX, fine, what)
    };
    let waived = audit.gaps.iter().filter(|gap| gap.is_waived()).count();
    Ok(vec![
        gate(
            "no-expired-waiver",
            &expired,
            &format!("Every waiver holds: {waived} waived"),
            "expired",
        ),
        gate(
            "no-idle-waiver",
            &idle,
            "Every waiver is for a gap",
            "for nothing; take them out",
        ),
    ])
}

fn is_over(settings: &WaiverSettings, today: i64, written_in: &str) -> Result<bool, Error> {
    let last = dates::read(&settings.expires).ok_or_else(|| {
        Error::at(
            written_in,
            format!(
                "a waiver expires on a day that is none: `{}`",
                settings.expires
            ),
        )
        .on_line(settings.line)
        .help("for example `expires = \"2026-12-31\"`, the last day on which it holds")
    })?;
    Ok(today >= last + dates::DAY)
}

/// A pattern that leaves the kind of gap open would waive what nobody has seen yet.
fn refuse_everything(settings: &WaiverSettings, written_in: &str) -> Result<(), Error> {
    let literal = settings
        .gap
        .split(['*', '?', '['])
        .next()
        .unwrap_or_default();
    if literal.contains('-') {
        return Ok(());
    }
    Err(Error::at(
        written_in,
        format!("a waiver for gaps of any kind: `{}`", settings.gap),
    )
    .on_line(settings.line)
    .help("name a gap, or a kind of them as in `untested-error-*`"))
}
