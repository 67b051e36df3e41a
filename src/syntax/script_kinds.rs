//! The kinds of nodes and the fields of TypeScript and JavaScript that the lowering of scripts tells apart.
//!
//! In `fetch("/items")` there are a call with the fields *function* and *arguments*, an identifier, and a string.

use std::num::NonZeroU16;
use std::sync::LazyLock;

macro_rules! kinds {
    ($($node:ident $node_text:literal,)*) => {
        /// What a node of a script is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub enum ScriptKind {
            $($node,)*
            /// A place that the parser had to skip.
            Error,
            /// Types, tokens, and whatever else says nothing of values.
            Other,
        }

        const NODES: &[(&str, ScriptKind)] = &[$(($node_text, ScriptKind::$node),)*];
    };
}

kinds! {
    Comment "comment",
    Import "import_statement",
    ImportClause "import_clause",
    NamedImports "named_imports",
    ImportSpecifier "import_specifier",
    NamespaceImport "namespace_import",
    ImportRequire "import_require_clause",
    ImportKeyword "import",
    Export "export_statement",
    ExportClause "export_clause",
    ExportSpecifier "export_specifier",
    NamespaceExport "namespace_export",
    Lexical "lexical_declaration",
    Variable "variable_declaration",
    Declarator "variable_declarator",
    FunctionDeclaration "function_declaration",
    GeneratorDeclaration "generator_function_declaration",
    FunctionExpression "function_expression",
    Generator "generator_function",
    Arrow "arrow_function",
    ClassDeclaration "class_declaration",
    AbstractClass "abstract_class_declaration",
    ClassExpression "class",
    ClassBody "class_body",
    ClassHeritage "class_heritage",
    Extends "extends_clause",
    StaticBlock "class_static_block",
    Method "method_definition",
    Field "public_field_definition",
    Parameters "formal_parameters",
    RequiredParameter "required_parameter",
    OptionalParameter "optional_parameter",
    Accessibility "accessibility_modifier",
    ObjectPattern "object_pattern",
    ArrayPattern "array_pattern",
    AssignmentPattern "assignment_pattern",
    ObjectAssignmentPattern "object_assignment_pattern",
    PairPattern "pair_pattern",
    RestPattern "rest_pattern",
    ShorthandPattern "shorthand_property_identifier_pattern",
    Shorthand "shorthand_property_identifier",
    Property "property_identifier",
    PrivateProperty "private_property_identifier",
    ComputedName "computed_property_name",
    Identifier "identifier",
    TypeIdentifier "type_identifier",
    This "this",
    Super "super",
    Member "member_expression",
    Subscript "subscript_expression",
    Call "call_expression",
    New "new_expression",
    Arguments "arguments",
    Template "template_string",
    Substitution "template_substitution",
    String "string",
    StringFragment "string_fragment",
    Escape "escape_sequence",
    Number "number",
    True "true",
    False "false",
    Null "null",
    Undefined "undefined",
    Regex "regex",
    Object "object",
    Pair "pair",
    Spread "spread_element",
    Array "array",
    Binary "binary_expression",
    Unary "unary_expression",
    Update "update_expression",
    Assignment "assignment_expression",
    AugmentedAssignment "augmented_assignment_expression",
    Ternary "ternary_expression",
    Await "await_expression",
    Yield "yield_expression",
    Parenthesized "parenthesized_expression",
    As "as_expression",
    Satisfies "satisfies_expression",
    NonNull "non_null_expression",
    Instantiation "instantiation_expression",
    Sequence "sequence_expression",
    MetaProperty "meta_property",
    JsxElement "jsx_element",
    JsxOpening "jsx_opening_element",
    JsxSelfClosing "jsx_self_closing_element",
    JsxAttribute "jsx_attribute",
    JsxExpression "jsx_expression",
    If "if_statement",
    Else "else_clause",
    For "for_statement",
    ForIn "for_in_statement",
    While "while_statement",
    Do "do_statement",
    Try "try_statement",
    Catch "catch_clause",
    Finally "finally_clause",
    Switch "switch_statement",
    SwitchCase "switch_case",
    SwitchDefault "switch_default",
    Return "return_statement",
    Throw "throw_statement",
    Break "break_statement",
    Continue "continue_statement",
    ExpressionStatement "expression_statement",
    Block "statement_block",
    Labeled "labeled_statement",
    Enum "enum_declaration",
    EnumAssignment "enum_assignment",
    Namespace "internal_module",
    TypeArguments "type_arguments",
}

macro_rules! fields {
    ($($field:ident $text:literal,)*) => {
        /// The part that a child is of its parent.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub enum ScriptField {
            $($field,)*
        }

        const FIELDS: &[&str] = &[$($text,)*];
    };
}

fields! {
    Source "source",
    Name "name",
    Alias "alias",
    Declaration "declaration",
    Value "value",
    Function "function",
    Arguments "arguments",
    Constructor "constructor",
    Object "object",
    Property "property",
    Index "index",
    Body "body",
    Parameter "parameter",
    Parameters "parameters",
    Pattern "pattern",
    Left "left",
    Right "right",
    Operator "operator",
    Key "key",
    Condition "condition",
    Consequence "consequence",
    Alternative "alternative",
    Handler "handler",
    Finalizer "finalizer",
    OpenTag "open_tag",
    Initializer "initializer",
    Increment "increment",
    Argument "argument",
    Kind "kind",
}

/// Both tables of one of the two grammars.
pub(super) struct Grammar {
    kinds: Vec<ScriptKind>,
    fields: Vec<Option<NonZeroU16>>,
}

/// TypeScript without JSX, where `<T>x` is a cast.
pub(super) static PLAIN: LazyLock<Grammar> =
    LazyLock::new(|| Grammar::new(&tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into()));
/// TypeScript with JSX, which reads JavaScript, too.
pub(super) static JSX: LazyLock<Grammar> =
    LazyLock::new(|| Grammar::new(&tree_sitter_typescript::LANGUAGE_TSX.into()));

impl Grammar {
    fn new(language: &tree_sitter::Language) -> Grammar {
        let kinds = (0..language.node_kind_count())
            .map(|id| {
                let id = u16::try_from(id).unwrap_or(u16::MAX);
                let text = language.node_kind_for_id(id).unwrap_or_default();
                let is_named = language.node_kind_is_named(id);
                let known = NODES
                    .iter()
                    .find(|(name, _)| *name == text)
                    .map(|(_, kind)| *kind);
                known.filter(|_| is_named).unwrap_or(ScriptKind::Other)
            })
            .collect();
        let fields = FIELDS
            .iter()
            .map(|name| language.field_id_for_name(name))
            .collect();
        Grammar { kinds, fields }
    }

    pub(super) fn kind(&self, id: u16) -> ScriptKind {
        self.kinds
            .get(usize::from(id))
            .copied()
            .unwrap_or(ScriptKind::Error)
    }

    pub(super) fn field(&self, field: ScriptField) -> Option<u16> {
        self.fields
            .get(field as usize)
            .copied()
            .flatten()
            .map(NonZeroU16::get)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammars_know_all_names() {
        for grammar in [&*PLAIN, &*JSX] {
            assert!(grammar.fields.iter().filter(|id| id.is_none()).count() <= 1);
        }
        for (name, kind) in NODES {
            assert!(JSX.kinds.contains(kind), "{name}");
        }
    }
}
