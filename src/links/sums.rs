//! Sums of the ground: what its objects hold, so that it can be told whether they are the same in another run.
//!
//! ```python
//! app = FastAPI()             # its sum holds what its attributes are: texts, numbers, and what other objects are called
//! app.include_router(users)   # another route: another list of routes, and the same app
//! ```
//! Numbers of objects differ from run to run, so each is called by a [name](crate::links::called), and so are positions in a file
//! (functions, classes, annotations, lines of registrations). Of a module or a class of the project, each name has a sum of its own:
//! who looks at one of them depends on no other. Who wants to know more of a position than whether it is another's must
//! look into the file, and that is noted by itself ([`looks`](crate::project::looks)).

use std::hash::{DefaultHasher, Hash, Hasher};

use rustc_hash::FxHashMap;

use crate::facts::program::FunctionId;
use crate::links::called::{Annotations, Maker, names_of};
use crate::links::walk::RouteKey;
use crate::project::kept::{Sum, sum_of};
use crate::project::routes::{Entry, Handler, Table};
use crate::project::symbols::Symbol;
use crate::project::values::globals::Globals;
use crate::project::values::heap::{
    AnnotationPlace, ClassObject, DictObject, FrameObject, FunctionObject, InstanceObject,
    ListObject, ModuleObject, Names, Object,
};
use crate::project::values::operations::places_of;
use crate::project::values::value::{Callee, Claim, Method, ObjectId, Value};
use crate::project::world::{CodePlace, ModuleId, World};

pub struct Sums<'w> {
    world: &'w World<'w>,
    base: &'w [Object],
    modules: &'w FxHashMap<ModuleId, ObjectId>,
    speller: Speller<'w>,
    /// What each object holds.
    own: Vec<Sum>,
}

impl<'w> Sums<'w> {
    pub fn of(
        world: &'w World<'w>,
        base: &'w [Object],
        modules: &'w FxHashMap<ModuleId, ObjectId>,
        makers: &[Maker],
    ) -> Sums<'w> {
        let places = world.symbols.intern("covgap_places");
        let modules_spelled: Vec<Sum> = world.modules().map(|one| world.spelled(one)).collect();
        let speller = Speller {
            world,
            places,
            calls: names_of(world, base, makers, &modules_spelled),
            modules: modules_spelled,
            annotations: Annotations::of(world, base),
        };
        let own = base.iter().map(|object| {
            let mut sum = DefaultHasher::new();
            speller.object(object, &mut sum);
            sum.finish()
        });
        Sums {
            world,
            base,
            modules,
            own: own.collect(),
            speller,
        }
    }

    /// What the object of a module is called, if it has one.
    pub fn of_object(&self, module: ModuleId) -> Sum {
        let object = self.modules.get(&module);
        sum_of(object.map(|object| self.name_of(*object)))
    }

    /// What a module is, beside its text.
    pub fn spelled(&self, module: ModuleId) -> Sum {
        self.speller.module_sum(module)
    }

    pub fn world(&self) -> &'w World<'w> {
        self.world
    }

    /// What an object is called.
    pub fn name_of(&self, object: ObjectId) -> Option<Sum> {
        self.speller.call(object)
    }

    /// What a module or a class has by a name.
    pub fn of_name(&self, object: ObjectId, name: Symbol) -> Sum {
        let mut sum = DefaultHasher::new();
        match self.base.get(object.0 as usize) {
            Some(Object::Module(module)) => self.speller.maybe(module.names.get(&name), &mut sum),
            Some(Object::Class(class)) if name == self.speller.places => {
                let places = places_of(&class.names, name);
                self.speller.code_places(&places, &mut sum);
            }
            Some(Object::Class(class)) => self.speller.maybe(class.names.get(name), &mut sum),
            _ => {}
        }
        sum.finish()
    }

    /// All that it has by any name.
    pub fn of_names(&self, object: ObjectId) -> Sum {
        let mut sum = DefaultHasher::new();
        match self.base.get(object.0 as usize) {
            Some(Object::Module(module)) => self.speller.globals(&module.names, &mut sum),
            Some(Object::Class(class)) => self.speller.names(&class.names, &mut sum),
            _ => {}
        }
        sum.finish()
    }

    /// What every object is called, and what it holds besides such names, in the order of their numbers.
    pub fn objects(&self) -> impl Iterator<Item = (Sum, Sum)> + '_ {
        let calls = self.speller.calls.iter().copied();
        calls.zip(self.own.iter().copied())
    }

    /// What a function is, wherever it stands in its file.
    pub fn of_code(&self, (module, function): (ModuleId, FunctionId)) -> Sum {
        let position = self.world.function_name(module, function);
        sum_of((self.spelled(module), position))
    }

    /// What a table says, without the numbers of lines.
    pub fn of_table(&self, table: &Table) -> Sum {
        let mut sum = DefaultHasher::new();
        let Table {
            holders,
            entries,
            is_open,
        } = table;
        (holders, is_open, entries.len()).hash(&mut sum);
        for entry in entries {
            self.entry(entry, &mut sum);
        }
        sum.finish()
    }

    /// What an entry of a table says, without the numbers of lines.
    pub fn of_entry(&self, entry: &Entry) -> Sum {
        let mut sum = DefaultHasher::new();
        self.entry(entry, &mut sum);
        sum.finish()
    }

    fn entry(&self, entry: &Entry, sum: &mut DefaultHasher) {
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
            redirects_slashes,
        } = entry;
        (kind, methods, path, name, is_conditional).hash(sum);
        redirects_slashes.hash(sum);
        self.speller.id(*route, sum);
        self.speller.handler(handler.as_ref(), sum);
        self.speller.code_places(places, sum);
        for value in [endpoint, app].into_iter().chain(dependencies).chain(tags) {
            self.speller.value(value, sum);
        }
        (dependencies.len(), tags.len()).hash(sum);
    }

    /// What the app is called that a route is of.
    pub fn of_app(&self, app: &Value) -> Sum {
        let mut sum = DefaultHasher::new();
        self.speller.value(app, &mut sum);
        sum.finish()
    }

    /// What a route is, without the numbers of lines.
    pub fn of_route(&self, key: &RouteKey) -> Sum {
        let mut sum = DefaultHasher::new();
        let RouteKey {
            is_websocket,
            method,
            path,
            handler,
        } = key;
        (is_websocket, method, path).hash(&mut sum);
        self.speller.handler(handler.as_ref(), &mut sum);
        sum.finish()
    }
}

struct Speller<'w> {
    world: &'w World<'w>,
    places: Symbol,
    /// What each object is called.
    calls: Vec<Sum>,
    /// What each module is: see [`World::spelled`].
    modules: Vec<Sum>,
    annotations: Annotations,
}

impl Speller<'_> {
    fn call(&self, id: ObjectId) -> Option<Sum> {
        self.calls.get(id.0 as usize).copied()
    }

    fn module_sum(&self, module: ModuleId) -> Sum {
        self.modules
            .get(module.0 as usize)
            .copied()
            .unwrap_or_default()
    }

    fn id(&self, id: ObjectId, sum: &mut DefaultHasher) {
        self.call(id).hash(sum);
    }

    fn ids(&self, ids: [Option<ObjectId>; 2], sum: &mut DefaultHasher) {
        for id in ids {
            id.is_some().hash(sum);
            if let Some(id) = id {
                self.id(id, sum);
            }
        }
    }

    fn symbol(&self, symbol: Symbol, sum: &mut DefaultHasher) {
        self.world.symbols.spelling(symbol).hash(sum);
    }

    fn function_at(&self, module: ModuleId, function: FunctionId, sum: &mut DefaultHasher) {
        let position = self.world.function_name(module, function);
        (self.module_sum(module), position).hash(sum);
    }

    fn line(&self, module: ModuleId, line: u32, sum: &mut DefaultHasher) {
        let position = self.world.line_name(CodePlace { module, line });
        (self.module_sum(module), position).hash(sum);
    }

    fn handler(&self, handler: Option<&Handler>, sum: &mut DefaultHasher) {
        handler.is_some().hash(sum);
        if let Some(Handler {
            module,
            line,
            name,
            function,
        }) = handler
        {
            (name, function.is_some()).hash(sum);
            self.line(*module, *line, sum);
            if let Some(function) = function {
                self.function_at(*module, *function, sum);
            }
        }
    }

    fn code_places(&self, places: &[CodePlace], sum: &mut DefaultHasher) {
        places.len().hash(sum);
        for place in places {
            self.line(place.module, place.line, sum);
        }
    }

    fn names(&self, names: &Names, sum: &mut DefaultHasher) {
        names.entries().len().hash(sum);
        for (name, value) in names.entries() {
            self.symbol(*name, sum);
            if *name == self.places {
                self.code_places(&places_of(names, self.places), sum);
            } else {
                self.value(value, sum);
            }
        }
    }

    fn maybe(&self, value: Option<&Value>, sum: &mut DefaultHasher) {
        value.is_some().hash(sum);
        if let Some(value) = value {
            self.value(value, sum);
        }
    }

    fn values(&self, values: &[Value], sum: &mut DefaultHasher) {
        values.len().hash(sum);
        for value in values {
            self.value(value, sum);
        }
    }

    fn value(&self, value: &Value, sum: &mut DefaultHasher) {
        std::mem::discriminant(value).hash(sum);
        match value {
            Value::Unbound | Value::None | Value::Ellipsis => {}
            Value::Unknown(reason) => reason.hash(sum),
            Value::Bool(value) => value.hash(sum),
            Value::Int(value) => value.hash(sum),
            Value::Float(value) => value.hash(sum),
            Value::Text(text) => text.hash(sum),
            Value::Tuple(items) | Value::Union(items) => self.values(items, sum),
            Value::Object(id) => self.id(*id, sum),
            Value::Method(method) => {
                let Method { receiver, function } = &**method;
                self.value(receiver, sum);
                std::mem::discriminant(function).hash(sum);
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
            Value::Native(native) => native.hash(sum),
            Value::Status(request) => request.hash(sum),
            Value::Claim(claim) => {
                let Claim {
                    request,
                    ranges,
                    otherwise,
                    texts,
                } = &**claim;
                (request, ranges, otherwise, texts).hash(sum);
            }
        }
    }

    /// Every field is named, so that a new one is not forgotten.
    fn object(&self, object: &Object, sum: &mut DefaultHasher) {
        std::mem::discriminant(object).hash(sum);
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
                (is_opaque, is_expected).hash(sum);
            }
            Object::List(ListObject {
                items,
                is_open,
                doubtful,
                kind,
            }) => {
                self.values(items, sum);
                (is_open, doubtful, std::mem::discriminant(kind)).hash(sum);
            }
            Object::Dict(DictObject {
                items,
                is_open,
                doubtful,
            }) => {
                (items.len(), is_open, doubtful).hash(sum);
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
                self.function_at(*module, *function, sum);
                self.values(values, sum);
                self.ids([*closure, *class], sum);
            }
            Object::Descriptor { kind, function } => {
                std::mem::discriminant(kind).hash(sum);
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
                named.len().hash(sum);
                for (name, value) in named {
                    self.symbol(*name, sum);
                    self.value(value, sum);
                }
            }
        }
    }

    fn function(&self, function: &FunctionObject, sum: &mut DefaultHasher) {
        let FunctionObject {
            module,
            function,
            closure,
            class,
            defaults,
            attributes,
        } = function;
        self.function_at(*module, *function, sum);
        self.ids([*closure, *class], sum);
        self.values(defaults, sum);
        self.names(attributes, sum);
    }

    fn class(&self, class: &ClassObject, sum: &mut DefaultHasher) {
        let ClassObject {
            module,
            class,
            name,
            metaclass,
            bases,
            mro,
            names,
            fields,
            closure,
            // An object of its own.
            subclasses: _,
        } = class;
        let position = class.map(|class| self.world.class_name(*module, class));
        (self.module_sum(*module), position).hash(sum);
        self.symbol(*name, sum);
        self.values(bases, sum);
        self.values(mro, sum);
        if !names.is_watched() {
            self.names(names, sum);
        }
        fields.len().hash(sum);
        for (name, AnnotationPlace { module, expr }) in fields {
            self.symbol(*name, sum);
            let position = self.annotations.name(*module, expr.0);
            (self.module_sum(*module), position).hash(sum);
        }
        self.ids([*closure, *metaclass], sum);
    }

    fn module(&self, module: &ModuleObject, sum: &mut DefaultHasher) {
        let ModuleObject {
            module,
            names,
            state,
        } = module;
        self.module_sum(*module).hash(sum);
        format!("{state:?}").hash(sum);
        if !names.is_watched() {
            self.globals(names, sum);
        }
    }

    fn globals(&self, globals: &Globals, sum: &mut DefaultHasher) {
        let mut names: Vec<(&str, &Value)> = globals
            .iter()
            .map(|(name, value)| (self.world.symbols.spelling(*name), value))
            .collect();
        names.sort_unstable_by_key(|(name, _)| *name);
        names.len().hash(sum);
        for (name, value) in names {
            name.hash(sum);
            self.value(value, sum);
        }
        for name in globals.order() {
            self.symbol(*name, sum);
        }
    }
}
