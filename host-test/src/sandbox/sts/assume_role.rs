//! `AssumeRole`
//!
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>

use super::StsApi;
use super::answer::{Answer, Node};
use super::error::StsError;
use super::parameters::Parameters;
use super::validation::{Constraint, Validation};
use crate::SigningTime;
use crate::sandbox::Role;
use crate::sandbox::credentials::IssuedCredentials;
use crate::sandbox::{MFA_SERIAL_NUMBER, MFA_TOKEN_CODE};

/// The longest session of a role that was assumed with another role's credentials, in seconds. All
/// callers in a sandbox have such.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining>
const MAX_CHAINED_DURATION: u64 = 3600;

/// What is asked for, well-formed.
struct AssumeRoleRequest<'a> {
    role_arn: &'a str,
    session_name: &'a str,
    external_id: Option<&'a str>,
    duration: Option<u64>,
    /// The serial number of the device, and its code.
    mfa: Option<(&'a str, &'a str)>,
}

impl StsApi {
    /// Issues credentials if the role trusts the caller.
    pub(super) fn assume_role(
        &self,
        parameters: &Parameters,
        caller: &IssuedCredentials,
    ) -> Result<Answer, StsError> {
        let request = AssumeRoleRequest::read(parameters)?;
        let role = authorize(&request, caller)?;
        let longest = self.assumed_roles_expire_in.as_secs();
        let duration = request.duration.map_or(longest, |duration| duration.min(longest));
        let expires_at = self.verifier.clock.now().saturating_add(duration);
        let issued = self
            .verifier
            .issued
            .assume(role, request.session_name, expires_at)
            .map_err(|_| StsError::Internal)?;
        let expiration =
            SigningTime::from_unix_seconds(issued.expires_at).map_err(|_| StsError::Internal)?;
        Ok(answer(&issued, expiration))
    }
}

/// The role, if its trust policy lets the caller in. Whether there is no such role, it trusts
/// others, or a condition is not met: the caller is told the same.
fn authorize(
    request: &AssumeRoleRequest<'_>,
    caller: &IssuedCredentials,
) -> Result<Role, StsError> {
    match request.mfa {
        Some((MFA_SERIAL_NUMBER, MFA_TOKEN_CODE)) | None => {}
        Some((MFA_SERIAL_NUMBER, _)) => return Err(StsError::WrongMfaCode),
        Some(_) => return Err(StsError::WrongMfaDevice),
    }
    let is_trusted = |role: &Role| {
        let trust = role.trust();
        trust.principals.contains(&caller.role)
            && (trust.external_id.is_none() || trust.external_id == request.external_id)
            && (!trust.mfa || request.mfa.is_some())
    };
    Role::of_arn(request.role_arn).filter(is_trusted).ok_or_else(|| StsError::NotAuthorized {
        caller: caller.caller.arn.clone(),
        role_arn: request.role_arn.to_owned(),
    })
}

fn answer(issued: &IssuedCredentials, expiration: SigningTime) -> Answer {
    let credentials = vec![
        ("AccessKeyId", Node::text(issued.access_key_id.as_str())),
        ("SecretAccessKey", Node::text(issued.secret_access_key.expose())),
        ("SessionToken", Node::text(issued.session_token.expose())),
        ("Expiration", Node::Time(expiration)),
    ];
    let user = vec![
        ("AssumedRoleId", Node::text(&issued.caller.user_id)),
        ("Arn", Node::text(&issued.caller.arn)),
    ];
    Answer {
        response_name: "AssumeRoleResponse",
        result_name: "AssumeRoleResult",
        result: vec![
            ("Credentials", Node::Fields(credentials)),
            ("AssumedRoleUser", Node::Fields(user)),
        ],
    }
}

impl<'a> AssumeRoleRequest<'a> {
    fn read(parameters: &'a Parameters) -> Result<Self, StsError> {
        let mut validation = Validation::default();
        let mut text = |name, constraint: &Constraint| {
            let value = parameters.get(name);
            validation.check(name, value, constraint);
            value
        };
        let role_arn = text("RoleArn", &Constraint::ROLE_ARN);
        let session_name = text("RoleSessionName", &Constraint::SESSION_NAME);
        let external_id = text("ExternalId", &Constraint::EXTERNAL_ID);
        let serial_number = text("SerialNumber", &Constraint::SERIAL_NUMBER);
        let token_code = text("TokenCode", &Constraint::TOKEN_CODE);
        let duration = validation.duration("DurationSeconds", parameters.get("DurationSeconds"));
        validation.finish().map_err(StsError::Validation)?;
        let refused = |message: &str| StsError::Validation(message.to_owned());
        let role_arn = role_arn.unwrap_or_default();
        if !is_arn(role_arn) {
            return Err(refused(&format!("{role_arn} is invalid")));
        }
        if duration.is_some_and(|duration| duration > MAX_CHAINED_DURATION) {
            return Err(refused(
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed \
                 by role chaining",
            ));
        }
        let mfa = match (serial_number, token_code) {
            (None, None) => None,
            (Some(serial_number), Some(token_code)) => Some((serial_number, token_code)),
            _ => {
                return Err(refused(
                    "MultiFactorAuthentication failed, must provide both MFA serial number and \
                     one time pass code.",
                ));
            }
        };
        let session_name = session_name.unwrap_or_default();
        Ok(Self { role_arn, session_name, external_id, duration, mfa })
    }
}

/// `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`
fn is_arn(text: &str) -> bool {
    let mut parts = text.splitn(6, ':');
    parts.next() == Some("arn") && parts.nth(4).is_some_and(|resource| !resource.is_empty())
}
