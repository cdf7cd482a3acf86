//! What a caller of STS is told when it gets nothing else.
//!
//! <https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html>

use http::StatusCode;

use crate::sandbox::sigv4::RequestRefusal;

/// One variant a cause.
#[derive(Debug)]
pub(super) enum StsError {
    Refused(RequestRefusal),
    MissingAction,
    UnknownAction(String),
    /// What is wrong with the parameters.
    Validation(String),
    /// The role's trust policy does not allow it, or there is no such role.
    NotAuthorized {
        caller: String,
        role_arn: String,
    },
    WrongMfaDevice,
    WrongMfaCode,
    /// No credentials could be made.
    Internal,
}

impl StsError {
    pub(super) const fn status(&self) -> StatusCode {
        match self {
            Self::Refused(RequestRefusal::Malformed)
            | Self::MissingAction
            | Self::UnknownAction(_)
            | Self::Validation(_) => StatusCode::BAD_REQUEST,
            Self::Refused(_)
            | Self::NotAuthorized { .. }
            | Self::WrongMfaDevice
            | Self::WrongMfaCode => StatusCode::FORBIDDEN,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Whose fault it is.
    pub(super) const fn fault(&self) -> &'static str {
        match self {
            Self::Internal => "Receiver",
            _ => "Sender",
        }
    }

    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal_code(*refusal),
            Self::MissingAction => "MissingAction",
            Self::UnknownAction(_) => "InvalidAction",
            Self::Validation(_) => "ValidationError",
            Self::NotAuthorized { .. } | Self::WrongMfaDevice | Self::WrongMfaCode => {
                "AccessDenied"
            }
            Self::Internal => "InternalFailure",
        }
    }

    pub(super) fn message(&self) -> String {
        match self {
            Self::Refused(refusal) => refusal.message(),
            Self::MissingAction => "The request has no parameter Action.".to_owned(),
            Self::UnknownAction(action) => {
                format!("Could not find operation {action} for version 2011-06-15")
            }
            Self::Validation(message) => message.clone(),
            Self::NotAuthorized { caller, role_arn } => format!(
                "User: {caller} is not authorized to perform: sts:AssumeRole on resource: \
                 {role_arn}"
            ),
            Self::WrongMfaDevice => "MultiFactorAuthentication failed, unable to validate MFA \
                                     code.  Please verify your MFA serial number is valid and \
                                     associated with this user."
                .to_owned(),
            Self::WrongMfaCode => {
                "MultiFactorAuthentication failed with invalid MFA one time pass code. ".to_owned()
            }
            Self::Internal => "No credentials could be made.".to_owned(),
        }
    }
}

const fn refusal_code(refusal: RequestRefusal) -> &'static str {
    match refusal {
        RequestRefusal::NotSigned => "MissingAuthenticationToken",
        RequestRefusal::Malformed => "IncompleteSignature",
        RequestRefusal::UnknownAccessKeyId | RequestRefusal::WrongSessionToken => {
            "InvalidClientTokenId"
        }
        RequestRefusal::CredentialsExpired(_) => "ExpiredToken",
        RequestRefusal::WrongService(_)
        | RequestRefusal::WrongRegion
        | RequestRefusal::WrongDate
        | RequestRefusal::Expired { .. }
        | RequestRefusal::NotYetCurrent { .. }
        | RequestRefusal::HeaderNotSigned
        | RequestRefusal::HeaderMissing
        | RequestRefusal::WrongSignature => "SignatureDoesNotMatch",
    }
}
