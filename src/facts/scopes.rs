//! Which names are local to which function.
//!
//! In `def f(a): b = a + c` the names `a` and `b` are locals of `f`, in slots 0 and 1, and `c` is looked up by name. A name that
//! a function binds anywhere is its local everywhere, so the slots are known at its end: until then the uses are noted.
//! In `[b for b in a]` both `b` are another name: it has a slot of its own, behind the locals, and outside of the comprehension
//! `b` is what it was. (In the body of a class or module, whose names have no slots, it is that of the body.)
//! An inner `lambda: a` would use a local of `f`, whose frame is then captured. A class body neither gives its names to
//! the functions in it nor has slots.

use std::ops::Range;

use super::program::{Expr, ExprId, Function, NameId};

/// The scopes that are open at one point of a file, innermost last.
#[derive(Default)]
pub(super) struct Scopes {
    open: Vec<Scope>,
    /// The uses of names in open functions, and in the classes inside of functions.
    uses: Vec<ExprId>,
    /// The names that open scopes bind, in order, a name possibly several times.
    bound: Vec<NameId>,
    /// The names that functions and classes inside of open scopes look up in what surrounds them.
    free: Vec<NameId>,
    marks: Marks,
    /// The names that open comprehensions bind.
    targets: Vec<NameId>,
    notes_uses: bool,
}

/// What was noted when a comprehension began.
pub(super) struct Comprehension {
    uses: usize,
    free: usize,
    targets: usize,
    /// The uses, and the free names, of its first iterable, which is evaluated outside of it.
    outside: [Range<usize>; 2],
}

/// Slots from here on belong to comprehensions, until the function ends and it is known how many locals stand before them.
const COMPREHENSION: u32 = 1 << 31;

/// One open scope; it owns what was noted since it began.
struct Scope {
    kind: ScopeKind,
    is_in_function: bool,
    is_generator: bool,
    uses_super: bool,
    uses: usize,
    bound: usize,
    free: usize,
    globals: Vec<NameId>,
    nonlocals: Vec<NameId>,
    /// The names of comprehensions that have ended.
    comprehended: Vec<NameId>,
    is_captured: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScopeKind {
    Module,
    Class,
    Function,
}

/// What is known of each name while one scope is closed.
#[derive(Default)]
struct Marks {
    epoch: u32,
    by_name: Vec<(u32, Mark)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Unknown,
    Slot(u32),
    /// Bound by the class body, or declared global: no function around it is asked.
    Settled,
    /// Already handed to the scope around.
    Free,
}

impl Marks {
    fn clear(&mut self) {
        self.epoch += 1;
    }

    fn get(&self, name: NameId) -> Mark {
        match self.by_name.get(name.0 as usize) {
            Some((epoch, mark)) if *epoch == self.epoch => *mark,
            _ => Mark::Unknown,
        }
    }

    fn set(&mut self, name: NameId, mark: Mark) {
        let index = name.0 as usize;
        if index >= self.by_name.len() {
            self.by_name.resize(index + 64, (0, Mark::Unknown));
        }
        self.by_name[index] = (self.epoch, mark);
    }
}

impl Scopes {
    pub fn open(&mut self, kind: ScopeKind) {
        let is_in_function = self
            .open
            .last()
            .is_some_and(|around| around.is_in_function || around.kind == ScopeKind::Function);
        self.open.push(Scope {
            kind,
            is_in_function,
            is_generator: false,
            uses_super: false,
            uses: self.uses.len(),
            bound: self.bound.len(),
            free: self.free.len(),
            globals: Vec::new(),
            nonlocals: Vec::new(),
            comprehended: Vec::new(),
            is_captured: false,
        });
        self.notes_uses = is_in_function || kind == ScopeKind::Function;
    }

    /// The expression names something.
    pub fn note_use(&mut self, name: ExprId) {
        if self.notes_uses {
            self.uses.push(name);
        }
    }

    /// The innermost scope binds the name.
    pub fn note_binding(&mut self, name: NameId) {
        if self.notes_uses {
            self.bound.push(name);
        }
    }

    /// How many bindings are noted, for [`Scopes::forget_bindings`].
    pub fn bindings(&self) -> usize {
        self.bound.len()
    }

    /// Forgets the bindings that were noted since.
    pub fn forget_bindings(&mut self, since: usize) {
        self.bound.truncate(since);
    }

    pub fn begin_comprehension(&self) -> Comprehension {
        let (uses, free) = (self.uses.len(), self.free.len());
        Comprehension {
            uses,
            free,
            targets: self.targets.len(),
            outside: [uses..uses, free..free],
        }
    }

    /// The bindings that were noted since are of a comprehension.
    pub fn claim_bindings(&mut self, since: usize) {
        self.targets.extend(self.bound.drain(since..));
    }

    /// What was noted since `before`, which began at the same place, belongs to the first iterable of the comprehension.
    pub fn note_outside(&self, comprehension: &mut Comprehension, before: &Comprehension) {
        comprehension.outside = [before.uses..self.uses.len(), before.free..self.free.len()];
    }

    /// Gives the names of a comprehension, and the uses of them in it, slots of their own.
    pub fn end_comprehension(&mut self, comprehension: &Comprehension, exprs: &mut [Expr]) {
        let Some(scope) = self.open.last_mut().filter(|_| self.notes_uses) else {
            return;
        };
        let mut names = Vec::new();
        for name in self.targets.drain(comprehension.targets..) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if scope.kind != ScopeKind::Function {
            self.bound.extend(names);
            return;
        }
        let base = scope.comprehended.len() as u32;
        let [outside_uses, outside_free] = &comprehension.outside;
        for index in comprehension.uses..self.uses.len() {
            let ExprId(expr) = self.uses[index];
            let Some(Expr::Name(name)) = exprs.get(expr as usize).copied() else {
                continue;
            };
            let position = names.iter().position(|target| *target == name);
            if let (Some(position), false) = (position, outside_uses.contains(&index)) {
                exprs[expr as usize] = Expr::Local(COMPREHENSION + base + position as u32);
            }
        }
        let mut kept = comprehension.free;
        for index in comprehension.free..self.free.len() {
            let name = self.free[index];
            if names.contains(&name) && !outside_free.contains(&index) {
                scope.is_captured = true;
            } else {
                self.free[kept] = name;
                kept += 1;
            }
        }
        self.free.truncate(kept);
        scope.comprehended.extend(names);
    }

    pub fn note_global(&mut self, name: NameId) {
        if let Some(scope) = self.open.last_mut() {
            scope.globals.push(name);
        }
    }

    pub fn note_nonlocal(&mut self, name: NameId) {
        if let Some(scope) = self.open.last_mut() {
            scope.nonlocals.push(name);
        }
    }

    pub fn note_yield(&mut self) {
        if let Some(scope) = self.open.last_mut() {
            scope.is_generator = true;
        }
    }

    /// `super` or `__class__` is named: by the innermost function and for those around it, up to the class.
    pub fn note_super(&mut self) {
        for scope in self
            .open
            .iter_mut()
            .rev()
            .take_while(|scope| scope.kind == ScopeKind::Function)
        {
            scope.uses_super = true;
        }
    }

    /// Does the innermost scope declare the name global?
    pub fn is_global(&self, name: NameId) -> bool {
        self.open
            .last()
            .is_some_and(|scope| scope.globals.contains(&name))
    }

    /// Ends the innermost scope, a function: gives its locals their slots, and its uses of them.
    pub fn close_function(
        &mut self,
        parameters: usize,
        exprs: &mut [Expr],
        function: &mut Function,
    ) {
        let Some(scope) = self.open.pop() else { return };
        self.marks.clear();
        for name in &scope.globals {
            self.marks.set(*name, Mark::Settled);
        }
        let outward = self.free.len();
        for name in &scope.nonlocals {
            if self.marks.get(*name) == Mark::Unknown {
                self.marks.set(*name, Mark::Free);
                self.free.push(*name);
            }
        }
        let mut locals = Vec::new();
        for (position, name) in self.bound[scope.bound..].iter().enumerate() {
            if position < parameters || self.marks.get(*name) == Mark::Unknown {
                self.marks.set(*name, Mark::Slot(locals.len() as u32));
                locals.push(*name);
            }
        }
        for expr in &self.uses[scope.uses..] {
            let name = match exprs.get(expr.0 as usize) {
                Some(Expr::Name(name)) => *name,
                Some(Expr::Local(slot)) if *slot >= COMPREHENSION => {
                    exprs[expr.0 as usize] =
                        Expr::Local(slot - COMPREHENSION + locals.len() as u32);
                    continue;
                }
                _ => continue,
            };
            match self.marks.get(name) {
                Mark::Slot(slot) => exprs[expr.0 as usize] = Expr::Local(slot),
                Mark::Unknown => {
                    self.marks.set(name, Mark::Free);
                    self.free.push(name);
                }
                Mark::Settled | Mark::Free => {}
            }
        }
        let mut is_captured = scope.is_captured;
        for index in scope.free..outward {
            let name = self.free[index];
            match self.marks.get(name) {
                Mark::Slot(_) => is_captured = true,
                Mark::Unknown => {
                    self.marks.set(name, Mark::Free);
                    self.free.push(name);
                }
                Mark::Settled | Mark::Free => {}
            }
        }
        function.may_nest = scope.is_in_function && self.marks.get(function.name) != Mark::Free;
        self.leave(&scope, outward);
        locals.extend(&scope.comprehended);
        function.locals = locals;
        function.globals = scope.globals;
        function.is_generator = scope.is_generator;
        function.uses_super = scope.uses_super;
        function.is_captured = is_captured;
    }

    /// Ends the innermost scope, a class.
    pub fn close_class(&mut self, exprs: &[Expr]) {
        let Some(scope) = self.open.pop() else { return };
        self.marks.clear();
        for name in scope.globals.iter().chain(&self.bound[scope.bound..]) {
            self.marks.set(*name, Mark::Settled);
        }
        let outward = self.free.len();
        for name in &scope.nonlocals {
            self.marks.set(*name, Mark::Free);
            self.free.push(*name);
        }
        for expr in &self.uses[scope.uses..] {
            let Some(Expr::Name(name)) = exprs.get(expr.0 as usize).copied() else {
                continue;
            };
            if self.marks.get(name) == Mark::Unknown {
                self.marks.set(name, Mark::Free);
                self.free.push(name);
            }
        }
        for index in scope.free..outward {
            let name = self.free[index];
            if self.marks.get(name) != Mark::Free {
                self.marks.set(name, Mark::Free);
                self.free.push(name);
            }
        }
        self.leave(&scope, outward);
    }

    /// Forgets what the scope noted, but for the names from `outward` on, which are now free in the scope around.
    fn leave(&mut self, scope: &Scope, outward: usize) {
        self.uses.truncate(scope.uses);
        self.bound.truncate(scope.bound);
        if scope.is_in_function {
            self.free.drain(scope.free..outward);
        } else {
            self.free.truncate(scope.free);
        }
        self.notes_uses = self
            .open
            .last()
            .is_some_and(|around| around.is_in_function || around.kind == ScopeKind::Function);
    }
}
