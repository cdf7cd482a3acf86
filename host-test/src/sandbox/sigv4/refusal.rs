//! Why a signature was refused.

use super::stamp;

/// Of credentials that are none of the sandbox's, or not whole.
const INVALID_TOKEN: &str = "The security token included in the request is invalid.";

/// One variant a cause. As text it is for the operator; [`message`](Self::message) is what the
/// caller learns. Of the request, none holds more than its date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(in crate::sandbox) enum RequestRefusal {
    #[error("the request is not signed")]
    NotSigned,
    #[error("the signature's parameters are not whole, or not those of SigV4")]
    Malformed,
    #[error("the access key id is none of this sandbox; use its credentials, not those of AWS")]
    UnknownAccessKeyId,
    #[error("the session token is not the one that belongs to the access key id")]
    WrongSessionToken,
    #[error(
        "the credentials expired at {0} (Unix seconds); assume the role again, or start the \
         sandbox again"
    )]
    CredentialsExpired(u64),
    #[error("the request is signed for another service than {0}")]
    WrongService(&'static str),
    #[error("the request is signed for another region than the server's")]
    WrongRegion,
    #[error("X-Amz-Date is missing, or not of the day that the request is signed for")]
    WrongDate,
    #[error("X-Amz-Date is over {tolerance} seconds behind the sandbox's clock")]
    Expired { signed_at: u64, now: u64, tolerance: u64 },
    #[error("X-Amz-Date is over {tolerance} seconds ahead of the sandbox's clock")]
    NotYetCurrent { signed_at: u64, now: u64, tolerance: u64 },
    #[error("one of host, x-amz-date and x-amz-security-token is not signed")]
    HeaderNotSigned,
    #[error("a signed header is missing, or is no text")]
    HeaderMissing,
    #[error("the signature is another: signed with another secret, or changed afterwards")]
    WrongSignature,
}

impl RequestRefusal {
    /// What the caller is told, at any service of AWS.
    pub(in crate::sandbox) fn message(self) -> String {
        match self {
            Self::NotSigned => "Missing Authentication Token".to_owned(),
            Self::Malformed => "The parameters of the signature are incomplete.".to_owned(),
            Self::UnknownAccessKeyId | Self::WrongSessionToken => INVALID_TOKEN.to_owned(),
            Self::CredentialsExpired(_) => {
                "The security token included in the request is expired".to_owned()
            }
            Self::WrongService(service) => {
                format!("Credential should be scoped to correct service: '{service}'. ")
            }
            Self::WrongRegion => "Credential should be scoped to a valid region. ".to_owned(),
            Self::WrongDate => {
                "Date in Credential scope does not match that of X-Amz-Date.".to_owned()
            }
            Self::Expired { signed_at, now, tolerance } => format!(
                "Signature expired: {} is now earlier than {} ({} - {} min.)",
                stamp::format(signed_at),
                stamp::format(now.saturating_sub(tolerance)),
                stamp::format(now),
                tolerance / 60,
            ),
            Self::NotYetCurrent { signed_at, now, tolerance } => format!(
                "Signature not yet current: {} is still later than {} ({} + {} min.)",
                stamp::format(signed_at),
                stamp::format(now.saturating_add(tolerance)),
                stamp::format(now),
                tolerance / 60,
            ),
            Self::HeaderNotSigned | Self::HeaderMissing => {
                "A header that must be signed is not, or a signed one is missing.".to_owned()
            }
            Self::WrongSignature => "The request signature we calculated does not match the \
                                     signature you provided. Check your AWS Secret Access Key and \
                                     signing method. Consult the service documentation for \
                                     details."
                .to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RequestRefusal;

    #[test]
    fn a_wrong_clock_is_told_the_right_time() {
        let refusal = RequestRefusal::Expired {
            signed_at: 1_700_000_000,
            now: 1_700_003_600,
            tolerance: 900,
        };
        assert_eq!(
            refusal.message(),
            "Signature expired: 20231114T221320Z is now earlier than 20231114T225820Z \
             (20231114T231320Z - 15 min.)"
        );
        let refusal = RequestRefusal::NotYetCurrent {
            signed_at: 1_700_003_600,
            now: 1_700_000_000,
            tolerance: 300,
        };
        assert_eq!(
            refusal.message(),
            "Signature not yet current: 20231114T231320Z is still later than 20231114T221820Z \
             (20231114T221320Z + 5 min.)"
        );
    }
}
