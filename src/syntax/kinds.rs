//! The kinds of syntax nodes that the lowering tells apart, and the one table from the grammar's numbers to them.
//!
//! In `a.b` there are an attribute (named `attribute` by the grammar), two identifiers and the token `.`:
//! [`Kind::Attribute`], [`Kind::Identifier`] and, since nobody asks for dots, [`Kind::Other`].

use std::sync::LazyLock;

/// Kinds by the grammar's symbol number.
pub(super) static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(table);

macro_rules! kinds {
    (nodes [$($node:ident $node_text:literal,)*] tokens [$($token:ident $token_text:literal,)*]) => {
        /// What a syntax node is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Kind {
            $($node,)*
            $($token,)*
            /// A place that the parser had to skip.
            Error,
            /// Any token whose presence says nothing more, as `(`.
            Other,
        }

        const NODES: &[(&str, Kind)] = &[$(($node_text, Kind::$node),)*];
        const TOKENS: &[(&str, Kind)] = &[$(($token_text, Kind::$token),)*];
    };
}

kinds! {
    nodes [
    // Expressions, as `Kind::is_expression` relies on: from here …
    Identifier "identifier",
    Attribute "attribute",
    Call "call",
    Subscript "subscript",
    BinaryOperator "binary_operator",
    BooleanOperator "boolean_operator",
    ComparisonOperator "comparison_operator",
    NotOperator "not_operator",
    UnaryOperator "unary_operator",
    String "string",
    ConcatenatedString "concatenated_string",
    Integer "integer",
    Float "float",
    True "true",
    False "false",
    None "none",
    Ellipsis "ellipsis",
    ParenthesizedExpression "parenthesized_expression",
    Tuple "tuple",
    List "list",
    Set "set",
    Dictionary "dictionary",
    ListComprehension "list_comprehension",
    SetComprehension "set_comprehension",
    DictionaryComprehension "dictionary_comprehension",
    GeneratorExpression "generator_expression",
    Lambda "lambda",
    ConditionalExpression "conditional_expression",
    NamedExpression "named_expression",
    Await "await",
    Yield "yield",
    ListSplat "list_splat",
    ListSplatPattern "list_splat_pattern",
    DictionarySplat "dictionary_splat",
    DictionarySplatPattern "dictionary_splat_pattern",
    ExpressionList "expression_list",
    PatternList "pattern_list",
    TuplePattern "tuple_pattern",
    ListPattern "list_pattern",
    Slice "slice",
    AsPattern "as_pattern",
    AsPatternTarget "as_pattern_target",
    Type "type",
    GenericType "generic_type",
    UnionType "union_type",
    MemberType "member_type",
    ConstrainedType "constrained_type",
    SplatType "splat_type",
    // … to here.
    // Parts of expressions.
    ArgumentList "argument_list",
    KeywordArgument "keyword_argument",
    Pair "pair",
    ForInClause "for_in_clause",
    IfClause "if_clause",
    TypeParameter "type_parameter",
    LambdaParameters "lambda_parameters",
    Interpolation "interpolation",
    FormatExpression "format_expression",
    FormatSpecifier "format_specifier",
    TypeConversion "type_conversion",
    // Parameters.
    Parameters "parameters",
    DefaultParameter "default_parameter",
    TypedParameter "typed_parameter",
    TypedDefaultParameter "typed_default_parameter",
    KeywordSeparator "keyword_separator",
    PositionalSeparator "positional_separator",
    // Patterns of `match`.
    CasePattern "case_pattern",
    UnionPattern "union_pattern",
    ClassPattern "class_pattern",
    KeywordPattern "keyword_pattern",
    SplatPattern "splat_pattern",
    DictPattern "dict_pattern",
    ComplexPattern "complex_pattern",
    // Statements: from here …
    ExpressionStatement "expression_statement",
    ReturnStatement "return_statement",
    ImportStatement "import_statement",
    ImportFromStatement "import_from_statement",
    FutureImportStatement "future_import_statement",
    PrintStatement "print_statement",
    ExecStatement "exec_statement",
    AssertStatement "assert_statement",
    DeleteStatement "delete_statement",
    RaiseStatement "raise_statement",
    PassStatement "pass_statement",
    BreakStatement "break_statement",
    ContinueStatement "continue_statement",
    GlobalStatement "global_statement",
    NonlocalStatement "nonlocal_statement",
    TypeAliasStatement "type_alias_statement",
    IfStatement "if_statement",
    ForStatement "for_statement",
    WhileStatement "while_statement",
    TryStatement "try_statement",
    WithStatement "with_statement",
    FunctionDefinition "function_definition",
    ClassDefinition "class_definition",
    DecoratedDefinition "decorated_definition",
    MatchStatement "match_statement",
    // … to here.
    // Parts of statements.
    Module "module",
    Block "block",
    Assignment "assignment",
    AugmentedAssignment "augmented_assignment",
    ElifClause "elif_clause",
    ElseClause "else_clause",
    ExceptClause "except_clause",
    FinallyClause "finally_clause",
    CaseClause "case_clause",
    WithClause "with_clause",
    WithItem "with_item",
    Decorator "decorator",
    DottedName "dotted_name",
    AliasedImport "aliased_import",
    WildcardImport "wildcard_import",
    RelativeImport "relative_import",
    ImportPrefix "import_prefix",
    Chevron "chevron",
    Comment "comment",
    LineContinuation "line_continuation",
    ]
    tokens [
    Comma ",",
    Colon ":",
    Equal "=",
    Underscore "_",
    As "as",
    In "in",
    IsToken "is",
    IsNot "is not",
    NotIn "not in",
    And "and",
    Or "or",
    If "if",
    Else "else",
    From "from",
    Import "import",
    Async "async",
    Plus "+",
    Minus "-",
    Star "*",
    DoubleStar "**",
    Slash "/",
    DoubleSlash "//",
    Percent "%",
    At "@",
    Ampersand "&",
    Pipe "|",
    Caret "^",
    LeftShift "<<",
    RightShift ">>",
    Tilde "~",
    Less "<",
    LessEqual "<=",
    EqualEqual "==",
    NotEqual "!=",
    GreaterEqual ">=",
    Greater ">",
    LessGreater "<>",
    PlusEqual "+=",
    MinusEqual "-=",
    StarEqual "*=",
    SlashEqual "/=",
    AtEqual "@=",
    DoubleSlashEqual "//=",
    PercentEqual "%=",
    DoubleStarEqual "**=",
    RightShiftEqual ">>=",
    LeftShiftEqual "<<=",
    AmpersandEqual "&=",
    CaretEqual "^=",
    PipeEqual "|=",
    ]
}

impl Kind {
    /// Is it an expression, or something that stands where an expression may (a target, a type, a starred element)?
    pub fn is_expression(self) -> bool {
        (self as u8) <= (Kind::SplatType as u8)
    }

    pub fn is_statement(self) -> bool {
        (Kind::ExpressionStatement as u8..=Kind::MatchStatement as u8).contains(&(self as u8))
    }
}

fn table() -> Vec<Kind> {
    let language = super::tree::language();
    (0..language.node_kind_count())
        .map(|id| {
            let id = u16::try_from(id).expect("internal: a grammar numbers its symbols in 16 bits");
            let known = if language.node_kind_is_named(id) {
                NODES
            } else {
                TOKENS
            };
            let text = language.node_kind_for_id(id).unwrap_or_default();
            known
                .iter()
                .find(|(name, _)| *name == text)
                .map_or(Kind::Other, |(_, kind)| *kind)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_a_symbol_of_the_grammar() {
        for (text, kind) in NODES.iter().chain(TOKENS) {
            assert!(KINDS.contains(kind), "the grammar knows no {text}");
        }
    }
}
