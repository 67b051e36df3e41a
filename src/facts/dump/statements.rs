//! Statements, a line each, what belongs to them below and further to the right.
//!
//! `for x in y: pass` is `1 for x y`, and below it `1 pass`.

use super::super::program::{ClassId, ExprId, FunctionId, Pattern, PatternId, Span, Stmt, StmtId};
use super::Dump;
use super::expressions::{binary_sign, parameter_sign};

impl Dump<'_> {
    pub(super) fn statement(&mut self, id: StmtId, indentation: usize) {
        let line = self.facts.stmt_line(id);
        self.indent(indentation);
        self.push(&line.to_string());
        let inner = indentation + 1;
        match self.facts.stmt(id) {
            Stmt::Expr(value) => self.simple("", Some(value), line),
            Stmt::Return(value) => self.simple(" return", value, line),
            Stmt::Raise(value) => self.simple(" raise", value, line),
            Stmt::Assert { test, .. } => self.simple(" assert", Some(test), line),
            Stmt::Delete(targets) => {
                self.simple(" del", self.facts.expr_list(targets).iter().copied(), line)
            }
            Stmt::Pass => self.push(" pass\n"),
            Stmt::Break => self.push(" break\n"),
            Stmt::Continue => self.push(" continue\n"),
            Stmt::Broken => self.push(" broken\n"),
            Stmt::Assign { targets, value } => {
                let targets = self.facts.expr_list(targets).iter().copied();
                self.simple(" =", targets.chain([value]), line);
            }
            Stmt::AugAssign {
                operator,
                target,
                value,
            } => {
                self.push(" ");
                self.push(binary_sign(operator));
                self.simple("=", [target, value], line);
            }
            Stmt::AnnAssign {
                target,
                annotation,
                value,
            } => self.simple(" :=", [target, annotation, value], line),
            Stmt::Declare { target, annotation } => self.simple(" :", [target, annotation], line),
            Stmt::Import(aliases) => {
                self.push(" import");
                self.aliases(aliases);
            }
            Stmt::ImportFrom {
                module,
                level,
                aliases,
            } => {
                self.push(" from ");
                self.out.extend(std::iter::repeat_n('.', level as usize));
                self.push(module.map_or("", |module| self.facts.name(module)));
                self.push(" import");
                self.aliases(aliases);
            }
            Stmt::If {
                test,
                body,
                otherwise,
            } => self.if_statement(test, body, otherwise, line, indentation),
            Stmt::For {
                target,
                iterable,
                body,
                otherwise,
            } => {
                self.simple(" for", [target, iterable], line);
                self.body(body, inner);
                self.clause("else", otherwise, indentation);
            }
            Stmt::While {
                test,
                body,
                otherwise,
            } => {
                self.simple(" while", Some(test), line);
                self.body(body, inner);
                self.clause("else", otherwise, indentation);
            }
            Stmt::With { items, body } => {
                self.push(" with");
                for index in items.range() {
                    let item = self.facts.with_items[index];
                    self.operand(item.context, line);
                    if let Some(target) = item.target {
                        self.push(" as");
                        self.operand(target, line);
                    }
                }
                self.push("\n");
                self.body(body, inner);
            }
            Stmt::Try {
                body,
                handlers,
                tail,
                otherwise_len,
            } => {
                self.push(" try\n");
                self.body(body, inner);
                self.handlers(handlers, indentation);
                self.clause(
                    "else",
                    Span {
                        start: tail.start,
                        len: otherwise_len,
                    },
                    indentation,
                );
                let last = Span {
                    start: tail.start + otherwise_len,
                    len: tail.len - otherwise_len,
                };
                self.clause("finally", last, indentation);
            }
            Stmt::Match { subject, cases } => {
                self.match_statement(subject, cases, line, indentation)
            }
            Stmt::FunctionDef(function) => self.function(function, indentation),
            Stmt::ClassDef(class) => self.class(class, indentation),
        }
    }

    fn simple(&mut self, head: &str, operands: impl IntoIterator<Item = ExprId>, line: u32) {
        self.push(head);
        for operand in operands {
            self.operand(operand, line);
        }
        self.push("\n");
    }

    fn clause(&mut self, name: &str, body: Span, indentation: usize) {
        if body.len == 0 {
            return;
        }
        self.indent(indentation);
        self.push(name);
        self.push("\n");
        self.body(body, indentation + 1);
    }

    fn aliases(&mut self, aliases: Span) {
        for index in aliases.range() {
            let alias = self.facts.aliases[index];
            self.push(" ");
            self.push(self.facts.name(alias.name));
            if let Some(bound) = alias.bound {
                self.push(" as ");
                self.push(self.facts.name(bound));
            }
        }
        self.push("\n");
    }

    /// Without recursion for `elif`.
    fn if_statement(
        &mut self,
        test: ExprId,
        body: Span,
        otherwise: Span,
        line: u32,
        indentation: usize,
    ) {
        self.simple(" if", Some(test), line);
        self.body(body, indentation + 1);
        let mut rest = otherwise;
        while let [sole] = self.facts.stmt_list(rest) {
            let Stmt::If {
                test,
                body,
                otherwise,
            } = self.facts.stmt(*sole)
            else {
                break;
            };
            let line = self.facts.stmt_line(*sole);
            self.indent(indentation);
            self.push(&line.to_string());
            self.simple(" elif", Some(test), line);
            self.body(body, indentation + 1);
            rest = otherwise;
        }
        self.clause("else", rest, indentation);
    }

    fn handlers(&mut self, handlers: Span, indentation: usize) {
        for index in handlers.range() {
            let handler = self.facts.handlers[index];
            self.indent(indentation);
            self.push(&format!("{} except", handler.line));
            if let Some(exception) = handler.exception {
                self.operand(exception, handler.line);
            }
            if let Some(target) = handler.target {
                self.push(" as ");
                // Python does not say on which line the name stands.
                self.expression(target, self.facts.expr_line(target));
            }
            self.push("\n");
            self.body(handler.body, indentation + 1);
        }
    }

    fn match_statement(&mut self, subject: ExprId, cases: Span, line: u32, indentation: usize) {
        self.simple(" match", Some(subject), line);
        for index in cases.range() {
            let case = self.facts.cases[index];
            self.indent(indentation + 1);
            self.push("case ");
            self.pattern(case.pattern);
            if let Some(guard) = case.guard {
                self.push(" if ");
                self.expression(guard, self.facts.expr_line(guard));
            }
            self.push("\n");
            self.body(case.body, indentation + 2);
        }
    }

    fn pattern(&mut self, id: PatternId) {
        match self.facts.patterns[id.0 as usize] {
            Pattern::Value(value) => self.pattern_part("(== ", value),
            Pattern::Capture(None) => self.push("_"),
            Pattern::Capture(Some(target)) => self.pattern_part("(to ", target),
            Pattern::As { pattern, target } => {
                self.push("(as ");
                self.pattern(pattern);
                self.pattern_part(" ", target);
            }
            Pattern::Or(options) => self.patterns("(or", options),
            Pattern::Sequence(elements) => self.patterns("(sequence", elements),
            Pattern::Star(None) => self.push("*_"),
            Pattern::Star(Some(target)) => self.pattern_part("(* ", target),
            Pattern::Mapping(entries) => self.patterns("(mapping", entries),
            Pattern::Class { class, patterns } => {
                self.push("(class ");
                self.expression(class, self.facts.expr_line(class));
                self.patterns("", patterns);
            }
            Pattern::Keyword { name, pattern } => {
                self.push("(= ");
                self.push(self.facts.name(name));
                self.push(" ");
                self.pattern(pattern);
                self.push(")");
            }
            Pattern::Broken => self.push("broken"),
        }
    }

    fn pattern_part(&mut self, head: &str, expr: ExprId) {
        self.push(head);
        self.expression(expr, self.facts.expr_line(expr));
        self.push(")");
    }

    fn patterns(&mut self, head: &str, list: Span) {
        self.push(head);
        for index in list.range() {
            self.push(" ");
            self.pattern(self.facts.pattern_lists[index]);
        }
        self.push(")");
    }

    fn function(&mut self, id: FunctionId, indentation: usize) {
        let function = self.facts.function(id);
        let mut head = format!(
            " def {} [{}] lines {}-{}",
            self.facts.name(function.name),
            self.facts.name(function.qualified_name),
            function.first_line,
            function.last_line
        );
        self.marks(id, &mut head);
        self.push(&head);
        self.push("\n");
        let inner = indentation + 1;
        self.decorators(function.decorators, inner);
        for parameter in self.facts.parameter_list(function.parameters) {
            self.indent(inner);
            self.push(&format!(
                "parameter {}{}",
                parameter_sign(parameter.kind),
                self.facts.name(parameter.name)
            ));
            for (head, part) in [(" :", parameter.annotation), (" =", parameter.default)] {
                if let Some(part) = part {
                    self.push(head);
                    self.operand(part, function.line);
                }
            }
            self.push("\n");
        }
        if let Some(returns) = function.returns {
            self.indent(inner);
            self.simple("returns", Some(returns), function.line);
        }
        let outer = std::mem::replace(&mut self.function, id);
        self.body(function.body, inner);
        self.function = outer;
    }

    fn class(&mut self, id: ClassId, indentation: usize) {
        let class = self.facts.class(id);
        let (name, qualified_name) = (
            self.facts.name(class.name),
            self.facts.name(class.qualified_name),
        );
        let head = format!(
            " class {name} [{qualified_name}] lines {}-{}",
            class.first_line, class.last_line
        );
        self.push(&head);
        for argument in self.facts.argument_list(class.arguments) {
            self.argument(*argument, class.line);
        }
        self.push("\n");
        self.decorators(class.decorators, indentation + 1);
        self.body(class.body, indentation + 1);
    }

    fn decorators(&mut self, decorators: Span, indentation: usize) {
        for decorator in self.facts.expr_list(decorators) {
            let line = self.facts.expr_line(*decorator);
            self.indent(indentation);
            self.push(&format!("{line} @"));
            self.expression(*decorator, line);
            self.push("\n");
        }
    }
}
