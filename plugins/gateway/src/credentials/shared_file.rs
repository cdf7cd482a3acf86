//! The shared credentials file of the AWS command line.
//!
//! <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>

use eks_token_signer::{Credentials, SigningMaterial};

use super::document::checked;
use super::error::CredentialsError;
use super::timestamp;

/// Reads one profile: `aws_access_key_id`, `aws_secret_access_key`, `aws_session_token`; and its end,
/// which tools that write such files note as `x_security_token_expires` or `aws_expiration`.
///
/// # Errors
/// [`CredentialsError`].
pub fn read_profile(text: &[u8], profile: &str) -> Result<Credentials, CredentialsError> {
    let text = core::str::from_utf8(text).map_err(|_| CredentialsError::NotText)?;
    let lines = || {
        text.lines()
            .skip_while(move |line| section(line) != Some(profile))
            .skip(1)
            .take_while(|line| section(line).is_none())
    };
    if !text.lines().any(|line| section(line) == Some(profile)) {
        return Err(CredentialsError::NoProfile);
    }
    // Of two lines the later counts, as in botocore.
    let value = |name: &str| lines().filter_map(|line| setting(line, name)).last();
    let (Some(id), Some(secret)) = (value("aws_access_key_id"), value("aws_secret_access_key"))
    else {
        return Err(CredentialsError::NoKey);
    };
    let end = value("x_security_token_expires").map(|text| ("x_security_token_expires", text));
    let end = end.or_else(|| value("aws_expiration").map(|text| ("aws_expiration", text)));
    Ok(Credentials {
        access_key_id: checked(id, "aws_access_key_id")?,
        material: SigningMaterial::SecretAccessKey(checked(secret, "aws_secret_access_key")?),
        session_token: value("aws_session_token")
            .map(|text| checked(text, "aws_session_token"))
            .transpose()?,
        expires_at: end.map(|(field, text)| expiration(field, text)).transpose()?,
    })
}

/// The name of a section, where the line begins one.
fn section(line: &str) -> Option<&str> {
    let line = line.trim_end();
    Some(line.strip_prefix('[')?.split_once(']')?.0.trim())
}

/// The value of a setting, where the line sets it. A line that begins with a blank goes on with the
/// one before: none of these settings has such.
fn setting<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (key, value) = line.split_once('=')?;
    let value = value.trim();
    let is_it = !line.starts_with([' ', '\t', '#', ';']) && key.trim().eq_ignore_ascii_case(name);
    (is_it && !value.is_empty()).then_some(value)
}

fn expiration(field: &'static str, text: &str) -> Result<u64, CredentialsError> {
    timestamp::parse(text).ok_or(CredentialsError::Type { field, allowed: "a time as in RFC 3339" })
}
