//! Gates that a project asks for in its configuration, beside those that every project has.
//!
//! ```toml
//! [tool.covgap.fail-under]
//! http = 80        # the bar HTTP Endpoints must show 80% or more
//! ```

use crate::config::{Config, Error, nearest};
use crate::coverage::audit::{Bar, BarState, Gate};

/// One gate for each bar that has a lowest percentage. The errors are the user's: a bar that there is not, a key that has no effect.
pub fn asked_for(bars: &[Bar], config: &Config) -> Result<Vec<Gate>, Error> {
    let written_in = config.written_in.as_deref().unwrap_or("the configuration");
    for (key, is_empty) in [
        ("weights", config.weights.is_empty()),
        ("gates", config.gates.is_empty()),
    ] {
        if !is_empty {
            // To read it and not to obey it would be a gate that is always open.
            return Err(
                Error::at(written_in, format!("`{key}` has no effect in this version"))
                    .help("take it out; `fail-under` sets the lowest percentage of a bar"),
            );
        }
    }
    let known: Vec<&str> = bars.iter().map(|bar| bar.id.id()).collect();
    let gate_of = |(id, lowest): (&String, &f64)| {
        let Some(bar) = bars.iter().find(|bar| bar.id.id() == id) else {
            let error = Error::at(written_in, format!("`fail-under` names no bar: `{id}`"));
            return Err(match nearest(id, &known) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help(format!("the bars are {}", known.join(", "))),
            });
        };
        Ok(gate(bar, *lowest))
    };
    config.fail_under.iter().map(gate_of).collect()
}

fn gate(bar: &Bar, lowest: f64) -> Gate {
    let label = bar.id.label();
    let (passed, says) = match (&bar.state, bar.percent()) {
        (BarState::NotApplicable, _) => (true, format!("{label} does not apply")),
        (BarState::NotAnalyzed, _) => (false, format!("{label} is not analyzed")),
        (BarState::Measured, None) => (true, format!("{label} counts nothing")),
        (BarState::Measured, Some(percent)) => (
            percent >= lowest,
            format!("{label} shows {percent}%, wanted {lowest}%"),
        ),
    };
    Gate {
        id: format!("fail-under-{}", bar.id.id()),
        stage: "configuration".into(),
        passed,
        says,
    }
}
