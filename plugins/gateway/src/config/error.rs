//! What is wrong with a configuration: where, what, and what to write instead. Never a value.

use alloc::string::String;
use core::fmt;

use eks_token_signer::Error;

use crate::credentials::CredentialsError;
use crate::rules::InvalidPattern;

/// The first thing that is wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// Where: `clusters[1].region`. Empty for all of it.
    pub at: String,
    /// What.
    pub problem: Problem,
}

/// What is wrong at one place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// There is no configuration.
    #[error("is missing; it must be a JSON object with callers, credentials and clusters")]
    None,
    /// No JSON.
    #[error("is not JSON at line {line}, column {column}")]
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// A field that must be there is not.
    #[error("is missing; it must be {0}")]
    Missing(&'static str),
    /// A field that means nothing here.
    #[error("is unknown; known here: {0}")]
    Unknown(&'static str),
    /// Of another type.
    #[error("must be {0}")]
    Type(&'static str),
    /// None of the words that may stand here.
    #[error("must be one of: {0}")]
    Choice(&'static str),
    /// An empty list.
    #[error("is empty; it must have at least one entry")]
    Empty,
    /// Twice the same.
    #[error("is there twice; requests would go to the first alone")]
    Twice,
    /// A value that the signer refuses.
    #[error("{0}")]
    Value(Error),
    /// A pattern.
    #[error("{0}")]
    Pattern(InvalidPattern),
    /// Credentials in the configuration.
    #[error("{0}")]
    Credentials(CredentialsError),
    /// A text that something beyond this crate refuses; holds what it must be, and not the text.
    #[error("{0}")]
    Text(String),
    /// Not what this proxy can do.
    #[error("cannot be had here: {0}")]
    NotHere(&'static str),
    /// Several clusters, and one that would take the requests of all.
    #[error(
        "is missing; where there are several clusters each must say which requests are its own"
    )]
    NoMatch,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.at.is_empty() {
            write!(f, "the configuration {}", self.problem)
        } else {
            write!(f, "{}: {}", self.at, self.problem)
        }
    }
}

impl core::error::Error for ConfigError {}
