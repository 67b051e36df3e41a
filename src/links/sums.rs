//! Sums of the ground: what the objects that a module leads to are, so that it can be told whether they are the same in another run.
//!
//! ```python
//! app = FastAPI()             # the first object that `app.main` makes: so it is called in every run
//! app.include_router(users)   # its sum holds what it leads to: routers, routes, functions, classes
//! ```
//! Numbers of objects differ from run to run, so each is called by the module that was running when it was made, and its turn in
//! that. Positions in a file (functions, classes, annotations, lines of registrations) are replaced by their rank among those that the
//! ground names: a statement more in a function's body moves them all, and changes nothing else. Who wants to know more of a position
//! than whether it is another's must look into the file, and that is noted by itself ([`looks`](crate::project::looks)).

use std::hash::{DefaultHasher, Hash, Hasher};

use rustc_hash::FxHashMap;

use crate::links::walk::RouteKey;
use crate::project::kept::{Sum, sum_of};
use crate::project::looks::Look;
use crate::project::routes::{Entry, Handler, Table};
use crate::project::symbols::Symbol;
use crate::project::values::heap::{
    AnnotationPlace, ClassObject, DictObject, FrameObject, FunctionObject, InstanceObject,
    ListObject, ModuleObject, Names, Object,
};
use crate::project::values::operations::places_of;
use crate::project::values::value::{Callee, Claim, Method, ObjectId, Value};
use crate::project::world::{CodePlace, ModuleId, World};

/// The module for which objects are made from here on; none: no module's body runs.
pub type Maker = (u32, Option<ModuleId>);

pub struct Sums<'w> {
    world: &'w World<'w>,
    modules: &'w FxHashMap<ModuleId, ObjectId>,
    speller: Speller<'w>,
    /// What each object leads to.
    deep: Vec<Sum>,
    subclasses: Sum,
}

impl<'w> Sums<'w> {
    pub fn of(
        world: &'w World<'w>,
        base: &[Object],
        modules: &'w FxHashMap<ModuleId, ObjectId>,
        makers: &[Maker],
        tables: &[std::rc::Rc<Table>],
    ) -> Sums<'w> {
        let places = world.symbols.intern("covgap_places");
        let mut ranks = Ranks::default();
        for object in base {
            ranks.take(object, places);
        }
        let entries = tables.iter().flat_map(|table| &table.entries);
        for handler in entries.filter_map(|entry| entry.handler.as_ref()) {
            ranks.take_handler(handler);
        }
        ranks.sort();
        let modules_spelled: Vec<Sum> = world.modules().map(|one| world.spelled(one)).collect();
        let speller = Speller {
            world,
            places,
            calls: names_of(base.len(), makers, &modules_spelled),
            modules: modules_spelled,
            ranks,
        };
        let mut links = Links::default();
        let mut own = Vec::with_capacity(base.len());
        let mut subclasses = DefaultHasher::new();
        for (position, object) in base.iter().enumerate() {
            let mut sum = Spelled::default();
            speller.calls[position].hash(&mut sum.hasher);
            speller.object(object, &mut sum);
            own.push(sum.hasher.finish());
            links.push(sum.leads_to);
            if let Object::Class(class) = object
                && let Some(Object::List(made)) = base.get(class.subclasses.0 as usize)
                && !made.items.is_empty()
            {
                speller.calls[position].hash(&mut subclasses);
                for subclass in &made.items {
                    if let Value::Object(subclass) = subclass {
                        speller.call(*subclass).hash(&mut subclasses);
                    }
                }
            }
        }
        Sums {
            world,
            modules,
            speller,
            deep: links.sums(&own),
            subclasses: subclasses.finish(),
        }
    }

    /// What was looked at, as one number: what comes of it is the same while this is.
    pub fn of_look(&self, look: Look) -> Sum {
        match look {
            Look::Subclasses => self.subclasses,
            Look::Text(module) => sum_of(self.world.sum(module)),
            Look::Object(module) => {
                let object = self.modules.get(&module);
                sum_of(object.map(|object| self.of_object(*object)))
            }
            Look::Answer(question) => {
                let question = self.world.question(question);
                question.map_or(0, |question| self.world.answer(&question))
            }
        }
    }

    /// What a module is, beside its text.
    pub fn spelled(&self, module: ModuleId) -> Sum {
        self.speller.module_sum(module)
    }

    pub fn world(&self) -> &'w World<'w> {
        self.world
    }

    pub fn of_object(&self, object: ObjectId) -> Sum {
        let deep = self.deep.get(object.0 as usize).copied();
        deep.unwrap_or_default()
    }

    /// What a table says, without the numbers of lines.
    pub fn of_table(&self, table: &Table) -> Sum {
        let mut sum = Spelled::default();
        let Table {
            holders,
            entries,
            is_open,
        } = table;
        (holders, is_open, entries.len()).hash(&mut sum.hasher);
        for entry in entries {
            self.entry(entry, &mut sum);
        }
        sum.hasher.finish()
    }

    fn entry(&self, entry: &Entry, sum: &mut Spelled) {
        let Entry {
            kind,
            methods,
            path,
            name,
            endpoint,
            route,
            handler,
            places,
            is_conditional,
            dependencies,
            tags,
            app,
        } = entry;
        (kind, methods, path, name, is_conditional).hash(&mut sum.hasher);
        self.speller.id(*route, sum);
        self.speller.handler(handler.as_ref(), sum);
        self.speller.code_places(places, sum);
        for value in [endpoint, app].into_iter().chain(dependencies).chain(tags) {
            self.speller.value(value, sum);
        }
        (dependencies.len(), tags.len()).hash(&mut sum.hasher);
    }

    /// What a route is, without the numbers of lines.
    pub fn of_route(&self, key: &RouteKey) -> Sum {
        let mut sum = Spelled::default();
        let RouteKey {
            is_websocket,
            method,
            path,
            handler,
        } = key;
        (is_websocket, method, path).hash(&mut sum.hasher);
        self.speller.handler(handler.as_ref(), &mut sum);
        sum.hasher.finish()
    }
}

/// What an object is called: the module for which it was made, and its turn in that.
type Called = (Option<Sum>, u32);

fn names_of(count: usize, makers: &[Maker], spelled: &[Sum]) -> Vec<Called> {
    let mut turns: FxHashMap<Option<ModuleId>, u32> = FxHashMap::default();
    let mut makers = makers.iter().peekable();
    let mut maker = None;
    let named = (0..count as u32).map(|position| {
        while let Some((_, next)) = makers.next_if(|(from, _)| *from <= position) {
            maker = *next;
        }
        let turn = turns.entry(maker).or_default();
        *turn += 1;
        let maker = maker.and_then(|maker| spelled.get(maker.0 as usize));
        (maker.copied(), *turn)
    });
    named.collect()
}

/// Positions in files that the ground names, in order.
#[derive(Default)]
struct Ranks(FxHashMap<(ModuleId, Kind), Vec<u32>>);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Function,
    Class,
    Annotation,
    Line,
}

impl Ranks {
    fn add(&mut self, module: ModuleId, kind: Kind, position: u32) {
        self.0.entry((module, kind)).or_default().push(position);
    }

    fn take(&mut self, object: &Object, places: Symbol) {
        match object {
            Object::Function(function) => {
                self.add(function.module, Kind::Function, function.function.0);
                self.take_places(&function.attributes, places);
            }
            Object::Frame(frame) => self.add(frame.module, Kind::Function, frame.function.0),
            Object::Class(class) => {
                self.add(class.module, Kind::Class, class.class.0);
                for (_, annotation) in &class.fields {
                    self.add(annotation.module, Kind::Annotation, annotation.expr.0);
                }
                self.take_places(&class.names, places);
            }
            Object::Instance(instance) => self.take_places(&instance.attributes, places),
            _ => {}
        }
    }

    fn take_places(&mut self, names: &Names, places: Symbol) {
        for place in places_of(names, places) {
            self.add(place.module, Kind::Line, place.line);
        }
    }

    fn take_handler(&mut self, handler: &Handler) {
        self.add(handler.module, Kind::Line, handler.line);
        if let Some(function) = handler.function {
            self.add(handler.module, Kind::Function, function.0);
        }
    }

    fn sort(&mut self) {
        for positions in self.0.values_mut() {
            positions.sort_unstable();
            positions.dedup();
        }
    }

    fn rank(&self, module: ModuleId, kind: Kind, position: u32) -> Result<usize, u32> {
        let known = self.0.get(&(module, kind));
        let rank = known.and_then(|known| known.binary_search(&position).ok());
        rank.ok_or(position)
    }
}

/// What is spelled so far, and the objects that were named.
#[derive(Default)]
struct Spelled {
    hasher: DefaultHasher,
    leads_to: Vec<u32>,
}

struct Speller<'w> {
    world: &'w World<'w>,
    places: Symbol,
    calls: Vec<Called>,
    /// What each module is: see [`World::spelled`].
    modules: Vec<Sum>,
    ranks: Ranks,
}

impl Speller<'_> {
    fn call(&self, id: ObjectId) -> Option<Called> {
        self.calls.get(id.0 as usize).copied()
    }

    fn module_sum(&self, module: ModuleId) -> Sum {
        self.modules
            .get(module.0 as usize)
            .copied()
            .unwrap_or_default()
    }

    fn id(&self, id: ObjectId, sum: &mut Spelled) {
        self.call(id).hash(&mut sum.hasher);
        sum.leads_to.push(id.0);
    }

    fn ids(&self, ids: [Option<ObjectId>; 2], sum: &mut Spelled) {
        for id in ids {
            id.is_some().hash(&mut sum.hasher);
            if let Some(id) = id {
                self.id(id, sum);
            }
        }
    }

    fn symbol(&self, symbol: Symbol, sum: &mut Spelled) {
        self.world.symbols.spelling(symbol).hash(&mut sum.hasher);
    }

    fn rank(&self, module: ModuleId, kind: Kind, position: u32, sum: &mut Spelled) {
        self.module_sum(module).hash(&mut sum.hasher);
        self.ranks
            .rank(module, kind, position)
            .hash(&mut sum.hasher);
    }

    fn handler(&self, handler: Option<&Handler>, sum: &mut Spelled) {
        handler.is_some().hash(&mut sum.hasher);
        if let Some(Handler {
            module,
            line,
            name,
            function,
        }) = handler
        {
            (name, function.is_some()).hash(&mut sum.hasher);
            self.rank(*module, Kind::Line, *line, sum);
            if let Some(function) = function {
                self.rank(*module, Kind::Function, function.0, sum);
            }
        }
    }

    fn code_places(&self, places: &[CodePlace], sum: &mut Spelled) {
        places.len().hash(&mut sum.hasher);
        for place in places {
            self.rank(place.module, Kind::Line, place.line, sum);
        }
    }

    fn names(&self, names: &Names, sum: &mut Spelled) {
        names.entries.len().hash(&mut sum.hasher);
        for (name, value) in &names.entries {
            self.symbol(*name, sum);
            if *name == self.places {
                self.code_places(&places_of(names, self.places), sum);
            } else {
                self.value(value, sum);
            }
        }
    }

    fn values(&self, values: &[Value], sum: &mut Spelled) {
        values.len().hash(&mut sum.hasher);
        for value in values {
            self.value(value, sum);
        }
    }

    fn value(&self, value: &Value, sum: &mut Spelled) {
        std::mem::discriminant(value).hash(&mut sum.hasher);
        match value {
            Value::Unbound | Value::None | Value::Ellipsis => {}
            Value::Unknown(reason) => reason.hash(&mut sum.hasher),
            Value::Bool(value) => value.hash(&mut sum.hasher),
            Value::Int(value) => value.hash(&mut sum.hasher),
            Value::Text(text) => text.hash(&mut sum.hasher),
            Value::Tuple(items) | Value::Union(items) => self.values(items, sum),
            Value::Object(id) => self.id(*id, sum),
            Value::Method(method) => {
                let Method { receiver, function } = &**method;
                self.value(receiver, sum);
                std::mem::discriminant(function).hash(&mut sum.hasher);
                match function {
                    Callee::Function(id) => self.id(*id, sum),
                    Callee::Builtin(name) => self.symbol(*name, sum),
                }
            }
            Value::Super(pair) => {
                self.id(pair.0, sum);
                self.value(&pair.1, sum);
            }
            Value::External(path) => self.symbol(*path, sum),
            Value::Native(native) => native.hash(&mut sum.hasher),
            Value::Status(request) => request.hash(&mut sum.hasher),
            Value::Claim(claim) => {
                let Claim {
                    request,
                    ranges,
                    otherwise,
                    texts,
                } = &**claim;
                (request, ranges, otherwise, texts).hash(&mut sum.hasher);
            }
        }
    }

    /// Every field is named, so that a new one is not forgotten.
    fn object(&self, object: &Object, sum: &mut Spelled) {
        std::mem::discriminant(object).hash(&mut sum.hasher);
        match object {
            Object::Function(function) => self.function(function, sum),
            Object::Class(class) => self.class(class, sum),
            Object::Instance(InstanceObject {
                class,
                attributes,
                payload,
                is_opaque,
                is_expected,
            }) => {
                self.id(*class, sum);
                self.names(attributes, sum);
                self.values(payload.as_slice(), sum);
                (is_opaque, is_expected).hash(&mut sum.hasher);
            }
            Object::List(ListObject {
                items,
                is_open,
                doubtful,
                kind,
            }) => {
                self.values(items, sum);
                (is_open, doubtful, std::mem::discriminant(kind)).hash(&mut sum.hasher);
            }
            Object::Dict(DictObject {
                items,
                is_open,
                doubtful,
            }) => {
                (items.len(), is_open, doubtful).hash(&mut sum.hasher);
                for (key, value) in items {
                    self.value(key, sum);
                    self.value(value, sum);
                }
            }
            Object::Module(module) => self.module(module, sum),
            Object::Frame(FrameObject {
                module,
                function,
                values,
                closure,
                class,
            }) => {
                self.rank(*module, Kind::Function, function.0, sum);
                self.values(values, sum);
                self.ids([*closure, *class], sum);
            }
            Object::Descriptor { kind, function } => {
                std::mem::discriminant(kind).hash(&mut sum.hasher);
                self.value(function, sum);
            }
            Object::Alias { origin, arguments } => {
                self.value(origin, sum);
                self.values(arguments, sum);
            }
            Object::Partial {
                function,
                positional,
                named,
            } => {
                self.value(function, sum);
                self.values(positional, sum);
                named.len().hash(&mut sum.hasher);
                for (name, value) in named {
                    self.symbol(*name, sum);
                    self.value(value, sum);
                }
            }
        }
    }

    fn function(&self, function: &FunctionObject, sum: &mut Spelled) {
        let FunctionObject {
            module,
            function,
            closure,
            class,
            defaults,
            attributes,
        } = function;
        self.rank(*module, Kind::Function, function.0, sum);
        self.ids([*closure, *class], sum);
        self.values(defaults, sum);
        self.names(attributes, sum);
    }

    fn class(&self, class: &ClassObject, sum: &mut Spelled) {
        let ClassObject {
            module,
            class,
            name,
            bases,
            mro,
            names,
            fields,
            closure,
            // Summed by themselves: every test that has a subclass adds to them.
            subclasses: _,
        } = class;
        self.rank(*module, Kind::Class, class.0, sum);
        self.symbol(*name, sum);
        self.values(bases, sum);
        self.values(mro, sum);
        self.names(names, sum);
        fields.len().hash(&mut sum.hasher);
        for (name, AnnotationPlace { module, expr }) in fields {
            self.symbol(*name, sum);
            self.rank(*module, Kind::Annotation, expr.0, sum);
        }
        self.ids([*closure, None], sum);
    }

    fn module(&self, module: &ModuleObject, sum: &mut Spelled) {
        let ModuleObject {
            module,
            names,
            order,
            state,
        } = module;
        self.module_sum(*module).hash(&mut sum.hasher);
        format!("{state:?}").hash(&mut sum.hasher);
        let mut names: Vec<(&str, &Value)> = names
            .iter()
            .map(|(name, value)| (self.world.symbols.spelling(*name), value))
            .collect();
        names.sort_unstable_by_key(|(name, _)| *name);
        names.len().hash(&mut sum.hasher);
        for (name, value) in names {
            name.hash(&mut sum.hasher);
            self.value(value, sum);
        }
        for name in order {
            self.symbol(*name, sum);
        }
    }
}

/// Which objects each object names.
#[derive(Default)]
struct Links {
    ends: Vec<usize>,
    targets: Vec<u32>,
}

impl Links {
    fn push(&mut self, leads_to: Vec<u32>) {
        self.targets.extend(leads_to);
        self.ends.push(self.targets.len());
    }

    fn of(&self, position: usize) -> &[u32] {
        let start = position
            .checked_sub(1)
            .map_or(0, |before| self.ends[before]);
        &self.targets[start..self.ends[position]]
    }

    /// For each object the sum of all that it leads to. Objects that lead to each other are summed together (Tarjan's components).
    fn sums(&self, own: &[Sum]) -> Vec<Sum> {
        const NEW: u32 = u32::MAX;
        let count = own.len();
        let mut deep: Vec<Sum> = vec![0; count];
        let mut order = vec![NEW; count];
        let mut lowest = vec![0u32; count];
        let mut is_open = vec![false; count];
        let mut open: Vec<u32> = Vec::new();
        let mut next = 0;
        let mut path: Vec<(u32, usize)> = Vec::new();
        for start in 0..count as u32 {
            if order[start as usize] != NEW {
                continue;
            }
            path.push((start, 0));
            while let Some((node, step)) = path.last_mut() {
                let position = *node as usize;
                if *step == 0 {
                    order[position] = next;
                    lowest[position] = next;
                    next += 1;
                    open.push(*node);
                    is_open[position] = true;
                }
                let target = self.of(position).get(*step).copied();
                *step += 1;
                if let Some(target) = target {
                    let target = target as usize;
                    if target < count && order[target] == NEW {
                        path.push((target as u32, 0));
                    } else if target < count && is_open[target] {
                        lowest[position] = lowest[position].min(order[target]);
                    }
                    continue;
                }
                path.pop();
                if let Some((above, _)) = path.last() {
                    let above = *above as usize;
                    lowest[above] = lowest[above].min(lowest[position]);
                }
                if lowest[position] == order[position] {
                    let from = open.iter().rposition(|one| *one as usize == position);
                    let members = open.split_off(from.unwrap_or_default());
                    for member in &members {
                        is_open[*member as usize] = false;
                    }
                    self.sum_together(&members, own, &mut deep);
                }
            }
        }
        deep
    }

    fn sum_together(&self, members: &[u32], own: &[Sum], deep: &mut [Sum]) {
        let mut inner: Vec<Sum> = members.iter().map(|one| own[*one as usize]).collect();
        inner.sort_unstable();
        let targets = members.iter().flat_map(|one| self.of(*one as usize));
        // Those of the members are still nothing.
        let mut outer: Vec<Sum> = targets
            .filter_map(|target| deep.get(*target as usize).copied())
            .filter(|sum| *sum != 0)
            .collect();
        outer.sort_unstable();
        outer.dedup();
        let together = sum_of((inner, outer));
        for member in members {
            deep[*member as usize] = sum_of((together, own[*member as usize]));
        }
    }
}
