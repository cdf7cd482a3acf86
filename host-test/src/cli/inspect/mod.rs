//! `eks-token inspect`

mod json;
mod text;

use eks_token_host::{Inspection, Signer, SigningTime};
use serde_json::Value;

use crate::arguments::{Inspect, ReportOutput};
use crate::failure::Failure;
use crate::files;
use crate::output::Output;
use crate::world::World;

/// A token is at most 4096 bytes where it is any good.
const MAX_SIZE: u64 = 1024 * 1024;
const WHAT: &str = "the token";

/// Reads a token and says what is in it. Neither it nor its signature is printed.
pub(crate) fn run(arguments: &Inspect, world: &World, signer: &Signer) -> Result<Output, Failure> {
    let input = match &arguments.file {
        Some(path) => files::read(WHAT, path, MAX_SIZE)?,
        None => files::read_input(WHAT, MAX_SIZE)?,
    };
    let token = find_token(input)?;
    let now = arguments.at.map_or(world.now, SigningTime::unix_seconds);
    let inspection = signer.inspect(&token, arguments.partition, now)?;
    let report = match arguments.output {
        ReportOutput::Text => text::write(&inspection, now),
        ReportOutput::Json => json::write(&inspection, now),
    };
    Ok(Output::new(report).refused(!is_accepted(&inspection)))
}

/// By the server, and by STS: every finding of the inspector is something that STS refuses.
fn is_accepted(inspection: &Inspection) -> bool {
    inspection.server.is_ok() && inspection.findings.is_empty()
}

/// The token itself, or the one in an `ExecCredential`; without the line end that follows it.
fn find_token(input: Vec<u8>) -> Result<String, Failure> {
    // What is no text is no token either, and the inspector says so.
    let text = String::from_utf8(input)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    let text = text.trim_end_matches(['\r', '\n']);
    if text.trim().is_empty() {
        return Err(Failure::NoToken(
            "there is no token: pipe one in, as in eks-token get-token … | eks-token inspect",
        ));
    }
    if !text.trim_start().starts_with('{') {
        return Ok(text.to_owned());
    }
    let credential: Value = serde_json::from_str(text)
        .map_err(|_| Failure::NoToken("the input begins like an ExecCredential but is not JSON"))?;
    credential
        .pointer("/status/token")
        .and_then(Value::as_str)
        .map(str::to_owned)
        .ok_or(Failure::NoToken("the input is JSON without status.token: it is no ExecCredential"))
}
