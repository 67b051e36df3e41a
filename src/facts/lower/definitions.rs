//! Functions, lambdas and classes, and the module, which is function 0.
//!
//! In `@get("/")` above `async def read(id: int = 0): …` the decorators, the annotation and the default belong to the scope
//! around; `id` is the first local of `read`.

use super::super::program::{
    Class, ClassId, Expr, ExprId, Facts, Function, FunctionId, NameId, Parameter, ParameterKind,
    Span, Stmt,
};
use super::super::scopes::ScopeKind;
use super::{Lowering, flush};
use crate::syntax::{Kind, Node};

/// The decorators of a definition, and the line of the first of them.
#[derive(Clone, Copy)]
pub(super) struct Decorators {
    list: Span,
    line: u32,
}

/// The program of a file that is not read.
pub(super) fn lower_nothing(facts: &mut Facts) {
    facts.names.push("<module>".into());
    let last_line = facts.lines;
    facts.functions.push(Function {
        last_line,
        line: 1,
        first_line: 1,
        ..empty_function(NameId(0))
    });
}

fn empty_function(name: NameId) -> Function {
    Function {
        name,
        qualified_name: name,
        parameters: Span::default(),
        returns: None,
        body: Span::default(),
        decorators: Span::default(),
        is_async: false,
        is_generator: false,
        line: 0,
        first_line: 0,
        last_line: 0,
        locals: Vec::new(),
        globals: Vec::new(),
        uses_super: false,
        is_captured: false,
        may_nest: false,
    }
}

impl<'tree> Lowering<'_, 'tree> {
    pub(super) fn module(&mut self) {
        lower_nothing(&mut self.facts);
        self.name_ids.insert("<module>".into(), NameId(0));
        self.scopes.open(ScopeKind::Module);
        let root = self.cursor.node();
        let start = self.stacks.stmts.len();
        if root.kind == Kind::Error {
            let stmt = self.stmt(Stmt::Broken, root.line());
            self.stacks.stmts.push(stmt);
        }
        self.push_statements();
        self.facts.functions[0].body = self.stmt_list(start);
    }

    pub(super) fn decorated_definition(&mut self) {
        let start = self.stacks.exprs.len();
        let mut first_line = None;
        self.each_child(|lowering, part| match part.kind {
            Kind::Decorator => {
                first_line = first_line.or(Some(part.line()));
                let decorator = lowering.only_child(part);
                lowering.stacks.exprs.push(decorator);
            }
            Kind::FunctionDefinition | Kind::ClassDefinition => {
                let line = part.line();
                let list = lowering.expr_list(start);
                let decorators = Some(Decorators {
                    list,
                    line: first_line.unwrap_or(line),
                });
                let stmt = if part.kind == Kind::ClassDefinition {
                    lowering.class_definition(part, decorators)
                } else {
                    lowering.function_definition(part, decorators)
                };
                let stmt = lowering.stmt(stmt, line);
                lowering.stacks.stmts.push(stmt);
            }
            _ => {}
        });
        self.stacks.exprs.truncate(start);
    }

    pub(super) fn function_definition(
        &mut self,
        node: Node<'tree>,
        decorators: Option<Decorators>,
    ) -> Stmt {
        let line = node.line();
        let id = self.new_function();
        let mut function = empty_function(NameId(0));
        function.line = line;
        function.first_line = decorators.map_or(line, |decorators| decorators.line);
        function.decorators = decorators.map_or(Span::default(), |decorators| decorators.list);
        let mut is_open = false;
        let qualifier = self.qualifier.clone();
        self.each_child(|lowering, part| match part.kind {
            Kind::Async => function.is_async = true,
            Kind::Identifier => {
                function.name = lowering.bound_name(part);
                function.qualified_name = lowering.qualified(function.name);
            }
            Kind::TypeParameter => lowering.type_parameters(),
            Kind::Parameters => function.parameters = lowering.parameters(),
            Kind::Type => function.returns = Some(lowering.expression(part)),
            Kind::Block if !is_open => {
                is_open = true;
                lowering.open_function(&function);
                function.body = lowering.body();
            }
            _ => {}
        });
        if !is_open {
            self.open_function(&function);
        }
        self.close_function(id, function, qualifier);
        Stmt::FunctionDef(id)
    }

    pub(super) fn lambda(&mut self, node: Node<'tree>) -> ExprId {
        let line = node.line();
        let id = self.new_function();
        let name = self.name("<lambda>");
        let mut function = Function {
            line,
            first_line: line,
            ..empty_function(name)
        };
        function.qualified_name = self.qualified(name);
        let qualifier = self.qualifier.clone();
        let mut value = None;
        let mut is_open = false;
        self.each_child(|lowering, part| match part.kind {
            Kind::LambdaParameters => function.parameters = lowering.parameters(),
            kind if kind.is_expression() && !is_open => {
                is_open = true;
                lowering.open_function(&function);
                value = Some((lowering.expression(part), part.line()));
            }
            _ => {}
        });
        if !is_open {
            self.open_function(&function);
        }
        if let Some((value, line)) = value {
            let stmt = self.stmt(Stmt::Return(Some(value)), line);
            let start = self.facts.stmt_lists.len() as u32;
            self.facts.stmt_lists.push(stmt);
            function.body = Span { start, len: 1 };
        }
        let outer = std::mem::replace(&mut self.last_line, node.last_line());
        self.close_function(id, function, qualifier);
        self.last_line = outer;
        self.expr(Expr::Lambda(id), line)
    }

    /// Takes the next number; what stands there is replaced when the function is complete.
    fn new_function(&mut self) -> FunctionId {
        let id = FunctionId(self.facts.functions.len() as u32);
        self.facts.functions.push(empty_function(NameId(0)));
        id
    }

    fn open_function(&mut self, function: &Function) {
        self.scopes.open(ScopeKind::Function);
        for parameter in self.facts.parameter_list(function.parameters) {
            self.scopes.note_binding(parameter.name);
        }
        let name = &self.facts.names[function.qualified_name.0 as usize];
        self.qualifier.clear();
        self.qualifier.push_str(name);
        self.qualifier.push_str(".<locals>.");
        self.last_line = function.line;
    }

    fn close_function(&mut self, id: FunctionId, mut function: Function, qualifier: String) {
        let parameters = function.parameters.len as usize;
        self.scopes
            .close_function(parameters, &mut self.facts.exprs, &mut function);
        function.last_line = self.last_line;
        self.qualifier = qualifier;
        self.facts.functions[id.0 as usize] = function;
    }

    /// `__qualname__` of what is defined here under the name.
    fn qualified(&mut self, name: NameId) -> NameId {
        if self.qualifier.is_empty() || self.scopes.is_global(name) {
            return name;
        }
        let qualified = format!("{}{}", self.qualifier, self.facts.name(name));
        self.composed_name(qualified)
    }

    pub(super) fn class_definition(
        &mut self,
        node: Node<'tree>,
        decorators: Option<Decorators>,
    ) -> Stmt {
        let line = node.line();
        let id = ClassId(self.facts.classes.len() as u32);
        let mut class = Class {
            name: NameId(0),
            qualified_name: NameId(0),
            arguments: Span::default(),
            body: Span::default(),
            decorators: decorators.map_or(Span::default(), |decorators| decorators.list),
            line,
            first_line: decorators.map_or(line, |decorators| decorators.line),
            last_line: line,
        };
        self.facts.classes.push(class.clone());
        let qualifier = self.qualifier.clone();
        self.each_child(|lowering, part| match part.kind {
            Kind::Identifier => {
                class.name = lowering.bound_name(part);
                class.qualified_name = lowering.qualified(class.name);
            }
            Kind::TypeParameter => lowering.type_parameters(),
            Kind::ArgumentList => class.arguments = lowering.argument_list(),
            Kind::Block => {
                lowering.scopes.open(ScopeKind::Class);
                lowering.qualifier.clear();
                let name = &lowering.facts.names[class.qualified_name.0 as usize];
                lowering.qualifier.push_str(name);
                lowering.qualifier.push('.');
                lowering.last_line = line;
                class.body = lowering.body();
                class.last_line = lowering.last_line;
                lowering.scopes.close_class(&lowering.facts.exprs);
            }
            _ => {}
        });
        self.qualifier = qualifier;
        self.facts.classes[id.0 as usize] = class;
        Stmt::ClassDef(id)
    }

    /// The parameters in the list on which the cursor stands; they are bound when the function opens.
    fn parameters(&mut self) -> Span {
        let start = self.stacks.parameters.len();
        let mut kind = ParameterKind::Positional;
        self.each_child(|lowering, part| match part.kind {
            Kind::PositionalSeparator => {
                for parameter in &mut lowering.stacks.parameters[start..] {
                    parameter.kind = ParameterKind::PositionalOnly;
                }
            }
            Kind::KeywordSeparator => kind = ParameterKind::KeywordOnly,
            _ => {
                let Some(parameter) = lowering.parameter(part, kind) else {
                    return;
                };
                if parameter.kind == ParameterKind::Star {
                    kind = ParameterKind::KeywordOnly;
                }
                lowering.stacks.parameters.push(parameter);
            }
        });
        flush(
            &mut self.stacks.parameters,
            start,
            &mut self.facts.parameters,
        )
    }

    fn parameter(&mut self, node: Node<'tree>, kind: ParameterKind) -> Option<Parameter> {
        let mut parameter = Parameter {
            name: NameId(0),
            kind,
            annotation: None,
            default: None,
        };
        let mut name = None;
        match node.kind {
            Kind::Identifier
            | Kind::ListSplatPattern
            | Kind::DictionarySplatPattern
            | Kind::TuplePattern => {
                name = self.parameter_name(node, &mut parameter.kind);
            }
            Kind::TypedParameter | Kind::DefaultParameter | Kind::TypedDefaultParameter => {
                self.each_child(|lowering, part| match part.kind {
                    Kind::Type => parameter.annotation = Some(lowering.expression(part)),
                    _ if name.is_none() => {
                        name = lowering.parameter_name(part, &mut parameter.kind)
                    }
                    kind if kind.is_expression() => {
                        parameter.default = Some(lowering.expression(part))
                    }
                    _ => {}
                });
            }
            _ => {}
        }
        parameter.name = name?;
        Some(parameter)
    }

    /// The name in `a`, `*a`, `**a`; the tuple `(a, b)` of Python 2 is one parameter that nobody can name.
    fn parameter_name(&mut self, node: Node<'tree>, kind: &mut ParameterKind) -> Option<NameId> {
        match node.kind {
            Kind::ListSplatPattern => *kind = ParameterKind::Star,
            Kind::DictionarySplatPattern => *kind = ParameterKind::DoubleStar,
            Kind::TuplePattern => {}
            Kind::Identifier => {
                let text = self.source_text(node);
                return Some(self.name(text));
            }
            _ => return None,
        }
        let text = self.source_text(node).trim_start_matches('*').trim_start();
        Some(self.name(text))
    }
}
