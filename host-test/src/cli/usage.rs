//! A wrong command line, in one line. clap's own words take several, and repeat what was typed:
//! a token, where someone pasted one.

use std::process::ExitCode;

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::failure::Failure;
use crate::manual;

/// Help and version to standard output, anything else as an error.
pub(crate) fn report(error: &Error) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        // Whoever closed the pipe has read enough.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    Failure::Usage(describe(error)).report()
}

fn describe(error: &Error) -> String {
    let argument = || names(error, ContextKind::InvalidArg).join(" ");
    match error.kind() {
        ErrorKind::MissingRequiredArgument => format!("{} is missing; see --help", argument()),
        ErrorKind::ArgumentConflict => {
            let other = names(error, ContextKind::PriorArg).join(" ");
            format!("{} cannot be used together with {other}", argument())
        }
        ErrorKind::ValueValidation => {
            let reason = std::error::Error::source(error).map(ToString::to_string);
            format!("{}: {}", argument(), reason.unwrap_or_else(|| "not a valid value".to_owned()))
        }
        ErrorKind::InvalidValue => match names(error, ContextKind::ValidValue) {
            allowed if allowed.is_empty() => format!("{} needs a value", argument()),
            allowed => format!("{} must be one of {}", argument(), allowed.join(", ")),
        },
        ErrorKind::UnknownArgument => unknown_argument(error),
        ErrorKind::InvalidSubcommand => {
            format!("there is no such command; {}", manual::commands())
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            format!("a command is missing; {}; see --help", manual::commands())
        }
        ErrorKind::InvalidUtf8 => "an argument is not Unicode text".to_owned(),
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues => {
            format!("{} has too many or too few values; see --help", argument())
        }
        _ => "the command line is not understood; see --help".to_owned(),
    }
}

/// Shown only where it looks like the name of an option.
fn unknown_argument(error: &Error) -> String {
    let typed = names(error, ContextKind::InvalidArg).join(" ");
    let is_option = typed.starts_with('-')
        && typed.len() <= 32
        && typed.bytes().all(|byte| byte == b'-' || byte.is_ascii_lowercase());
    if !is_option {
        return "an argument is not expected there (it is not shown, since it may be a secret); \
                tokens are read from standard input; see --help"
            .to_owned();
    }
    match names(error, ContextKind::SuggestedArg).first() {
        Some(suggested) => format!("there is no option {typed} here; did you mean {suggested}?"),
        None => format!("there is no option {typed} here; see --help"),
    }
}

fn names(error: &Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(name)) => vec![name.clone()],
        Some(ContextValue::Strings(names)) => names.clone(),
        _ => Vec::new(),
    }
}
