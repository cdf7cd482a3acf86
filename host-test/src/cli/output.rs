//! What a command says: its answer on standard output, whole or not at all, and its notes on
//! standard error.

use std::io::{self, ErrorKind, Write as _};
use std::process::ExitCode;

use eks_token_host::Finding;

/// The end of a command that succeeded.
#[derive(Default)]
pub(crate) struct Output {
    answer: String,
    notes: Vec<(&'static str, String)>,
    refused: bool,
}

impl Output {
    /// `answer` is for standard output.
    pub(crate) fn new(answer: String) -> Self {
        Self { answer, ..Self::default() }
    }

    /// Sets what is for standard output.
    pub(crate) fn answer(mut self, answer: String) -> Self {
        self.answer = answer;
        self
    }

    /// Adds a sentence of which nothing depends.
    pub(crate) fn note(mut self, text: String) -> Self {
        self.notes.push(("", text));
        self
    }

    /// Adds a sentence that the user should act on.
    pub(crate) fn warn(mut self, text: String) -> Self {
        self.notes.push(("warning", text));
        self
    }

    /// Adds the remarks of the signer.
    pub(crate) fn findings(self, findings: &[Finding]) -> Self {
        findings.iter().fold(self, |output, finding| output.warn(finding.message.clone()))
    }

    /// The answer is a no: exit status 1.
    pub(crate) fn refused(mut self, refused: bool) -> Self {
        self.refused = refused;
        self
    }

    /// Writes all of it, the notes first, so that they stand above a prompt.
    pub(crate) fn write(self) -> ExitCode {
        for (kind, text) in &self.notes {
            print_note(kind, text);
        }
        let mut stdout = io::stdout().lock();
        let written = stdout.write_all(self.answer.as_bytes()).and_then(|()| stdout.flush());
        match written {
            // Whoever closed the pipe, as `head` does, has read enough.
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                print_note("error", &format!("cannot write to standard output: {error}"));
                ExitCode::FAILURE
            }
            _ if self.refused => ExitCode::FAILURE,
            _ => ExitCode::SUCCESS,
        }
    }
}

/// One line on standard error. Control characters, which texts of others may hold, are not passed
/// on to the terminal.
pub(crate) fn print_note(kind: &str, text: &str) {
    let text: String =
        text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
    // Without a standard error there is nobody to tell. Colour goes to terminals alone, and not
    // where NO_COLOR is set.
    let _ = match colour(kind) {
        "" if kind.is_empty() => writeln!(anstream::stderr(), "{text}"),
        colour => writeln!(anstream::stderr(), "{colour}{kind}\u{1b}[0m: {text}"),
    };
}

/// What stands before the kind of a note, on a terminal.
fn colour(kind: &str) -> &'static str {
    match kind {
        "error" => "\u{1b}[1;31m",
        "warning" => "\u{1b}[1;33m",
        _ => "",
    }
}
