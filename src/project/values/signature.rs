//! Signatures: the arguments of a call with all that they lead to, as bytes; equal bytes are equal arguments.
//!
//! In `send(User(name="a"))` the user is made anew for each test and has another number each time; spelled out as "an instance of
//! `User` whose name is `a`", it is the same in all of them. Objects that are older than the test are spelled by their numbers.

use std::cell::RefMut;
use std::rc::Rc;

use rustc_hash::FxHashSet;

use crate::facts::program::FunctionId;
use crate::project::symbols::Symbol;
use crate::project::values::heap::{DescriptorKind, ListKind, ModuleObject, Names, Object};
use crate::project::values::left::changed_names;
use crate::project::values::machine::Machine;
use crate::project::values::value::{Callee, ObjectId, Reason, Value};
use crate::project::world::ModuleId;

/// More than this is not spelled out: the call just runs.
const MOST_OBJECTS: usize = 160;
const MOST_BYTES: usize = 12_000;

pub struct Signature {
    pub bytes: Vec<u8>,
    /// The objects that the arguments lead to, in order of appearance.
    pub objects: Vec<ObjectId>,
    /// The highest number of an object that is spelled by its number.
    pub highest_plain: u32,
}

/// None if it would be too long.
pub fn sign(
    machine: &Machine<'_>,
    function: (ModuleId, FunctionId),
    closure: Option<ObjectId>,
    class: Option<ObjectId>,
    flags: [u8; 2],
    locals: &[Value],
) -> Option<Signature> {
    let mut signer = Signer {
        machine,
        before: &[],
        from: machine.summaries_from()?,
        signature: Signature {
            bytes: machine.buffer.take(),
            objects: Vec::new(),
            highest_plain: 0,
        },
        met: Met::begin(machine),
    };
    signer.signature.bytes.clear();
    signer.signature.bytes.extend_from_slice(&flags);
    signer.number(function.0.0);
    signer.number(function.1.0);
    signer.maybe(closure);
    signer.maybe(class);
    signer.values(locals);
    let mut next = 0;
    while next < signer.signature.objects.len() {
        if next > MOST_OBJECTS || signer.signature.bytes.len() > MOST_BYTES {
            return None;
        }
        let id = signer.signature.objects[next];
        signer.object(id);
        next += 1;
    }
    (signer.signature.bytes.len() <= MOST_BYTES).then_some(signer.signature)
}

/// Objects of the base that have changed, by what they hold, with those of the test's objects that they lead to.
pub struct Changed {
    pub bytes: Box<[u8]>,
    /// Of the objects that they lead to, and the arguments before them: the positions of those that are spelled out.
    pub spelled: Box<[u32]>,
    /// The objects that they lead to, behind the arguments'.
    pub objects: Vec<ObjectId>,
    pub highest_plain: u32,
}

/// Spells the changed objects out, and of the test's objects that they lead to those that were looked at.
pub fn sign_changed(
    machine: &Machine<'_>,
    arguments: &[ObjectId],
    changed: &[ObjectId],
    looked_at: &FxHashSet<ObjectId>,
) -> Option<Changed> {
    let mut signer = Signer::after(machine, arguments)?;
    signer.before = machine.heap.before();
    let mut spelled: Vec<u32> = Vec::new();
    for &id in changed {
        signer.changed(id)?;
    }
    let mut next = arguments.len();
    while next < signer.signature.objects.len() {
        if next > MOST_OBJECTS || signer.signature.bytes.len() > MOST_BYTES {
            return None;
        }
        let id = signer.signature.objects[next];
        if looked_at.contains(&id) {
            signer.object(id);
            spelled.push(next as u32);
        }
        next += 1;
    }
    let mut signature = signer.signature;
    Some(Changed {
        bytes: signature.bytes.into_boxed_slice(),
        spelled: spelled.into(),
        objects: signature.objects.split_off(arguments.len()),
        highest_plain: signature.highest_plain,
    })
}

/// All objects of a call, and what those hold now that a summary has found changed; None if they can't hold what they held then.
pub fn spell_changed(
    machine: &Machine<'_>,
    arguments: &[ObjectId],
    changed: &[ObjectId],
    spelled: &[u32],
) -> Option<(Vec<ObjectId>, Vec<u8>)> {
    let mut signer = Signer::after(machine, arguments)?;
    for &id in changed {
        signer.changed(id)?;
    }
    for &position in spelled {
        if signer.signature.bytes.len() > MOST_BYTES {
            return None;
        }
        let id = *signer.signature.objects.get(position as usize)?;
        signer.object(id);
    }
    Some((signer.signature.objects, signer.signature.bytes))
}

struct Signer<'m, 'w> {
    machine: &'m Machine<'w>,
    /// Objects that have been written to since, as they were.
    before: &'m [(ObjectId, Object)],
    /// Objects from here on were made by this test.
    from: u32,
    signature: Signature,
    met: RefMut<'m, Met>,
}

/// Where objects stand among those that a signature meets: for each, the signature's number and the position, in order of objects.
#[derive(Debug, Default)]
pub struct Met {
    signature: u32,
    positions: Vec<(u32, u32)>,
}

impl Met {
    fn begin<'m>(machine: &'m Machine<'_>) -> RefMut<'m, Met> {
        let mut met = machine.met.borrow_mut();
        met.signature = met.signature.wrapping_add(1);
        if met.signature == 0 {
            // Numbers begin anew.
            met.positions.clear();
            met.signature = 1;
        }
        met
    }

    /// The position of an object, counted from the first of the test's; `next` if it is new.
    fn position(&mut self, object: usize, next: u32) -> u32 {
        if object >= self.positions.len() {
            self.positions.resize(object + 1, (0, 0));
        }
        let slot = &mut self.positions[object];
        if slot.0 != self.signature {
            *slot = (self.signature, next);
        }
        slot.1
    }
}

impl<'m, 'w> Signer<'m, 'w> {
    /// One that knows the arguments' objects already.
    fn after(machine: &'m Machine<'w>, arguments: &[ObjectId]) -> Option<Signer<'m, 'w>> {
        let mut signer = Signer {
            machine,
            before: &[],
            from: machine.summaries_from()?,
            signature: Signature {
                bytes: Vec::new(),
                objects: Vec::with_capacity(arguments.len()),
                highest_plain: 0,
            },
            met: Met::begin(machine),
        };
        for &argument in arguments {
            signer.position(argument);
        }
        Some(signer)
    }

    fn peek(&self, id: ObjectId) -> &'m Object {
        let before = self.before.iter().find(|(known, _)| *known == id);
        before.map_or_else(|| self.machine.heap.peek(id), |(_, object)| object)
    }

    fn byte(&mut self, byte: u8) {
        self.signature.bytes.push(byte);
    }

    fn number(&mut self, number: u32) {
        self.signature
            .bytes
            .extend_from_slice(&number.to_le_bytes());
    }

    fn symbol(&mut self, symbol: Symbol) {
        self.number(symbol.0);
    }

    fn id(&mut self, id: ObjectId) {
        let is_static = id.0 < self.from
            || matches!(
                self.machine.heap.peek(id),
                Object::Class(_) | Object::Module(_)
            );
        if is_static {
            self.signature.highest_plain = self.signature.highest_plain.max(id.0);
            self.byte(b'=');
            self.number(id.0);
            return;
        }
        let position = self.position(id);
        self.byte(b'#');
        self.number(position);
    }

    /// Where the object stands among those that are met; a new one comes last.
    fn position(&mut self, id: ObjectId) -> u32 {
        let objects = &mut self.signature.objects;
        let next = objects.len() as u32;
        let position = match id.0.checked_sub(self.from) {
            Some(object) => self.met.position(object as usize, next),
            // Only an argument is older: of a call in which a fixture has given its value.
            None => {
                let mut known = objects.iter();
                known
                    .position(|known| *known == id)
                    .map_or(next, |at| at as u32)
            }
        };
        if position == next {
            objects.push(id);
        }
        position
    }

    fn maybe(&mut self, id: Option<ObjectId>) {
        match id {
            Some(id) => self.id(id),
            None => self.byte(b'-'),
        }
    }

    fn values(&mut self, values: &[Value]) {
        self.number(values.len() as u32);
        for value in values {
            self.value(value);
        }
    }

    fn names(&mut self, names: &Names) {
        self.number(names.entries().len() as u32);
        for (name, value) in names.entries() {
            self.symbol(*name);
            self.value(value);
        }
    }

    fn value(&mut self, value: &Value) {
        if self.signature.bytes.len() > MOST_BYTES {
            return;
        }
        match value {
            Value::Unbound => self.byte(0),
            Value::Unknown(reason) => {
                self.byte(1);
                self.byte(reason.number());
                if let Reason::Answer(request) = reason {
                    self.number(request.0);
                }
            }
            Value::None => self.byte(2),
            Value::Ellipsis => self.byte(3),
            Value::Bool(truth) => self.byte(4 + u8::from(*truth)),
            Value::Int(number) => {
                self.byte(6);
                self.signature
                    .bytes
                    .extend_from_slice(&number.to_le_bytes());
            }
            Value::Float(number) => {
                self.byte(21);
                let bits = number.bits().to_le_bytes();
                self.signature.bytes.extend_from_slice(&bits);
            }
            Value::Text(text) => {
                self.byte(7);
                self.number(text.len() as u32);
                self.signature.bytes.extend_from_slice(text.as_bytes());
            }
            Value::Tuple(items) => {
                self.byte(8);
                self.values(items);
            }
            Value::Object(id) => {
                self.byte(9);
                self.id(*id);
            }
            Value::Method(method) => {
                self.byte(10);
                self.value(&method.receiver);
                match &method.function {
                    Callee::Function(id) => self.id(*id),
                    Callee::Builtin(name) => {
                        self.byte(b'b');
                        self.symbol(*name);
                    }
                }
            }
            Value::Super(pair) => {
                self.byte(11);
                self.id(pair.0);
                self.value(&pair.1);
            }
            Value::External(path) => {
                self.byte(12);
                self.symbol(*path);
            }
            Value::Native(native) => {
                self.byte(13);
                self.number(*native as u32);
            }
            Value::Status(request) => {
                self.byte(14);
                self.number(request.0);
            }
            Value::Claim(claim) => {
                self.byte(15);
                self.number(claim.request.0);
                for ranges in [&claim.ranges, &claim.otherwise] {
                    self.number(ranges.len() as u32);
                    for (low, high) in ranges {
                        self.number(u32::from(*low) << 16 | u32::from(*high));
                    }
                }
                self.number(claim.texts.len() as u32);
                for text in &claim.texts {
                    self.number(text.len() as u32);
                    self.signature.bytes.extend_from_slice(text.as_bytes());
                }
            }
            Value::Union(values) => {
                self.byte(16);
                self.values(values);
            }
        }
    }

    /// What a changed object of the base holds; of a module or a class, what is new in it.
    fn changed(&mut self, id: ObjectId) -> Option<()> {
        let heap = &self.machine.heap;
        match (heap.original(id)?, self.peek(id)) {
            (Object::Module(before), Object::Module(now)) => {
                let changes = self.changes_of_module(id, before, now)?;
                self.byte(19);
                self.number(changes.len() as u32);
                for (name, value) in changes.iter() {
                    self.symbol(*name);
                    self.value(value);
                }
            }
            (Object::Class(before), Object::Class(now)) => {
                if before.mro != now.mro || before.fields.len() != now.fields.len() {
                    return None;
                }
                self.byte(20);
                self.names(&now.names);
                self.values(&now.bases);
            }
            (Object::Module(_) | Object::Class(_), _) => return None,
            _ => self.object(id),
        }
        Some(())
    }

    /// [`changes_of_module`], found once for each state in which the module is.
    fn changes_of_module(
        &self,
        id: ObjectId,
        before: &ModuleObject,
        now: &ModuleObject,
    ) -> ModuleChanges {
        let is_past = self.before.iter().any(|(known, _)| *known == id);
        let stamp = match self.machine.heap.stamp_of(id) {
            Some(stamp) if !is_past => stamp,
            _ => return changes_of_module(before, now),
        };
        let mut known = self.machine.module_changes.borrow_mut();
        match known.get(&id) {
            Some((seen, changes)) if *seen == stamp => changes.clone(),
            _ => {
                let changes = changes_of_module(before, now);
                known.insert(id, (stamp, changes.clone()));
                changes
            }
        }
    }

    fn object(&mut self, id: ObjectId) {
        let is_weak = self.machine.is_weak(id);
        self.byte(b'w' + u8::from(is_weak));
        if let Some(place) = self.machine.origins.get(&id) {
            self.byte(b'@');
            self.number(place.module.0);
            self.number(place.line);
        }
        match self.peek(id) {
            Object::Function(function) => {
                self.byte(0);
                self.number(function.module.0);
                self.number(function.function.0);
                self.maybe(function.closure);
                self.maybe(function.class);
                self.values(&function.defaults);
                self.names(&function.attributes);
            }
            Object::Instance(instance) => {
                self.byte(1 + u8::from(instance.is_opaque));
                self.byte(u8::from(instance.is_expected));
                self.id(instance.class);
                self.names(&instance.attributes);
                match &instance.payload {
                    Some(payload) => self.value(payload),
                    None => self.byte(b'-'),
                }
            }
            Object::List(list) => {
                let kind = match list.kind {
                    ListKind::List => 0,
                    ListKind::Set => 1,
                    ListKind::Iterator => 2,
                };
                self.byte(3 + 2 * kind + u8::from(list.is_open));
                self.number(list.doubtful as u32);
                self.values(&list.items);
            }
            Object::Dict(dict) => {
                self.byte(10 + u8::from(dict.is_open));
                self.number(dict.doubtful as u32);
                self.number(dict.items.len() as u32);
                for (key, value) in &dict.items {
                    self.value(key);
                    self.value(value);
                }
            }
            Object::Frame(frame) => {
                self.byte(12);
                self.number(frame.module.0);
                self.number(frame.function.0);
                self.values(&frame.values);
                self.maybe(frame.closure);
                self.maybe(frame.class);
            }
            Object::Descriptor { kind, function } => {
                let kind = match kind {
                    DescriptorKind::Property => 0,
                    DescriptorKind::Static => 1,
                    DescriptorKind::Class => 2,
                };
                self.byte(13 + kind);
                self.value(function);
            }
            Object::Alias { origin, arguments } => {
                self.byte(16);
                self.value(origin);
                self.values(arguments);
            }
            Object::Partial {
                function,
                positional,
                named,
            } => {
                self.byte(17);
                self.value(function);
                self.values(positional);
                self.number(named.len() as u32);
                for (name, value) in named {
                    self.symbol(*name);
                    self.value(value);
                }
            }
            // Spelled by their numbers.
            Object::Class(_) | Object::Module(_) => self.byte(18),
        }
    }
}

/// What is new in a module, in a fixed order, an unbound name as such; None if it is another altogether.
pub type ModuleChanges = Option<Rc<[(Symbol, Value)]>>;

fn changes_of_module(before: &ModuleObject, now: &ModuleObject) -> ModuleChanges {
    let ((_, before_order), (_, order)) = (before.names.unnoticed(), now.names.unnoticed());
    if before.state != now.state || before_order.len() != order.len() {
        return None;
    }
    let mut changed = changed_names(before, now);
    changed.sort_by_key(|(name, _)| name.0);
    let changed = changed.into_iter();
    Some(
        changed
            .map(|(name, value)| (name, value.cloned().unwrap_or(Value::Unbound)))
            .collect(),
    )
}
