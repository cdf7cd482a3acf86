//! Calls to STS that are signed by the SDK: `AssumeRole`, and who asks for it.

use aws_sdk_sts::Client;
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};

use super::role::{AssumeRole, MfaCode, SessionName};
use super::{AwsError, Session, TransportFault};
use crate::transport::{describe, one_line};
use crate::{Credentials, SigningMaterial};

/// Exchanges credentials for those of a role's session.
pub(super) async fn assume_role(
    session: &Session<'_>,
    credentials: &Credentials,
    request: &AssumeRole,
    code: Option<&MfaCode>,
) -> Result<Credentials, AwsError> {
    let duration = request.duration.and_then(|duration| i32::try_from(duration.as_secs()).ok());
    let answer = client(session, credentials)?
        .assume_role()
        .role_arn(request.role.as_str())
        .role_session_name(request.session_name.as_str())
        .set_external_id(request.external_id.as_ref().map(|id| id.as_str().to_owned()))
        .set_serial_number(code.and(request.mfa_serial.clone()))
        .set_token_code(code.map(|code| code.expose().to_owned()))
        .set_duration_seconds(duration)
        .send()
        .await
        .map_err(|error| explain(&error, request))?;
    let issued = answer.credentials().ok_or(AwsError::MalformedSts("no credentials"))?;
    Ok(Credentials {
        access_key_id: issued.access_key_id().to_owned().try_into()?,
        material: SigningMaterial::SecretAccessKey(
            issued.secret_access_key().to_owned().try_into()?,
        ),
        session_token: Some(issued.session_token().to_owned().try_into()?),
        expires_at: Some(u64::try_from(issued.expiration().secs()).unwrap_or(0)),
    })
}

/// The name of the session that `credentials` belong to; none where they are a user's.
pub(super) async fn session_name(
    session: &Session<'_>,
    credentials: &Credentials,
) -> Result<Option<SessionName>, AwsError> {
    let answer = client(session, credentials)?.get_caller_identity().send().await;
    let answer = answer.map_err(|error| match fault(&error) {
        Some(fault) => AwsError::StsTransport(fault),
        None => AwsError::CallerIdentity(reason(&error)),
    })?;
    // AROA…:SESSION
    let name = answer.user_id().and_then(|id| id.split_once(':')).map(|(_, name)| name.to_owned());
    name.map(SessionName::try_from)
        .transpose()
        .map_err(|_| AwsError::MalformedSts("a session name that is none"))
}

fn client(session: &Session<'_>, credentials: &Credentials) -> Result<Client, AwsError> {
    let endpoint_url = session.settings.sts_endpoint_url.as_ref();
    Ok(Client::new(&session.to_sdk(credentials, endpoint_url)?))
}

fn explain<E>(error: &SdkError<E>, request: &AssumeRole) -> AwsError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    match fault(error) {
        Some(fault) => AwsError::StsTransport(fault),
        None => AwsError::AssumeRole { role: request.role.clone(), reason: reason(error) },
    }
}

/// What kept the answer away; none where there was one.
fn fault<E: std::error::Error + 'static>(error: &SdkError<E>) -> Option<TransportFault> {
    match error {
        SdkError::TimeoutError(_) => Some(TransportFault::TimedOut),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => {
            Some(TransportFault::TimedOut)
        }
        SdkError::DispatchFailure(_) => Some(TransportFault::of(error)),
        _ => None,
    }
}

/// What STS said.
fn reason<E>(error: &SdkError<E>) -> String
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let SdkError::ServiceError(answer) = error else { return describe(error) };
    let code = one_line(answer.err().code().unwrap_or_default());
    let message = one_line(answer.err().message().unwrap_or_default());
    match (code.is_empty(), message.is_empty()) {
        (false, false) => format!("{code}: {message}"),
        (false, true) => code,
        _ => format!("status {}, no reason given", answer.raw().status().as_u16()),
    }
}
