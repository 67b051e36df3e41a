//! Externals: what is known of libraries that no model describes is the dotted path by which the project reaches it.
//!
//! `boto3.client("s3").list_buckets()` is `boto3.client().list_buckets()`: rules name such paths.

use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::heap::Object;
use crate::project::values::log::Callee as Called;
use crate::project::values::machine::{Eval, Machine};
use crate::project::values::value::{Reason, Value};

/// Calls that a dotted path of a library remembers: `create_client().table().select().eq().execute()`.
const MOST_CALLS_OF_A_PATH: usize = 6;

impl<'w> Machine<'w> {
    pub(super) fn call_external(&mut self, path: Symbol, args: &Args) -> Eval {
        if self.notes_blocking {
            self.external_may_block(path, args);
        }
        self.external_may_use(path, args);
        if let Some(answer) = self.answer_of_nothing(path, args) {
            return answer;
        }
        if self.notes_calls {
            self.note_callee(Called::Library(self.spelled(path)));
        }
        if let Some(app) = self.wrapped_app(path, args) {
            return Ok(app);
        }
        // It may call what it is given.
        let given = args.positional.iter();
        let mut given = given.chain(args.named.iter().map(|(_, value)| value));
        if given.any(|value| self.may_be_called(value)) {
            self.strange_calls += 1;
        }
        Ok(self.external_path(path, Symbol::CALLED))
    }

    fn may_be_called(&self, value: &Value) -> bool {
        match value {
            Value::Object(id) => matches!(
                self.heap.get(*id),
                Object::Function(_) | Object::Partial { .. }
            ),
            Value::Method(_) => true,
            _ => false,
        }
    }

    /// `path` followed by `.name`, `()` or `[]`; too long a path is an unknown.
    pub fn external_path(&mut self, path: Symbol, what: Symbol) -> Value {
        let found = match self.paths.get(&(path, what)) {
            Some(known) => *known,
            None => {
                let spelled = self.spelling(path);
                let calls = spelled.matches("()").count();
                let dot = match what {
                    Symbol::CALLED | Symbol::ELEMENT => "",
                    _ => ".",
                };
                let found = if calls >= MOST_CALLS_OF_A_PATH || spelled.len() > 200 {
                    Symbol::EMPTY
                } else {
                    self.symbol(&format!("{spelled}{dot}{}", self.spelling(what)))
                };
                self.paths.insert((path, what), found);
                found
            }
        };
        if found == Symbol::EMPTY {
            Value::Unknown(Reason::Library)
        } else {
            Value::External(found)
        }
    }
}
