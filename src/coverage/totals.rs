//! Totals: the mean of each side's bars, and of the two sides, with the weights of the configuration.
//!
//! ```toml
//! [tool.covgap.weights]
//! behavior = 0.9        # of Overall; `implementation` has the other weight
//! websocket = 2         # counts twice in Production Behavior
//! ```

use std::collections::BTreeMap;

use crate::coverage::audit::{Bar, Side, Totals, tenths};

/// Those that the audit's own 100, 20 and 40 imply.
const SIDES: [(Side, &str, &str, f64); 2] = [
    (
        Side::Implementation,
        "implementation",
        "implementation",
        0.25,
    ),
    (Side::Behavior, "behavior", "production behavior", 0.75),
];

/// Names of the weights of sides.
pub fn sides() -> impl Iterator<Item = &'static str> {
    SIDES.iter().map(|(_, id, ..)| *id)
}

/// Means over the measured bars; a bar without a weight has the weight 1.
pub fn of(bars: &[Bar], weights: &BTreeMap<String, f64>) -> Totals {
    let weight = |id: &str, usual: f64| weights.get(id).copied().unwrap_or(usual);
    let mean = |side: Side| {
        let measured = bars.iter().filter(|bar| bar.side == side);
        let weighed = measured
            .filter_map(|bar| Some((bar.percent()?, weight(bar.id.id(), 1.0))))
            .filter(|(_, weight)| *weight > 0.0);
        mean_of(weighed)
    };
    let [implementation, behavior] = SIDES.map(|(side, ..)| mean(side));
    let both = [implementation, behavior]
        .into_iter()
        .zip(SIDES)
        .filter_map(|(percent, (_, id, _, usual))| Some((percent?, weight(id, usual))));
    let formula: Vec<String> = SIDES
        .iter()
        .map(|(_, id, label, usual)| format!("{} × {label}", weight(id, *usual)))
        .collect();
    let sum: f64 = SIDES
        .iter()
        .map(|(_, id, _, usual)| weight(id, *usual))
        .sum();
    let formula = formula.join(" + ");
    Totals {
        implementation,
        behavior,
        overall: mean_of(both),
        formula: if (sum - 1.0).abs() < 1e-9 {
            formula
        } else {
            format!("({formula}) / {sum}")
        },
    }
}

/// To a tenth; none without a weight.
fn mean_of(weighed: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    let (sum, weights) = weighed.fold((0.0, 0.0), |(sum, weights), (percent, weight)| {
        (sum + percent * weight, weights + weight)
    });
    (weights > 0.0).then(|| tenths(sum / weights))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::audit::{BarId, BarState};

    fn bar(id: BarId, side: Side, covered: usize) -> Bar {
        Bar {
            id,
            side,
            state: BarState::Measured,
            covered,
            doubled: 0,
            setup: 0,
            total: 10,
            why: String::new(),
            items: Vec::new(),
        }
    }

    #[test]
    fn weights_count() {
        let bars = [
            bar(BarId::BackendServices, Side::Implementation, 10),
            bar(BarId::HttpEndpoints, Side::Behavior, 2),
            bar(BarId::WebsocketEndpoints, Side::Behavior, 8),
        ];
        let case = |weights: &[(&str, f64)], behavior: f64, overall: f64, formula: &str| {
            let weights = weights
                .iter()
                .map(|(id, weight)| ((*id).to_string(), *weight))
                .collect();
            let totals = of(&bars, &weights);
            assert_eq!(totals.behavior, Some(behavior));
            assert_eq!(totals.overall, Some(overall));
            assert_eq!(totals.formula, formula);
        };
        let usual = "0.25 × implementation + 0.75 × production behavior";
        case(&[], 50.0, 62.5, usual);
        case(&[("http", 0.0)], 80.0, 85.0, usual);
        case(
            &[("behavior", 1.0), ("implementation", 1.0)],
            50.0,
            75.0,
            "(1 × implementation + 1 × production behavior) / 2",
        );
    }
}
