//! Settings classes: annotated fields that are filled from the environment.
//!
//! ```python
//! class Settings(BaseSettings):
//!     database_url: PostgresDsn                                          # APP_DATABASE_URL, required
//!     key: str = Field("", validation_alias=AliasChoices("KEY", "OLD"))  # KEY or OLD
//!     model_config = SettingsConfigDict(env_prefix="APP_")
//! ```
//! Source: <https://docs.pydantic.dev/latest/concepts/pydantic_settings/>. Names are compared in capitals.
//!
//! Not handled: nested models filled by a delimiter; sources of its own.

use std::collections::BTreeSet;

use crate::facts::program::{Argument, ArgumentKind, Class, Expr, ExprId, Stmt};
use crate::links::names::Names;
use crate::links::settings::{Fallback, Read, Settings, argument, fallback_of};
use crate::project::world::{CodePlace, Import, Unit};

/// Bases of bases are followed so deep.
const DEEPEST: usize = 5;

/// Adds what the classes of a file read.
pub(super) fn read(names: &Names<'_>, unit: &Unit, settings: &mut Settings) {
    for class in &unit.facts.classes {
        if is_settings(names, unit, class, 0) {
            one_class(names, unit, class, settings);
        }
    }
}

fn is_settings(names: &Names<'_>, unit: &Unit, class: &Class, depth: usize) -> bool {
    let known = &names.world.rules.settings.lists.classes;
    if depth > DEEPEST {
        return false;
    }
    let bases = unit.facts.argument_list(class.arguments).iter();
    let mut bases = bases.filter(|base| base.kind == ArgumentKind::Positional);
    bases.any(|base| match names.path(unit, base.value) {
        Some(path) if known.contains(&path) => true,
        Some(path) => own_class(names, unit, &path, depth),
        // A class of the same file is bound by its definition.
        None => names.spelled(unit, base.value).is_some_and(|name| {
            let mut classes = unit.facts.classes.iter();
            classes
                .find(|other| unit.facts.name(other.name) == name)
                .is_some_and(|other| is_settings(names, unit, other, depth + 1))
        }),
    })
}

fn own_class(names: &Names<'_>, unit: &Unit, path: &str, depth: usize) -> bool {
    let Some((module, name)) = path.rsplit_once('.') else {
        return false;
    };
    let Import::Module(target) = names.world.resolve(unit.id, module) else {
        return false;
    };
    let inner = names
        .world
        .file_of(target)
        .and_then(|_| names.world.loaded(target));
    inner.is_some_and(|inner| {
        let mut classes = inner.facts.classes.iter();
        classes
            .find(|other| inner.facts.name(other.name) == name)
            .is_some_and(|other| is_settings(names, inner, other, depth + 1))
    })
}

fn one_class(names: &Names<'_>, unit: &Unit, class: &Class, settings: &mut Settings) {
    let facts = &unit.facts;
    let prefix = prefix(names, unit, class);
    for statement in facts.stmt_list(class.body) {
        let line = facts.stmt_line(*statement);
        let (target, annotation, value) = match facts.stmt(*statement) {
            Stmt::AnnAssign {
                target,
                annotation,
                value,
            } => (target, annotation, Some(value)),
            Stmt::Declare { target, annotation } => (target, annotation, None),
            _ => continue,
        };
        let Some(field) = names.spelled(unit, target) else {
            continue;
        };
        if field.starts_with('_') || field == "model_config" || !is_field(names, unit, annotation) {
            continue;
        }
        let call = value.and_then(|value| field_call(names, unit, value));
        let aliases: Vec<String> = call
            .map(|call| aliases(names, unit, call))
            .unwrap_or_default();
        let fallback = match (value, call) {
            (_, Some(call)) => {
                let options = facts.argument_list(call);
                let factory = argument(unit, options, usize::MAX, Some("default_factory"));
                match argument(unit, options, 0, Some("default")) {
                    Some(default) => fallback_of(unit, default),
                    None if factory.is_some() => Fallback::Other,
                    None => required(names, unit, annotation),
                }
            }
            (Some(value), None) => fallback_of(unit, value),
            (None, None) => required(names, unit, annotation),
        };
        let all = if aliases.is_empty() {
            vec![format!("{prefix}{field}").to_uppercase()]
        } else {
            aliases
        };
        for (position, name) in all.iter().enumerate() {
            let place = CodePlace {
                module: unit.id,
                line,
            };
            // Each of several names may be the one that is set.
            let fallback = if position == 0 {
                fallback.clone()
            } else {
                Fallback::Other
            };
            settings.reads.push(Read {
                name: name.clone(),
                place,
                fallback,
            });
        }
        if all.len() > 1 {
            settings
                .alternatives
                .push(all.into_iter().collect::<BTreeSet<String>>());
        }
    }
}

/// `ClassVar` and the like are no fields.
fn is_field(names: &Names<'_>, unit: &Unit, annotation: ExprId) -> bool {
    let object = match unit.facts.expr(annotation) {
        Expr::Subscript { object, .. } => object,
        _ => annotation,
    };
    let last = match unit.facts.expr(object) {
        Expr::Attribute { name, .. } => Some(unit.facts.name(name)),
        _ => names.spelled(unit, object),
    };
    !matches!(last, Some("ClassVar" | "Final"))
}

/// What a field without a default needs; a type that other variables may fill needs nothing for sure.
fn required(names: &Names<'_>, unit: &Unit, annotation: ExprId) -> Fallback {
    let plain = &names.world.rules.settings.lists.plain_types;
    let path = names.path(unit, annotation);
    let spelled = path.or_else(|| names.spelled(unit, annotation).map(str::to_string));
    match spelled {
        Some(name) if plain.contains(&name) => Fallback::Fails,
        _ => Fallback::Other,
    }
}

fn field_call(
    names: &Names<'_>,
    unit: &Unit,
    value: ExprId,
) -> Option<crate::facts::program::Span> {
    let Expr::Call {
        function,
        arguments,
    } = unit.facts.expr(value)
    else {
        return None;
    };
    let path = names.path(unit, function)?;
    let rules = &names.world.rules.settings.lists;
    rules.fields.contains(&path).then_some(arguments)
}

/// `alias="A"`, `validation_alias=AliasChoices("A", "B")`, `env="A"`, `env=["A", "B"]`.
fn aliases(names: &Names<'_>, unit: &Unit, call: crate::facts::program::Span) -> Vec<String> {
    let facts = &unit.facts;
    let options: &[Argument] = facts.argument_list(call);
    let named = ["validation_alias", "alias", "env"];
    let value = named
        .iter()
        .find_map(|name| argument(unit, options, usize::MAX, Some(name)));
    let Some(value) = value else {
        return Vec::new();
    };
    let texts: Vec<String> = match facts.expr(value) {
        Expr::Call {
            function,
            arguments,
        } => {
            let is_choice = names
                .path(unit, function)
                .is_some_and(|path| names.world.rules.settings.lists.choices.contains(&path));
            let arguments = facts.argument_list(arguments).iter();
            let texts = arguments.flat_map(|one| names.texts(unit, one.value));
            if is_choice {
                texts.collect()
            } else {
                Vec::new()
            }
        }
        Expr::List(_) | Expr::Tuple(_) => names.items(unit, value, 0),
        _ => names.texts(unit, value),
    };
    texts.into_iter().map(|text| text.to_uppercase()).collect()
}

/// `env_prefix` of `model_config`, or of the class `Config` inside.
fn prefix(names: &Names<'_>, unit: &Unit, class: &Class) -> String {
    let facts = &unit.facts;
    for statement in facts.stmt_list(class.body) {
        match facts.stmt(*statement) {
            Stmt::Assign { value, .. } | Stmt::AnnAssign { value, .. } => {
                let Expr::Call { arguments, .. } = facts.expr(value) else {
                    if let Expr::Dict(span) = facts.expr(value) {
                        let pairs = facts.expr_list(span).chunks(2);
                        for pair in pairs {
                            let [key, value] = pair else { continue };
                            if names.texts(unit, *key) == ["env_prefix"] {
                                return names.texts(unit, *value).pop().unwrap_or_default();
                            }
                        }
                    }
                    continue;
                };
                let options = facts.argument_list(arguments);
                if let Some(value) = argument(unit, options, usize::MAX, Some("env_prefix")) {
                    return names.texts(unit, value).pop().unwrap_or_default();
                }
            }
            Stmt::ClassDef(inner) => {
                for statement in facts.stmt_list(facts.class(inner).body) {
                    if let Stmt::Assign { targets, value } = facts.stmt(*statement)
                        && facts
                            .expr_list(targets)
                            .iter()
                            .any(|target| names.spelled(unit, *target) == Some("env_prefix"))
                    {
                        return names.texts(unit, value).pop().unwrap_or_default();
                    }
                }
            }
            _ => {}
        }
    }
    String::new()
}
