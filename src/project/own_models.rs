//! Looks at the models that a project brings before anything is analyzed with them: a typo in one would only lose links, silently.
//!
//! ```python
//! import covgap
//!
//! def get(url):
//!     covgap.reqest("http", None, "GET", url)   # error: covgap has no operation `reqest` … help: did you mean `request`?
//! ```

use crate::config::{Error, nearest};
use crate::facts::program::Expr;
use crate::facts::{Facts, extract};
use crate::project::values::natives::Native;
use crate::rules::{Model, Rules};

/// The first mistake in the project's own models, if there is one.
pub fn check_own_models(rules: &Rules) -> Result<(), Error> {
    for model in &rules.models {
        if let Some(path) = &model.own_path {
            check(model, path)?;
        }
    }
    Ok(())
}

fn check(model: &Model, path: &str) -> Result<(), Error> {
    let facts = extract(&model.text);
    if let Some(problem) = facts.problems.first() {
        return Err(
            Error::at(path, format!("not valid Python: {}", problem.says))
                .on_line(problem.line as usize)
                .help("a model is a Python module that is run in the place of the library"),
        );
    }
    match unknown_operation(&facts) {
        Some((line, name)) => {
            let error =
                Error::at(path, format!("covgap has no operation `{name}`")).on_line(line as usize);
            Err(match nearest(name, Native::OPERATIONS) {
                Some(known) => error.help(format!("did you mean `{known}`?")),
                None => error.help(format!(
                    "the operations are {}",
                    Native::OPERATIONS.join(", ")
                )),
            })
        }
        None => Ok(()),
    }
}

/// An attribute of the module `covgap` that it does not have, with its line.
fn unknown_operation(facts: &Facts) -> Option<(u32, &str)> {
    facts
        .exprs
        .iter()
        .zip(&facts.expr_lines)
        .find_map(|(expr, line)| {
            let Expr::Attribute { object, name } = expr else {
                return None;
            };
            let Expr::Name(module) = facts.expr(*object) else {
                return None;
            };
            let name = facts.name(*name);
            let is_unknown = facts.name(module) == "covgap" && Native::operation(name).is_none();
            is_unknown.then_some((*line, name))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_have_a_line_and_a_help() {
        let case = |text: &str, expected: &str| {
            let model = Model {
                name: "acme".into(),
                text: text.into(),
                own_path: Some("own/acme.py".into()),
            };
            let found = check(&model, "own/acme.py");
            assert_eq!(
                found
                    .map_err(|error| error.to_string())
                    .err()
                    .as_deref()
                    .unwrap_or(""),
                expected
            );
        };
        case(
            "import covgap\n\ndef get(url):\n    covgap.request(url)\n",
            "",
        );
        case(
            "import covgap\n\ndef get(url):\n    covgap.reqest(url)\n",
            "error: covgap has no operation `reqest`\n  --> own/acme.py:4\n  help: did you mean `request`?",
        );
    }

    #[test]
    fn the_embedded_models_have_no_mistake() {
        let rules = Rules::load(Vec::new()).unwrap();
        for model in &rules.models {
            assert_eq!(check(model, &model.name), Ok(()));
        }
    }
}
