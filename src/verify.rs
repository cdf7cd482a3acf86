//! Was this token signed for this cluster with these credentials?

use alloc::string::String;

use subtle::{Choice, ConstantTimeEq};

use crate::cluster::Cluster;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::inspect::{self, Query, Url};
use crate::sts::{PresignedUrl, Region, StsHost};
use crate::time::SigningTime;

/// Signs once more what the token says was signed, and compares all of it in constant time.
///
/// This says nothing of whether a server would take the token: that is [`inspect`](crate::inspect).
/// A token that is no token at all was not signed, so the answer is no.
///
/// # Errors
/// [`Error::NoMatchingSigningKey`] where the credentials are day keys and none is for the token's
/// day and region.
pub fn verify(token: &str, credentials: &Credentials, cluster: &Cluster) -> Result<bool, Error> {
    let Some((url, query)) = read(token) else { return Ok(false) };
    let Some(signed) = Signed::read(&url, &query, credentials.access_key_id.as_str()) else {
        return Ok(false);
    };
    let expected = PresignedUrl::sign(
        credentials,
        cluster,
        &signed.host,
        &signed.region,
        signed.at,
        signed.expires_in,
    )?;
    let Some(expected) = Url::parse(expected.expose().as_bytes()) else { return Ok(false) };
    Ok(same_parameters(&query, &Query::parse(&expected.raw_query)).into())
}

fn read(token: &str) -> Option<(Url, Query)> {
    let (url, query) = inspect::read(token).ok()?;
    let is_plain = url.scheme == "https" && url.path == b"/" && !query.malformed;
    is_plain.then_some((url, query))
}

/// What goes into a signature besides the secret and the cluster.
struct Signed {
    host: StsHost,
    region: Region,
    at: SigningTime,
    expires_in: u32,
}

impl Signed {
    /// `None` where the token cannot have been signed with this key id, or not for STS.
    fn read(url: &Url, query: &Query, access_key_id: &str) -> Option<Self> {
        let text = |name: &[u8]| {
            let parameter = query.parameters.iter().find(|parameter| parameter.name == name)?;
            core::str::from_utf8(&parameter.value).ok()
        };
        let credential = text(b"X-Amz-Credential")?;
        let scope = credential.strip_prefix(access_key_id)?.strip_prefix('/')?;
        let region = scope.split('/').nth(1)?;
        let date = inspect::parse_date(text(b"X-Amz-Date")?.as_bytes())?;
        let host = core::str::from_utf8(&url.host).ok()?;
        Some(Self {
            host: StsHost::try_from(String::from(host)).ok()?,
            region: Region::try_from(String::from(region)).ok()?,
            at: SigningTime::from_unix_seconds(u64::try_from(date).ok()?).ok()?,
            expires_in: text(b"X-Amz-Expires")?.parse().ok()?,
        })
    }
}

/// Whether both hold the same parameters, the signature among them, in whatever order: AWS CLI
/// and aws-iam-authenticator differ in that alone. No name stands twice in `expected`.
fn same_parameters(token: &Query, expected: &Query) -> Choice {
    let same_count = token.parameters.len().ct_eq(&expected.parameters.len());
    expected.parameters.iter().fold(same_count, |same, expected| {
        let value = token.parameters.iter().find(|parameter| parameter.name == expected.name);
        let value = value.map_or(&[][..], |parameter| &parameter.value);
        same & value.ct_eq(&expected.value)
    })
}
