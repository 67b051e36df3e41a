//! Data files: what code reads from files of the project, as values.
//!
//! ```python
//! CASES = json.loads((Path(__file__).parent / "cases.json").read_text())
//! ```
//! Only files of the project are read, and only their text: what a run writes first is another's.

use crate::project::values::calls::Args;
use crate::project::values::heap::ListKind;
use crate::project::values::machine::{Eval, Machine};
use crate::project::values::natives::Native;
use crate::project::values::numbers::Float;
use crate::project::values::value::{Reason, Value};
use crate::source::data_files::{self, Data, Format};

impl<'w> Machine<'w> {
    /// The text of the project's file at a path; None where it has none there.
    pub(super) fn file_text(&mut self, path: &Value) -> Eval {
        let own = self.own_activation().map(|asking| asking.module);
        let texts = self.spellings(path)?;
        let text = match (own, &texts[..]) {
            (Some(importer), [path]) if Value::text(path).literal().is_some() => {
                self.world.text_at(importer, path)
            }
            _ => None,
        };
        Ok(text.map_or(Value::None, Value::Text))
    }

    /// `open(path)`: a file of the project that is only read has its text.
    pub(super) fn opened(&mut self, path: &Value, args: Args) -> Eval {
        let mode = args.positional.get(1).cloned().or_else(|| {
            let mut named = args.named.iter();
            let mode = named.find(|(name, _)| self.spelling(*name) == "mode");
            mode.map(|(_, value)| value.clone())
        });
        let is_only_read = match &mode {
            None => true,
            Some(mode) => mode
                .literal()
                .is_some_and(|mode| mode.starts_with('r') && !mode.contains('+')),
        };
        let text = match is_only_read {
            true => self.file_text(path)?,
            false => Value::None,
        };
        let reader = self.world.model("io").filter(|_| text != Value::None);
        let reader = reader.and_then(|model| self.import_module(model));
        let opened = self.call_operation(Native::open, Some(path.clone()), args)?;
        match reader {
            Some(module) => {
                let name = self.symbol("StringIO");
                let reader = self.object_attribute(module, name)?;
                self.call(&reader, Args::of([text]))
            }
            None => Ok(opened),
        }
    }

    /// What a text says in the language of that name.
    pub(super) fn data(&mut self, format: &Value, text: &Value) -> Value {
        let format = format.literal().and_then(Format::named);
        let data = format.zip(text.literal());
        match data.and_then(|(format, text)| data_files::parse(format, text)) {
            Some(data) => self.value_of(data),
            None => Value::Unknown(Reason::Runtime),
        }
    }

    fn value_of(&mut self, data: Data) -> Value {
        match data {
            Data::Nothing => Value::None,
            Data::Truth(truth) => Value::Bool(truth),
            Data::Number(number) => Value::Int(number),
            Data::Real(number) => Value::Float(Float::new(number)),
            Data::Text(text) => Value::text(&text),
            Data::List(items) => {
                let items = items.into_iter().map(|item| self.value_of(item)).collect();
                self.list_of(items, ListKind::List)
            }
            Data::Map(entries) => {
                let entries = entries.into_iter();
                let entries = entries.map(|(key, value)| (Value::text(&key), self.value_of(value)));
                let entries = entries.collect();
                self.new_dict(entries)
            }
            Data::Other => Value::Unknown(Reason::Runtime),
        }
    }
}
