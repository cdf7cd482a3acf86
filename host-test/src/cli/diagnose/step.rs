//! The steps on a token's way, and what became of each.

/// In the order in which they are walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Credentials: from where, until when.
    Credentials,
    /// The region, and what is set up for AWS.
    Region,
    /// `DescribeCluster`.
    Cluster,
    /// The API server's address and certificate.
    Endpoint,
    /// The token, made and inspected.
    Token,
    /// STS takes the request inside it.
    Sts,
    /// The cluster knows who that is.
    Mapping,
    /// The API server's answer.
    ApiServer,
}

impl Step {
    pub(super) const ALL: [Self; 8] = [
        Self::Credentials,
        Self::Region,
        Self::Cluster,
        Self::Endpoint,
        Self::Token,
        Self::Sts,
        Self::Mapping,
        Self::ApiServer,
    ];

    /// For programs and people.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Credentials => "credentials",
            Self::Cluster => "cluster",
            Self::Endpoint => "endpoint",
            Self::Token => "token",
            Self::Sts => "sts",
            Self::Mapping => "mapping",
            Self::ApiServer => "api-server",
        }
    }
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is as it should be; what was found.
    Passed(String),
    /// It could not be looked at, and need not be: why.
    Unknown(String),
    /// The way ends here.
    Broken {
        /// For programs.
        code: &'static str,
        /// The reason and the remedy.
        message: String,
    },
}

impl Outcome {
    pub(super) fn broken(code: &'static str, message: &impl ToString) -> Self {
        Self::Broken { code, message: message.to_string() }
    }
}

/// A whole diagnosis: every step that was walked, up to the first that is broken.
#[derive(Debug, Default)]
pub(super) struct Diagnosis(pub(super) Vec<(Step, Outcome)>);

impl Diagnosis {
    pub(super) fn is_broken(&self) -> bool {
        self.0.iter().any(|(_, outcome)| matches!(outcome, Outcome::Broken { .. }))
    }
}
