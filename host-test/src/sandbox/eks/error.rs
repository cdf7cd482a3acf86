//! Errors in the form of AWS's REST-JSON services: the code in a header, the message in the body.
//!
//! <https://docs.aws.amazon.com/eks/latest/APIReference/CommonErrors.html>

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;

use crate::sandbox::sigv4::RequestRefusal;

/// What a caller of the EKS API is told.
#[derive(Debug)]
pub(super) enum EksError {
    Refused(RequestRefusal),
    AccessDenied {
        caller: String,
        action: &'static str,
        resource: String,
    },
    ClusterNotFound {
        name: String,
    },
    AccessEntryNotFound,
    /// The authentication mode is `CONFIG_MAP`.
    NoAccessEntries,
    /// Holds the name of a parameter that has a wrong value.
    InvalidParameter(&'static str),
    UnknownOperation,
}

impl EksError {
    const fn status(&self) -> StatusCode {
        match self {
            Self::ClusterNotFound { .. } | Self::AccessEntryNotFound | Self::UnknownOperation => {
                StatusCode::NOT_FOUND
            }
            Self::NoAccessEntries | Self::InvalidParameter(_) => StatusCode::BAD_REQUEST,
            Self::Refused(_) | Self::AccessDenied { .. } => StatusCode::FORBIDDEN,
        }
    }

    const fn code(&self) -> &'static str {
        match self {
            Self::ClusterNotFound { .. } | Self::AccessEntryNotFound => "ResourceNotFoundException",
            Self::NoAccessEntries => "InvalidRequestException",
            Self::InvalidParameter(_) => "InvalidParameterException",
            Self::UnknownOperation => "UnknownOperationException",
            Self::AccessDenied { .. } => "AccessDeniedException",
            Self::Refused(refusal) => refusal_code(*refusal),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::ClusterNotFound { name } => format!("No cluster found for name: {name}."),
            Self::AccessEntryNotFound => "The specified principalArn could not be found. You can \
                                          view your available access entries with \
                                          'list-access-entries'."
                .to_owned(),
            Self::NoAccessEntries => "The cluster's authentication mode must be set to one of \
                                      [API, API_AND_CONFIG_MAP] to perform this operation."
                .to_owned(),
            Self::InvalidParameter(name) => format!("The specified {name} is invalid."),
            Self::UnknownOperation => "There is no such operation.".to_owned(),
            Self::AccessDenied { caller, action, resource } => format!(
                "User: {caller} is not authorized to perform: {action} on resource: {resource}"
            ),
            Self::Refused(refusal) => refusal.message(),
        }
    }
}

impl From<RequestRefusal> for EksError {
    fn from(refusal: RequestRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl IntoResponse for EksError {
    fn into_response(self) -> Response {
        let headers = [("x-amzn-errortype", self.code())];
        (self.status(), headers, Json(json!({ "message": self.message() }))).into_response()
    }
}

const fn refusal_code(refusal: RequestRefusal) -> &'static str {
    match refusal {
        RequestRefusal::NotSigned => "MissingAuthenticationTokenException",
        RequestRefusal::Malformed => "IncompleteSignatureException",
        RequestRefusal::UnknownAccessKeyId | RequestRefusal::WrongSessionToken => {
            "UnrecognizedClientException"
        }
        RequestRefusal::CredentialsExpired(_) => "ExpiredTokenException",
        RequestRefusal::WrongService(_)
        | RequestRefusal::WrongRegion
        | RequestRefusal::WrongDate
        | RequestRefusal::Expired { .. }
        | RequestRefusal::NotYetCurrent { .. }
        | RequestRefusal::HeaderNotSigned
        | RequestRefusal::HeaderMissing
        | RequestRefusal::WrongSignature => "InvalidSignatureException",
    }
}
