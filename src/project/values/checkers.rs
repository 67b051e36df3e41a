//! What a module imports for type checkers, and gives to others in a way that is not followed.
//!
//! ```python
//! if TYPE_CHECKING:
//!     from app.models.item import Item
//! else:
//!     load(LazyModule(...))          # `from app.models import Item` is Item all the same
//! ```

use crate::facts::program::{Alias, Expr, FunctionId, Stmt};
use crate::project::symbols::Symbol;
use crate::project::values::machine::{Eval, Machine, Raise};
use crate::project::values::value::{Reason, Value};
use crate::project::world::{ModuleId, Unit, absolute};

/// Modules that hand a name on in this way, one to the other.
const MOST: usize = 8;

impl<'w> Machine<'w> {
    /// The value of a name that a module does not bind itself; not known where it does not import it for type checkers either.
    pub(super) fn shown_to_checkers(&mut self, module: ModuleId, name: Symbol) -> Eval {
        let unknown = Ok(Value::Unknown(Reason::Import));
        let Some(unit) = self.world.code(module, FunctionId(0)) else {
            return unknown;
        };
        let Some((path, alias)) = import_of(unit, name) else {
            return unknown;
        };
        if self.handed_on >= MOST {
            return unknown;
        }
        self.handed_on += 1;
        let found = self.import_path(module, &path).and_then(|source| {
            let spelled = unit.facts.name(alias.name);
            self.import_name(module, &source, &path, unit.symbol(alias.name), spelled)
        });
        self.handed_on -= 1;
        match found {
            // It is not there for anybody else.
            Err(Raise::Exception(_)) => unknown,
            found => found,
        }
    }

    /// Does the module import the name for type checkers, and do something else for others?
    pub(super) fn is_shown_to_checkers(&self, module: ModuleId, name: Symbol) -> bool {
        let unit = self.world.code(module, FunctionId(0));
        unit.is_some_and(|unit| import_of(unit, name).is_some())
    }
}

/// The import statement in an `if TYPE_CHECKING:` of the module that binds the name: from where, and what. Nothing where the module
/// does nothing for others, neither in an `else` nor in a `__getattr__`: there the name is missing.
fn import_of(unit: &Unit, name: Symbol) -> Option<(String, Alias)> {
    let facts = &unit.facts;
    let has_getter = unit.symbols.contains(&Symbol::GETATTR);
    let top = facts.stmt_list(facts.function(FunctionId(0)).body);
    let for_checkers = top
        .iter()
        .filter_map(|statement| match facts.stmt(*statement) {
            Stmt::If {
                test,
                body,
                otherwise,
            } if names_the_check(unit, facts.expr(test)) => {
                let is_for_others = has_getter || !otherwise.range().is_empty();
                is_for_others.then_some(body)
            }
            _ => None,
        });
    let mut statements = for_checkers.flat_map(|body| facts.stmt_list(body));
    statements.find_map(|statement| {
        let Stmt::ImportFrom {
            module,
            level,
            aliases,
        } = facts.stmt(*statement)
        else {
            return None;
        };
        let mut aliases = facts.aliases[aliases.range()].iter();
        let binds = |alias: &&Alias| unit.symbol(alias.bound.unwrap_or(alias.name)) == name;
        let alias = aliases.find(binds)?;
        let spelled = module.map(|module| facts.name(module));
        Some((absolute(unit, level, spelled), *alias))
    })
}

fn names_the_check(unit: &Unit, test: Expr) -> bool {
    match test {
        Expr::Name(name) | Expr::Attribute { name, .. } => unit.facts.name(name) == "TYPE_CHECKING",
        _ => false,
    }
}
