use std::fmt;

/// Something that this crate relies on in the output of progenitor, and that another
/// release can change. `docs/upgrading-progenitor.md` explains each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Assumption {
    ApiVersion,
    CodeAfterExec,
    FieldNames,
    FormatTypes,
    HeaderMap,
    HeaderNames,
    Hooks,
    KnownNames,
    MethodNames,
    OperationInfo,
    ReplacedTypes,
    RequestBuilder,
    ReturnType,
    SchemaTypes,
    TypesModule,
    VariantDocs,
}

impl Assumption {
    #[cfg(test)]
    pub(crate) const ALL: [Self; 16] = [
        Self::ApiVersion,
        Self::CodeAfterExec,
        Self::FieldNames,
        Self::FormatTypes,
        Self::HeaderMap,
        Self::HeaderNames,
        Self::Hooks,
        Self::KnownNames,
        Self::MethodNames,
        Self::OperationInfo,
        Self::ReplacedTypes,
        Self::RequestBuilder,
        Self::ReturnType,
        Self::SchemaTypes,
        Self::TypesModule,
        Self::VariantDocs,
    ];

    /// Returns the name, which the documentation uses too.
    pub(crate) fn name(self) -> &'static str {
        self.text().0
    }

    /// Returns what is assumed.
    pub(crate) fn statement(self) -> &'static str {
        self.text().1
    }

    fn text(self) -> (&'static str, &'static str) {
        match self {
            Self::ApiVersion => (
                "api-version",
                "the first header that is appended is the literal `api-version`",
            ),
            Self::CodeAfterExec => (
                "code-after-exec",
                "`self.exec` is followed by `self.post`, `let … = …?` and a `match` only",
            ),
            Self::FieldNames => (
                "field-names",
                "a property is a field, with the name that `rust_name` returns",
            ),
            Self::FormatTypes => (
                "format-types",
                "a string with `format: password` or `date-time` has the type of the settings",
            ),
            Self::HeaderMap => ("header-map", "the headers are in `let mut header_map = …`"),
            Self::HeaderNames => ("header-names", "the name of a header is a literal"),
            Self::Hooks => (
                "hooks",
                "`self.pre` is followed by `let … = self.exec(…).await`",
            ),
            Self::KnownNames => (
                "known-names",
                "an operation uses no names but those that the consumer provides",
            ),
            Self::MethodNames => (
                "method-names",
                "an operation is an async method, with the name that `rust_name` returns",
            ),
            Self::OperationInfo => (
                "operation-info",
                "the operation is described by `let … = OperationInfo { … }`",
            ),
            Self::ReplacedTypes => ("replaced-types", "a replaced schema has no type"),
            Self::RequestBuilder => (
                "request-builder",
                "a request is built by `let … = ….build()?`, with each parameter as one argument",
            ),
            Self::ReturnType => (
                "return-type",
                "an operation returns `Result<ResponseValue<…>, Error<()>>`",
            ),
            Self::SchemaTypes => (
                "schema-types",
                "a component is a type, with the name that `rust_name` returns",
            ),
            Self::TypesModule => ("types-module", "all types are in the module `types`"),
            Self::VariantDocs => ("variant-docs", "variants of enums have no documentation"),
        }
    }
}

/// An assumption that does not hold.
#[derive(Debug)]
pub(crate) struct Broken {
    pub(crate) assumption: Assumption,
    /// The name of the operation or of the type, if it is one.
    pub(crate) subject: Option<String>,
}

impl From<Assumption> for Broken {
    fn from(assumption: Assumption) -> Self {
        Self {
            assumption,
            subject: None,
        }
    }
}

impl Broken {
    pub(crate) fn new(assumption: Assumption, subject: impl Into<String>) -> Self {
        Self {
            assumption,
            subject: Some(subject.into()),
        }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, statement) = (self.assumption.name(), self.assumption.statement());
        f.write_str("progenitor's output ")?;
        if let Some(subject) = &self.subject {
            write!(f, "for `{subject}` ")?;
        }
        write!(f, "breaks the assumption `{name}`: {statement}")
    }
}
