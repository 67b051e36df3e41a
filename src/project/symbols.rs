//! Symbols: every name of the project as one small number, so that attributes and names compare by number.
//!
//! `app.get` in one file and `router.get` in another share the symbol of `get`. The numbers depend on the order in which
//! files are loaded, so nothing is ever sorted by them.

use std::sync::{Arc, RwLock};

use rustc_hash::FxHashMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Symbol(pub u32);

/// Names from all threads; grows only.
pub struct Symbols {
    inner: RwLock<Inner>,
}

#[derive(Default)]
struct Inner {
    numbers: FxHashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
}

macro_rules! known {
    ($($constant:ident = $text:literal),* $(,)?) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Position { $($constant),* }
        impl Symbol { $(pub const $constant: Symbol = Symbol(Position::$constant as u32);)* }
        const KNOWN: &[&str] = &[$($text),*];
    };
}

known! {
    EMPTY = "", SELF = "self", INIT = "__init__", NEW = "__new__", CALL = "__call__", ENTER = "__enter__", EXIT = "__exit__",
    AENTER = "__aenter__", AEXIT = "__aexit__", GETATTR = "__getattr__", GETATTRIBUTE = "__getattribute__", GETITEM = "__getitem__",
    SETITEM = "__setitem__", DELITEM = "__delitem__", SETATTR = "__setattr__", CONTAINS = "__contains__", ITER = "__iter__",
    AITER = "__aiter__", NEXT = "__next__", LEN = "__len__", EQ = "__eq__", BOOL = "__bool__", STR = "__str__", FORMAT = "__format__",
    ADD = "__add__", RADD = "__radd__", TRUEDIV = "__truediv__", OR = "__or__", MOD = "__mod__",
    CLASS = "__class__", DICT = "__dict__", NAME = "__name__", QUALNAME = "__qualname__", MODULE = "__module__", DOC = "__doc__",
    FILE = "__file__", PATH = "__path__", BASES = "__bases__", MRO = "__mro__", WRAPPED = "__wrapped__", SELF_ATTR = "__self__",
    FUNC_ATTR = "__func__", ANNOTATIONS = "__annotations__", ALL = "__all__", SUBCLASSES = "__subclasses__", CLASS_GETITEM = "__class_getitem__",
    INIT_SUBCLASS = "__init_subclass__", SET_NAME = "__set_name__", GET = "__get__", POST_INIT = "__post_init__", PACKAGE = "__package__",
    DEFAULTS = "__defaults__", SIGNATURE = "__signature__", COVGAP = "covgap", BUILTINS = "builtins", ARGS = "args", KWARGS = "kwargs",
    REQUEST = "request", VALUE = "value", SEND = "send", NAME_ = "name", MRO_METHOD = "mro", LAMBDA = "<lambda>",
}

impl Symbols {
    pub fn new() -> Symbols {
        let mut inner = Inner::default();
        for text in KNOWN {
            inner.intern(text);
        }
        Symbols {
            inner: RwLock::new(inner),
        }
    }

    pub fn intern(&self, text: &str) -> Symbol {
        if let Some(&number) = self
            .inner
            .read()
            .expect("internal: symbols")
            .numbers
            .get(text)
        {
            return Symbol(number);
        }
        self.inner.write().expect("internal: symbols").intern(text)
    }

    /// All names of one file at once: one lock for the file.
    pub fn intern_all(&self, texts: &[Box<str>]) -> Vec<Symbol> {
        let mut found = Vec::with_capacity(texts.len());
        {
            let inner = self.inner.read().expect("internal: symbols");
            for text in texts {
                found.push(inner.numbers.get(&**text).copied());
            }
        }
        if found.iter().all(Option::is_some) {
            return found.into_iter().flatten().map(Symbol).collect();
        }
        let mut inner = self.inner.write().expect("internal: symbols");
        texts.iter().map(|text| inner.intern(text)).collect()
    }

    pub fn text(&self, symbol: Symbol) -> Arc<str> {
        self.inner.read().expect("internal: symbols").texts[symbol.0 as usize].clone()
    }
}

impl Default for Symbols {
    fn default() -> Self {
        Symbols::new()
    }
}

impl Inner {
    fn intern(&mut self, text: &str) -> Symbol {
        if let Some(&number) = self.numbers.get(text) {
            return Symbol(number);
        }
        let number = self.texts.len() as u32;
        let text: Arc<str> = Arc::from(text);
        self.texts.push(text.clone());
        self.numbers.insert(text, number);
        Symbol(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_names_keep_their_numbers() {
        let symbols = Symbols::new();
        assert_eq!(symbols.intern("__init__"), Symbol::INIT);
        assert_eq!(&*symbols.text(Symbol::LAMBDA), "<lambda>");
        let own = symbols.intern("own");
        assert_eq!(
            symbols.intern_all(&["own".into(), "__call__".into()]),
            vec![own, Symbol::CALL]
        );
    }
}
