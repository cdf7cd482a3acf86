//! Sends the presigned request inside a token to STS, as a cluster does.
//!
//! As in aws-iam-authenticator `pkg/token/token.go`, `Verify`: `accept: application/json`, ten
//! seconds, no redirect followed.

use std::time::Duration;

use ::http::Uri;
use aws_smithy_runtime_api::client::http::HttpConnector as _;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use aws_smithy_types::date_time::{DateTime, Format};
use serde_json::Value;
use tracing::info;

use super::{AwsError, Session, TransportFault, http};
use crate::transport::one_line;
use crate::{CallerIdentity, PresignedRequest};

const TIMEOUT: Duration = Duration::from_secs(10);
/// An answer has some hundred bytes.
const MAX_ANSWER: usize = 64 * 1024;

/// What STS makes of a presigned request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StsAnswer {
    /// The time by the clock of STS, in Unix seconds, where it says so.
    pub server_time: Option<u64>,
    /// Whose signature it is, or why it is none.
    pub verdict: Result<CallerIdentity, StsRefusal>,
}

/// What STS says to what it does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StsRefusal {
    /// The HTTP status.
    pub status: u16,
    /// Such as `SignatureDoesNotMatch`; empty where the answer was none of STS.
    pub code: String,
    /// In the words of STS.
    pub message: String,
}

/// Asks STS whose signature it is. Must be called within a tokio runtime.
///
/// # Errors
/// [`AwsError::StsTransport`] where no answer came, [`AwsError::PresignedOverHttp`],
/// [`AwsError::MalformedSts`], and those of the settings.
pub async fn get_caller_identity(
    session: &Session<'_>,
    presigned: &PresignedRequest,
) -> Result<StsAnswer, AwsError> {
    let connector = http::connector(session.environment, session.settings)?;
    info!(region = session.region.as_str(), "asking STS whose signature it is");
    let call = connector.call(request(session, presigned)?);
    let answer = match tokio::time::timeout(TIMEOUT, call).await {
        Err(_) => return Err(AwsError::StsTransport(TransportFault::TimedOut)),
        Ok(Err(error)) => return Err(AwsError::StsTransport(TransportFault::of(&error))),
        Ok(Ok(answer)) => answer,
    };
    read(answer).await
}

fn request(session: &Session<'_>, presigned: &PresignedRequest) -> Result<HttpRequest, AwsError> {
    let endpoint = &session.settings.sts_endpoint_url;
    // The URL itself is of the signer's making: only what leads elsewhere can be wrong.
    let signed: Uri = presigned.url.parse().map_err(|_| AwsError::EndpointUrl)?;
    let path = signed.path_and_query().map_or("/", |path| path.as_str());
    let target = match endpoint {
        None => presigned.url.clone(),
        // Whoever reads it could use it as a token.
        Some(endpoint) if !endpoint.starts_with("https://") => {
            return Err(AwsError::PresignedOverHttp);
        }
        Some(endpoint) => format!("{}{path}", endpoint.trim_end_matches('/')),
    };
    let mut request = HttpRequest::new(SdkBody::empty());
    request.set_uri(target).map_err(|_| AwsError::EndpointUrl)?;
    let headers = request.headers_mut();
    // The host that is signed, wherever the connection goes.
    headers.insert("host", signed.host().unwrap_or_default().to_owned());
    headers.insert("accept", "application/json");
    for (name, value) in &presigned.headers {
        headers.insert(name.clone(), value.clone());
    }
    Ok(request)
}

async fn read(answer: HttpResponse) -> Result<StsAnswer, AwsError> {
    let status = answer.status().as_u16();
    let server_time = answer
        .headers()
        .get("date")
        .and_then(|date| DateTime::from_str(date, Format::HttpDate).ok())
        .and_then(|date| u64::try_from(date.secs()).ok());
    let body = read_body(answer.into_body()).await?;
    let json: Value = serde_json::from_slice(&body).unwrap_or_default();
    let verdict = if status == 200 {
        let result = &json["GetCallerIdentityResponse"]["GetCallerIdentityResult"];
        Ok(identity(result).ok_or(AwsError::MalformedSts("no identity"))?)
    } else {
        let text = |value: &Value| one_line(value.as_str().unwrap_or_default());
        let error = &json["Error"];
        Err(StsRefusal { status, code: text(&error["Code"]), message: text(&error["Message"]) })
    };
    Ok(StsAnswer { server_time, verdict })
}

async fn read_body(body: SdkBody) -> Result<Vec<u8>, AwsError> {
    let mut body = ByteStream::new(body);
    let mut bytes = Vec::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| AwsError::StsTransport(TransportFault::of(&error)))?;
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MAX_ANSWER {
            return Err(AwsError::MalformedSts("far more than an identity"));
        }
    }
    Ok(bytes)
}

fn identity(result: &Value) -> Option<CallerIdentity> {
    let text = |name: &str| result[name].as_str().map(one_line);
    Some(CallerIdentity { account: text("Account")?, arn: text("Arn")?, user_id: text("UserId")? })
}
