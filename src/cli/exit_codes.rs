//! Exit codes: what a shell or a CI job can tell from a run.
//!
//! `covgap && deploy` deploys only when every gate has passed. A panic, which is our bug, exits with Rust's own 101.

/// Done, and no gate failed.
pub const FINE: u8 = 0;
/// Analyzed, and a gate failed.
pub const GATE_FAILED: u8 = 1;
/// Could not do what was asked: a wrong argument or configuration, no such path, nothing to analyze.
pub const CANNOT: u8 = 2;
