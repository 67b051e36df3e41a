//! What covgap knows, for a reader: a page for each gap kind, a line for each rule that evidence appeals to and for each model.
//!
//! `covgap rules explain untested-route` prints `rules/gaps/untested-route.md`; `covgap rules check` analyzes the examples of all
//! pages, and says which of them do not show what they claim.

use crate::analyze::analyze;
use crate::audits::{asked, rules};
use crate::cli::{RulePage, RulesCheck};
use crate::config::{Error, Options};
use crate::rules::pages::{self, Example, Page};
use crate::rules::{Model, Rules};
use crate::source::{self, Scratch};

/// All rules, sorted by id: covgap's own and the project's.
pub fn rule_pages(options: &Options) -> Result<Vec<RulePage>, Error> {
    let rules = rules_of(options)?;
    let gaps = pages::pages()?.into_iter().map(|page| RulePage {
        id: page.id,
        summary: page.summary,
        page: page.text,
    });
    let evidence = rules.evidence.iter().map(|(id, says)| RulePage {
        id: id.clone(),
        summary: says.clone(),
        page: format!("# {id}\n\n{says}\n"),
    });
    let models = rules.models.iter().map(page_of_model);
    let mut found: Vec<RulePage> = gaps.chain(evidence).chain(models).collect();
    found.sort_by(|one, two| one.id.cmp(&two.id));
    Ok(found)
}

fn rules_of(options: &Options) -> Result<Rules, Error> {
    let origin = source::open(&options.root, options.revision.as_deref())?;
    let config = source::configure(&origin, options.config.as_deref(), asked(options))?;
    rules(&origin, &config)
}

/// A model is its own page: Python that says what the library does.
fn page_of_model(model: &Model) -> RulePage {
    let id = format!("model/{}", model.name);
    let owner = match &model.own_path {
        Some(path) => format!("your own, {path}"),
        None => "embedded".to_owned(),
    };
    let first = model.text.lines().next().unwrap_or_default();
    let says = match first.strip_prefix("\"\"\"") {
        Some(docstring) => docstring.trim_end_matches("\"\"\"").to_owned(),
        None => format!("stands for `{}`", model.name),
    };
    RulePage {
        page: format!(
            "# {id} ({owner})\n\nThis Python is run wherever the project imports `{}`:\n\n{}",
            model.name, model.text
        ),
        summary: match &model.own_path {
            Some(path) => format!("{says} ({path})"),
            None => says,
        },
        id,
    }
}

/// Runs the examples and counter-examples of all pages.
pub fn check_rules(options: &Options) -> Result<RulesCheck, Error> {
    let rules = rule_pages(options)?.len();
    let mut check = RulesCheck {
        rules,
        examples: 0,
        problems: Vec::new(),
    };
    for page in pages::pages()? {
        for (example, wanted) in [
            (&page.example, Wanted::Gap),
            (&page.counter_example, Wanted::NoGap),
        ] {
            check.examples += 1;
            check
                .problems
                .extend(problem(&page, example, wanted, options)?);
        }
    }
    Ok(check)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Gap,
    NoGap,
}

fn problem(
    page: &Page,
    example: &Example,
    wanted: Wanted,
    options: &Options,
) -> Result<Option<Error>, Error> {
    let scratch = Scratch::new(&example.files)?;
    let audit = analyze(&Options {
        root: scratch.path().to_path_buf(),
        threads: options.threads,
        possible: true,
        ..Options::default()
    });
    let says = match (audit, wanted) {
        (Err(error), _) => format!(
            "the example of `{}` cannot be analyzed: {}",
            page.id, error.says
        ),
        (Ok(audit), _) if audit.routes.is_empty() && audit.tests.is_empty() => {
            format!(
                "the example of `{}` has neither a route nor a test",
                page.id
            )
        }
        (Ok(audit), wanted) => {
            let raises = audit.gaps.iter().any(|gap| gap.kind == page.id);
            match (raises, wanted) {
                (true, Wanted::Gap) | (false, Wanted::NoGap) => return Ok(None),
                (false, Wanted::Gap) => format!("the example does not raise `{}`", page.id),
                (true, Wanted::NoGap) => format!("the counter-example raises `{}`", page.id),
            }
        }
    };
    let help = "the page claims something that covgap does not find";
    Ok(Some(
        Error::at(&page.path, says).on_line(example.line).help(help),
    ))
}
