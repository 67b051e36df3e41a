//! Symbols: every name of the project as one small number, so that attributes and names compare by number.
//!
//! `app.get` in one file and `router.get` in another share the symbol of `get`. The numbers depend on the order in which
//! files are loaded, so nothing is ever sorted by them.

use std::sync::{Arc, OnceLock, RwLock};

use rustc_hash::FxHashMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Symbol(pub u32);

/// Names from all threads; grows only.
pub struct Symbols {
    numbers: RwLock<FxHashMap<Arc<str>, u32>>,
    texts: Texts,
}

/// The texts by number, which are read without a lock: blocks that stay where they are, each as long as all before it.
struct Texts {
    blocks: [OnceLock<Block>; BLOCKS],
}

type Block = Box<[OnceLock<Arc<str>>]>;

const BLOCKS: usize = 22;
const FIRST_BLOCK: usize = 1 << 10;

impl Texts {
    /// The block that holds a number, and the place in it.
    fn place(number: u32) -> (usize, usize) {
        let from_one = number as usize / FIRST_BLOCK + 1;
        let block = from_one.ilog2() as usize;
        (block, number as usize - FIRST_BLOCK * ((1 << block) - 1))
    }

    fn get(&self, number: u32) -> &Arc<str> {
        let (block, place) = Texts::place(number);
        let block = self.blocks[block].get();
        let text = block.and_then(|block| block[place].get());
        text.expect("internal: a symbol has a text")
    }

    fn set(&self, number: u32, text: Arc<str>) {
        let (block, place) = Texts::place(number);
        let block = self.blocks[block]
            .get_or_init(|| (0..FIRST_BLOCK << block).map(|_| OnceLock::new()).collect());
        block[place].get_or_init(|| text);
    }
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
    EMPTY = "", SELF = "self", INIT = "__init__", METACLASS = "metaclass", NEW = "__new__", CALL = "__call__", ENTER = "__enter__", EXIT = "__exit__",
    AENTER = "__aenter__", AEXIT = "__aexit__", GETATTR = "__getattr__", GETATTRIBUTE = "__getattribute__", GETITEM = "__getitem__",
    SETITEM = "__setitem__", DELITEM = "__delitem__", SETATTR = "__setattr__", CONTAINS = "__contains__", ITER = "__iter__",
    AITER = "__aiter__", NEXT = "__next__", ANEXT = "__anext__", LEN = "__len__", REPR = "__repr__", HASH = "__hash__", EQ = "__eq__", BOOL = "__bool__", STR = "__str__", FORMAT = "__format__",
    NE = "__ne__", LT = "__lt__", LE = "__le__", GT = "__gt__", GE = "__ge__", INT = "__int__", FLOAT = "__float__", NEG = "__neg__",
    ADD = "__add__", RADD = "__radd__", SUB = "__sub__", RSUB = "__rsub__", MUL = "__mul__", RMUL = "__rmul__", TRUEDIV = "__truediv__",
    RTRUEDIV = "__rtruediv__", OR = "__or__", ROR = "__ror__", AND = "__and__", RAND = "__rand__", MOD = "__mod__", RMOD = "__rmod__",
    CLASS = "__class__", DICT = "__dict__", NAME = "__name__", QUALNAME = "__qualname__", MODULE = "__module__", DOC = "__doc__",
    FILE = "__file__", PATH = "__path__", BASES = "__bases__", MRO = "__mro__", WRAPPED = "__wrapped__", SELF_ATTR = "__self__",
    FUNC_ATTR = "__func__", ANNOTATIONS = "__annotations__", ALL = "__all__", SUBCLASSES = "__subclasses__", CLASS_GETITEM = "__class_getitem__",
    INIT_SUBCLASS = "__init_subclass__", SET_NAME = "__set_name__", GET = "__get__", POST_INIT = "__post_init__", PACKAGE = "__package__",
    DEFAULTS = "__defaults__", SIGNATURE = "__signature__", COVGAP = "covgap", BUILTINS = "builtins", ARGS = "args", KWARGS = "kwargs",
    REQUEST = "request", VALUE = "value", SEND = "send", NAME_ = "name", MRO_METHOD = "mro", LAMBDA = "<lambda>",
    AWAIT = "__await__", MEMBER_NAMES = "_member_names_", DEFAULT = "default", DEFAULT_FACTORY = "default_factory",
    FIELD_MARK = "covgap_field", GUESS_MARK = "covgap_guess", KEPT = "covgap_kept", SETTER = "covgap_setter", SET = "__set__", MEMBERS = "__members__", TEXT_MARK = "covgap_text", CALLED = "()", ELEMENT = "[]",
}

impl Symbols {
    pub fn new() -> Symbols {
        let symbols = Symbols {
            numbers: RwLock::default(),
            texts: Texts {
                blocks: [const { OnceLock::new() }; BLOCKS],
            },
        };
        for text in KNOWN {
            symbols.intern(text);
        }
        symbols
    }

    pub fn intern(&self, text: &str) -> Symbol {
        if let Some(&number) = self.numbers.read().expect("internal: symbols").get(text) {
            return Symbol(number);
        }
        let mut numbers = self.numbers.write().expect("internal: symbols");
        self.add(&mut numbers, text)
    }

    /// All names of one file at once: one lock for the file.
    pub fn intern_all(&self, texts: &[Box<str>]) -> Vec<Symbol> {
        let mut found = Vec::with_capacity(texts.len());
        {
            let numbers = self.numbers.read().expect("internal: symbols");
            for text in texts {
                found.push(numbers.get(&**text).copied());
            }
        }
        if found.iter().all(Option::is_some) {
            return found.into_iter().flatten().map(Symbol).collect();
        }
        let mut numbers = self.numbers.write().expect("internal: symbols");
        texts
            .iter()
            .map(|text| self.add(&mut numbers, text))
            .collect()
    }

    fn add(&self, numbers: &mut FxHashMap<Arc<str>, u32>, text: &str) -> Symbol {
        if let Some(&number) = numbers.get(text) {
            return Symbol(number);
        }
        let number = numbers.len() as u32;
        let text: Arc<str> = Arc::from(text);
        self.texts.set(number, text.clone());
        numbers.insert(text, number);
        Symbol(number)
    }

    pub fn text(&self, symbol: Symbol) -> Arc<str> {
        self.texts.get(symbol.0).clone()
    }

    /// [`Symbols::text`] for who only looks at it.
    pub fn spelling(&self, symbol: Symbol) -> &str {
        self.texts.get(symbol.0)
    }
}

impl Default for Symbols {
    fn default() -> Self {
        Symbols::new()
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

    #[test]
    fn many_names_keep_their_texts() {
        let symbols = Symbols::new();
        let numbers: Vec<Symbol> = (0..5_000)
            .map(|number| symbols.intern(&format!("name{number}")))
            .collect();
        for (number, symbol) in numbers.into_iter().enumerate() {
            assert_eq!(symbols.spelling(symbol), format!("name{number}"));
        }
    }
}
