//! Gates: the success criteria of each stage, and what a project asks for instead or beside.
//!
//! ```toml
//! [tool.covgap.fail-under]
//! http = 80                      # the bar HTTP Endpoints must show 80% or more
//!
//! [tool.covgap.gates.deployment] # in the place of the criteria of this stage
//! http-endpoints-tested = true   # this one of them stays
//! errors = 60                    # a bar, or a total: its lowest percentage
//! untested-error = 3             # a kind of gap, or a priority: so many may be open
//! ```

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{Config, Error, nearest};
use crate::coverage::audit::{Audit, Bar, BarState, Gap, Gate, Priority};
use crate::coverage::totals;
use crate::rules::criteria::Criterion;
use crate::rules::pages;

const PRIORITIES: [(&str, Priority); 3] = [
    ("P0", Priority::P0),
    ("P1", Priority::P1),
    ("P2", Priority::P2),
];
const OVERALL: &str = "overall";

/// All gates, by stage. The errors are the user's: a bar or a kind that there is not, a value that means nothing.
pub fn judge(audit: &Audit, config: &Config, criteria: &[Criterion]) -> Result<Vec<Gate>, Error> {
    let known = Known::new(audit, config, criteria)?;
    known.weights(&config.weights)?;
    let mut stages: Vec<&str> = Vec::new();
    let usual = criteria.iter().map(|criterion| criterion.stage.as_str());
    for stage in usual.chain(config.gates.keys().map(String::as_str)) {
        if !stages.contains(&stage) {
            stages.push(stage);
        }
    }
    let mut gates = Vec::new();
    for stage in stages {
        match config.gates.get(stage) {
            Some(conditions) => {
                for (condition, values) in conditions {
                    gates.extend(known.asked_for(stage, condition, values)?);
                }
            }
            None => gates.extend(
                criteria
                    .iter()
                    .filter(|criterion| criterion.stage == stage)
                    .map(|criterion| known.criterion(criterion)),
            ),
        }
    }
    for (bar, lowest) in &config.fail_under {
        let bar = known.bar(bar, "fail-under")?;
        gates.push(at_least(bar, *lowest, "configuration", "fail-under"));
    }
    Ok(gates)
}

/// What a condition may speak of.
struct Known<'a> {
    audit: &'a Audit,
    criteria: &'a [Criterion],
    kinds: Vec<String>,
    written_in: &'a str,
}

impl<'a> Known<'a> {
    fn new(
        audit: &'a Audit,
        config: &'a Config,
        criteria: &'a [Criterion],
    ) -> Result<Known<'a>, Error> {
        Ok(Known {
            audit,
            criteria,
            kinds: pages::pages()?.into_iter().map(|page| page.id).collect(),
            written_in: config.written_in.as_deref().unwrap_or("the configuration"),
        })
    }

    fn bar(&self, id: &str, table: &str) -> Result<&'a Bar, Error> {
        let found = self.audit.bars.iter().find(|bar| bar.id.id() == id);
        found.ok_or_else(|| {
            let bars: Vec<&str> = self.audit.bars.iter().map(|bar| bar.id.id()).collect();
            let error = Error::at(self.written_in, format!("`{table}` names no bar: `{id}`"));
            match nearest(id, &bars) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help(format!("the bars are {}", bars.join(", "))),
            }
        })
    }

    fn weights(&self, weights: &BTreeMap<String, f64>) -> Result<(), Error> {
        for (id, weight) in weights {
            if !totals::sides().any(|side| side == id) {
                self.bar(id, "weights")?;
            }
            if *weight < 0.0 {
                let error = Error::at(self.written_in, format!("the weight of `{id}` is negative"));
                return Err(error.help("0 leaves a bar out of the totals"));
            }
        }
        Ok(())
    }

    /// The gaps of some kinds that count.
    fn open(&self, holds: impl Fn(&Gap) -> bool) -> usize {
        self.audit
            .gaps
            .iter()
            .filter(|gap| gap.counts() && holds(gap))
            .count()
    }

    fn criterion(&self, criterion: &Criterion) -> Gate {
        let mut missing: Vec<String> = Vec::new();
        for kind in &criterion.kinds {
            let open = self.open(|gap| gap.kind == *kind);
            if open > 0 {
                missing.push(format!("{open} {kind}"));
            }
        }
        for (id, lowest) in &criterion.bars {
            if let Some(bar) = self.audit.bars.iter().find(|bar| bar.id.id() == id) {
                let gate = at_least(bar, *lowest, "", "");
                missing.extend((!gate.passed).then_some(gate.says));
            }
        }
        let rest = PRIORITIES
            .iter()
            .find(|(name, _)| criterion.rest.as_deref() == Some(*name));
        if let Some((name, priority)) = rest {
            let others: BTreeSet<&str> = self
                .criteria
                .iter()
                .flat_map(|criterion| criterion.kinds.iter().map(String::as_str))
                .collect();
            let open =
                self.open(|gap| gap.priority == *priority && !others.contains(gap.kind.as_str()));
            if open > 0 {
                missing.push(format!("{open} of priority {name}"));
            }
            // Kinds of another stage's criterion count here when they are this urgent.
            missing.extend(self.urgent(criterion, *priority));
        }
        let says = if missing.is_empty() {
            criterion.says.clone()
        } else {
            format!("{}: {}", criterion.says, missing.join(", "))
        };
        Gate {
            id: criterion.id.clone(),
            stage: criterion.stage.clone(),
            passed: missing.is_empty(),
            says,
        }
    }

    /// Gaps of this priority whose kind only criteria of other stages name.
    fn urgent(&self, criterion: &Criterion, priority: Priority) -> Vec<String> {
        let mut by_kind: BTreeMap<&str, usize> = BTreeMap::new();
        for gap in self
            .audit
            .gaps
            .iter()
            .filter(|gap| gap.counts() && gap.priority == priority)
        {
            let mut naming = self
                .criteria
                .iter()
                .filter(|other| other.kinds.contains(&gap.kind))
                .peekable();
            if naming.peek().is_some() && naming.all(|other| other.stage != criterion.stage) {
                *by_kind.entry(&gap.kind).or_default() += 1;
            }
        }
        let stages = self.criteria.iter().map(|one| one.stage.as_str());
        // What an earlier stage asks for already is not asked twice.
        let earlier: Vec<&str> = stages
            .take_while(|stage| *stage != criterion.stage)
            .collect();
        by_kind
            .into_iter()
            .filter(|(kind, _)| {
                !self.criteria.iter().any(|other| {
                    earlier.contains(&other.stage.as_str())
                        && other.kinds.iter().any(|known| known == kind)
                })
            })
            .map(|(kind, open)| format!("{open} {kind}"))
            .collect()
    }

    /// The gates of one line of the configuration.
    fn asked_for(
        &self,
        stage: &str,
        condition: &str,
        values: &[String],
    ) -> Result<Vec<Gate>, Error> {
        if condition == "kinds" {
            return values
                .iter()
                .map(|kind| self.at_most(stage, kind, 0))
                .collect();
        }
        let value = values.first().map_or("", String::as_str);
        let usual = self
            .criteria
            .iter()
            .find(|criterion| criterion.id == condition);
        if let Some(criterion) = usual {
            return match value {
                "true" => Ok(vec![Gate {
                    stage: stage.to_string(),
                    ..self.criterion(criterion)
                }]),
                "false" => Ok(Vec::new()),
                _ => Err(self.no_value(stage, condition, "`true` or `false`")),
            };
        }
        if let Some(percent) = self.total(condition) {
            let lowest = self.number(stage, condition, value)?;
            return Ok(vec![Gate {
                id: format!("{stage}-{condition}"),
                stage: stage.to_string(),
                passed: percent.is_some_and(|percent| percent >= lowest),
                says: match percent {
                    Some(percent) => format!("{condition} shows {percent}%, wanted {lowest}%"),
                    None => format!("{condition} is not measured"),
                },
            }]);
        }
        if self.audit.bars.iter().any(|bar| bar.id.id() == condition) {
            let lowest = self.number(stage, condition, value)?;
            let bar = self.bar(condition, "gates")?;
            return Ok(vec![at_least(bar, lowest, stage, stage)]);
        }
        let most = self.number(stage, condition, value);
        Ok(vec![self.at_most(stage, condition, most? as usize)?])
    }

    fn total(&self, name: &str) -> Option<Option<f64>> {
        let totals = &self.audit.totals;
        match name {
            OVERALL => Some(totals.overall),
            _ if Some(name) == totals::sides().next() => Some(totals.implementation),
            _ if totals::sides().any(|side| side == name) => Some(totals.behavior),
            _ => None,
        }
    }

    fn number(&self, stage: &str, condition: &str, value: &str) -> Result<f64, Error> {
        let number = value.trim_end_matches('%').parse::<f64>().ok();
        number
            .filter(|number| number.is_finite() && *number >= 0.0)
            .ok_or_else(|| self.no_value(stage, condition, "a number"))
    }

    fn no_value(&self, stage: &str, condition: &str, wanted: &str) -> Error {
        Error::at(
            self.written_in,
            format!("`gates.{stage}.{condition}` must be {wanted}"),
        )
    }

    fn at_most(&self, stage: &str, name: &str, most: usize) -> Result<Gate, Error> {
        let priority = PRIORITIES.iter().find(|(known, _)| *known == name);
        if priority.is_none() && !self.kinds.iter().any(|kind| kind == name) {
            return Err(self.no_condition(stage, name));
        }
        let open = self.open(|gap| match priority {
            Some((_, priority)) => gap.priority == *priority,
            None => gap.kind == name,
        });
        Ok(Gate {
            id: format!("{stage}-{name}"),
            stage: stage.to_string(),
            passed: open <= most,
            says: format!("{open} open gaps of {name}, at most {most} wanted"),
        })
    }

    fn no_condition(&self, stage: &str, name: &str) -> Error {
        let error = Error::at(
            self.written_in,
            format!("`gates.{stage}` asks for what is not known: `{name}`"),
        );
        let bars = self.audit.bars.iter().map(|bar| bar.id.id());
        let known: Vec<&str> = bars
            .chain(self.kinds.iter().map(String::as_str))
            .chain(self.criteria.iter().map(|one| one.id.as_str()))
            .collect();
        match nearest(name, &known) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error
                .help("a condition is a bar, a total, a kind of gap, a priority, or a criterion"),
        }
    }
}

fn at_least(bar: &Bar, lowest: f64, stage: &str, prefix: &str) -> Gate {
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
        id: format!("{prefix}-{}", bar.id.id()),
        stage: stage.to_string(),
        passed,
        says,
    }
}
