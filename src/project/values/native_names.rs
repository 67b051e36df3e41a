//! Names of natives: which builtin of Python, or which operation of models, a symbol names.
//!
//! `len(items)` asks for `len` wherever it is called; by number, the answer is one look into a table.

use crate::project::symbols::{Symbol, Symbols};
use crate::project::values::natives::Native;

/// By the numbers of their symbols, which come before those of any file.
pub struct NativeNames {
    builtins: Vec<Option<Native>>,
    operations: Vec<Option<Native>>,
}

impl NativeNames {
    /// The symbols may be no file's yet.
    pub fn new(symbols: &Symbols) -> NativeNames {
        let table = |names: &[&str], find: fn(&str) -> Option<Native>| {
            let mut table = Vec::new();
            for name in names {
                let position = symbols.intern(name).0 as usize;
                table.resize(table.len().max(position + 1), None);
                table[position] = find(name);
            }
            table
        };
        NativeNames {
            builtins: table(Native::BUILTINS, Native::builtin),
            operations: table(Native::OPERATIONS, Native::operation),
        }
    }

    /// [`Native::builtin`] of the name.
    pub fn builtin(&self, name: Symbol) -> Option<Native> {
        self.builtins.get(name.0 as usize).copied().flatten()
    }

    /// [`Native::operation`] of the name.
    pub fn operation(&self, name: Symbol) -> Option<Native> {
        self.operations.get(name.0 as usize).copied().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_be_of_both_kinds_or_of_none() {
        let symbols = Symbols::new();
        let names = NativeNames::new(&symbols);
        assert_eq!(names.builtin(symbols.intern("len")), Some(Native::len));
        assert_eq!(
            names.operation(symbols.intern("partial")),
            Some(Native::op_partial)
        );
        assert_eq!(names.builtin(symbols.intern("partial")), None);
        assert_eq!(names.builtin(symbols.intern("of_a_file")), None);
    }
}
