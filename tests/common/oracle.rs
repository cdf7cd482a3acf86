//! Presigning by the crate aws-sigv4, which none of ours is in.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4::SigningParams;
use eks_token_signer::sigv4::PathStyle;

use super::parameters;

/// A request without a body, and who signs it.
pub(crate) struct Question<'a> {
    pub(crate) access_key_id: &'a str,
    pub(crate) secret: &'a str,
    pub(crate) session_token: Option<&'a str>,
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
    pub(crate) signed_at: u64,
    pub(crate) expires_in: u32,
    pub(crate) method: &'a str,
    /// Encoded. Its host is signed as well.
    pub(crate) url: &'a str,
    pub(crate) path_style: PathStyle,
    /// All but `host`.
    pub(crate) headers: &'a [(&'a str, &'a str)],
}

pub(crate) struct SignedElsewhere {
    pub(crate) url: String,
    /// The URL's parameters but the signature, sorted.
    pub(crate) canonical_query: String,
    pub(crate) signature: String,
}

impl Question<'_> {
    pub(crate) fn ask(&self) -> SignedElsewhere {
        let session_token = self.session_token.map(str::to_owned);
        let identity =
            Credentials::new(self.access_key_id, self.secret, session_token, None, "a test").into();
        let parameters = SigningParams::builder()
            .identity(&identity)
            .region(self.region)
            .name(self.service)
            .time(SystemTime::UNIX_EPOCH + Duration::from_secs(self.signed_at))
            .settings(self.settings())
            .build()
            .expect("all parameters are set")
            .into();
        let headers = self.headers.iter().copied();
        let request =
            SignableRequest::new(self.method, self.url, headers, SignableBody::Bytes(b""))
                .expect("a request");
        let (instructions, signature) = sign(request, &parameters).expect("it signs").into_parts();

        let mut signed = http::Request::builder().uri(self.url).body(()).expect("a request");
        instructions.apply_to_request_http1x(&mut signed);
        let url = signed.uri().to_string();
        SignedElsewhere { canonical_query: canonical_query(&url), url, signature }
    }

    fn settings(&self) -> SigningSettings {
        let mut settings = SigningSettings::default();
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(Duration::from_secs(self.expires_in.into()));
        // The URL is encoded once already.
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = match self.path_style {
            PathStyle::Normalized => UriPathNormalizationMode::Enabled,
            PathStyle::AsIs => UriPathNormalizationMode::Disabled,
        };
        settings
    }
}

fn canonical_query(url: &str) -> String {
    let mut parameters = parameters(url);
    parameters.retain(|parameter| !parameter.starts_with("X-Amz-Signature="));
    parameters.join("&")
}
