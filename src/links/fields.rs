//! Settings classes: annotated fields that are filled from the environment.
//!
//! ```python
//! class Settings(BaseSettings):
//!     database_url: PostgresDsn                                          # APP_DATABASE_URL, required
//!     key: str = Field("", validation_alias=AliasChoices("KEY", "OLD"))  # KEY or OLD
//!     mail: Mail                                                         # a model: the host is APP_MAIL__HOST
//!     model_config = SettingsConfigDict(env_prefix="APP_", env_nested_delimiter="__")
//! ```
//! Source: <https://docs.pydantic.dev/latest/concepts/pydantic_settings/>. Names are compared in capitals.
//!
//! Not handled: sources of its own.

use std::collections::BTreeSet;

use crate::facts::program::{Argument, ArgumentKind, Class, Expr, ExprId, Span, Stmt};
use crate::links::names::Names;
use crate::links::settings::{Fallback, Read, Settings, argument, fallback_of};
use crate::project::world::{CodePlace, Unit};

/// Bases of bases are followed so deep.
const DEEPEST: usize = 5;

/// A class, with its file.
type Home<'w> = (&'w Unit, &'w Class);

/// Adds what the classes of a file read.
pub(super) fn read<'w>(names: &Names<'w>, unit: &'w Unit, settings: &mut Settings) {
    for class in &unit.facts.classes {
        let mut line = Vec::new();
        if is_settings(names, (unit, class), 0, &mut line) {
            one_class(names, &line, settings);
        }
    }
}

/// Is it a class that is filled from the environment? With its line: itself, and the project's classes that it inherits.
fn is_settings<'w>(
    names: &Names<'w>,
    (unit, class): Home<'w>,
    depth: usize,
    line: &mut Vec<Home<'w>>,
) -> bool {
    if depth > DEEPEST {
        return false;
    }
    line.push((unit, class));
    let known = &names.world.rules.settings.lists.classes;
    let mut is_settings = false;
    for base in unit.facts.argument_list(class.arguments) {
        if base.kind != ArgumentKind::Positional {
            continue;
        }
        let dotted = names.dotted(unit, base.value);
        let own = names.path(unit, base.value);
        is_settings |= dotted.is_some_and(|path| known.contains(&path));
        if let Some(home) = own.and_then(|path| names.class(&path)) {
            is_settings |= self::is_settings(names, home, depth + 1, line);
        }
    }
    is_settings
}

/// What the class and those above it read; a field counts where it stands first in the line.
fn one_class<'w>(names: &Names<'w>, line: &[Home<'w>], settings: &mut Settings) {
    let said = |option: &str| {
        let mut said = line.iter().map(|home| said(names, *home, option));
        said.find(|said| *said != Said::Absent)
            .unwrap_or(Said::Absent)
    };
    let spelling = Spelling {
        prefix: said("env_prefix"),
        delimiter: match said("env_nested_delimiter") {
            Said::Text(delimiter) => Some(delimiter),
            Said::Absent | Said::Unknown => None,
        },
    };
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for home in line {
        for field in fields_of(names, *home) {
            if seen.insert(field.name) {
                one_field(names, home.0, &field, &spelling, settings);
            }
        }
    }
}

/// An annotated name of a class's body.
struct Field<'w> {
    name: &'w str,
    annotation: ExprId,
    value: Option<ExprId>,
    place: CodePlace,
}

fn fields_of<'w>(names: &Names<'w>, (unit, class): Home<'w>) -> Vec<Field<'w>> {
    let facts = &unit.facts;
    let statements = facts.stmt_list(class.body).iter();
    let fields = statements.filter_map(|statement| {
        let (target, annotation, value) = match facts.stmt(*statement) {
            Stmt::AnnAssign {
                target,
                annotation,
                value,
            } => (target, annotation, Some(value)),
            Stmt::Declare { target, annotation } => (target, annotation, None),
            _ => return None,
        };
        let name = names.spelled(unit, target)?;
        let is_private = name.starts_with('_') || name == "model_config";
        let place = CodePlace {
            module: unit.id,
            line: facts.stmt_line(*statement),
        };
        (!is_private && is_field(names, unit, annotation)).then_some(Field {
            name,
            annotation,
            value,
            place,
        })
    });
    fields.collect()
}

fn one_field<'w>(
    names: &Names<'w>,
    unit: &'w Unit,
    field: &Field<'w>,
    spelling: &Spelling,
    settings: &mut Settings,
) {
    let Field {
        name: field,
        annotation,
        value,
        place,
    } = *field;
    let facts = &unit.facts;
    let call = value.and_then(|value| field_call(names, unit, value));
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
    let aliases = call.map_or(Vec::new(), |call| aliases(names, unit, call));
    let all = match &spelling.prefix {
        _ if !aliases.is_empty() => aliases,
        Said::Absent => vec![field.to_uppercase()],
        Said::Text(prefix) => vec![format!("{prefix}{field}").to_uppercase()],
        Said::Unknown => {
            settings.unnamed.push(place);
            return;
        }
    };
    for (position, name) in all.iter().enumerate() {
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
    if let (Some(delimiter), Some(home)) = (&spelling.delimiter, model(names, unit, annotation)) {
        for name in &all {
            inside(
                names,
                home,
                &format!("{name}{delimiter}"),
                delimiter,
                0,
                settings,
            );
        }
    }
    if all.len() > 1 {
        settings
            .alternatives
            .push(all.into_iter().collect::<BTreeSet<String>>());
    }
}

/// The project's class of a field, also of one that may be none.
fn model<'w>(names: &Names<'w>, unit: &'w Unit, annotation: ExprId) -> Option<Home<'w>> {
    match unit.facts.expr(annotation) {
        Expr::Binary { left, right, .. } => {
            model(names, unit, left).or_else(|| model(names, unit, right))
        }
        Expr::Subscript { index, .. } => model(names, unit, index),
        _ => names.class(&names.path(unit, annotation)?),
    }
}

/// The variables of a nested model's fields. The whole may stand in one variable as well: none of them is required.
fn inside<'w>(
    names: &Names<'w>,
    (unit, class): Home<'w>,
    beginning: &str,
    delimiter: &str,
    depth: usize,
    settings: &mut Settings,
) {
    if depth > DEEPEST {
        return;
    }
    for field in fields_of(names, (unit, class)) {
        let name = format!("{beginning}{}", field.name).to_uppercase();
        if let Some(home) = model(names, unit, field.annotation) {
            let beginning = format!("{name}{delimiter}");
            inside(names, home, &beginning, delimiter, depth + 1, settings);
        }
        let is_plain = |value: &ExprId| field_call(names, unit, *value).is_none();
        let default = field.value.filter(is_plain);
        settings.reads.push(Read {
            name,
            place: field.place,
            fallback: default.map_or(Fallback::Other, |value| fallback_of(unit, value)),
        });
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
    let path = names.dotted(unit, annotation);
    let spelled = path.or_else(|| names.spelled(unit, annotation).map(str::to_string));
    match spelled {
        Some(name) if plain.contains(&name) => Fallback::Fails,
        _ => Fallback::Other,
    }
}

fn field_call(names: &Names<'_>, unit: &Unit, value: ExprId) -> Option<Span> {
    let Expr::Call {
        function,
        arguments,
    } = unit.facts.expr(value)
    else {
        return None;
    };
    let path = names.dotted(unit, function)?;
    let rules = &names.world.rules.settings.lists;
    rules.fields.contains(&path).then_some(arguments)
}

/// `alias="A"`, `validation_alias=AliasChoices("A", "B")`, `env="A"`, `env=["A", "B"]`.
fn aliases(names: &Names<'_>, unit: &Unit, call: Span) -> Vec<String> {
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
                .dotted(unit, function)
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

/// How variables are spelled.
struct Spelling {
    /// Stands before the names of fields.
    prefix: Said,
    /// Stands between the name of a field and those of the fields of its model.
    delimiter: Option<String>,
}

/// What a class says of an option.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    /// Nothing; one that it inherits may.
    Absent,
    Text(String),
    Unknown,
}

/// An option in the class's arguments, in `model_config`, or in the class `Config` inside.
fn said(names: &Names<'_>, (unit, class): Home<'_>, option: &str) -> Said {
    let facts = &unit.facts;
    let is_named = |target: &ExprId, name: &str| names.spelled(unit, *target) == Some(name);
    let named = |arguments: Span| {
        let arguments = facts.argument_list(arguments);
        argument(unit, arguments, usize::MAX, Some(option))
    };
    let mut found = named(class.arguments);
    for statement in facts.stmt_list(class.body) {
        let said = match facts.stmt(*statement) {
            Stmt::Assign { targets, value }
                if facts
                    .expr_list(targets)
                    .iter()
                    .any(|target| is_named(target, "model_config")) =>
            {
                in_configuration(names, unit, value, option)
            }
            Stmt::AnnAssign { target, value, .. } if is_named(&target, "model_config") => {
                in_configuration(names, unit, value, option)
            }
            Stmt::ClassDef(inner) if facts.name(facts.class(inner).name) == "Config" => {
                let body = facts.stmt_list(facts.class(inner).body).iter();
                let mut values = body.filter_map(|inner| match facts.stmt(*inner) {
                    Stmt::Assign { targets, value } => {
                        let mut targets = facts.expr_list(targets).iter();
                        let is_it = targets.any(|target| is_named(target, option));
                        is_it.then_some(value)
                    }
                    _ => None,
                });
                values.next()
            }
            _ => None,
        };
        found = found.or(said);
    }
    let Some(value) = found else {
        return Said::Absent;
    };
    match &names.texts(unit, value)[..] {
        [text] => Said::Text(text.clone()),
        _ => Said::Unknown,
    }
}

/// `SettingsConfigDict(env_prefix="A_")`, or `{"env_prefix": "A_"}`.
fn in_configuration(names: &Names<'_>, unit: &Unit, value: ExprId, option: &str) -> Option<ExprId> {
    let facts = &unit.facts;
    match facts.expr(value) {
        Expr::Call { arguments, .. } => {
            let arguments = facts.argument_list(arguments);
            argument(unit, arguments, usize::MAX, Some(option))
        }
        Expr::Dict(span) => {
            let mut pairs = facts.expr_list(span).chunks(2);
            pairs.find_map(|pair| {
                let [key, value] = pair else { return None };
                (names.texts(unit, *key) == [option]).then_some(*value)
            })
        }
        _ => None,
    }
}
