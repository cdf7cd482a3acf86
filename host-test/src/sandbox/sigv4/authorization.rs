//! The header `authorization` of SigV4, taken apart.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

/// `AWS4-HMAC-SHA256 Credential=<scope>, SignedHeaders=a;b, Signature=hex`
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Authorization<'a> {
    pub(super) scope: Scope<'a>,
    pub(super) signed_headers: Vec<&'a str>,
    pub(super) signature: &'a str,
}

/// `ID/DAY/REGION/SERVICE/aws4_request`
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Scope<'a> {
    pub(super) access_key_id: &'a str,
    pub(super) day: &'a str,
    pub(super) region: &'a str,
    pub(super) service: &'a str,
}

impl<'a> Authorization<'a> {
    /// `None` where a part is missing or there is one too many.
    pub(super) fn parse(header: &'a str) -> Option<Self> {
        let parts = header.strip_prefix("AWS4-HMAC-SHA256 ")?;
        let mut parts = parts.split(',').map(str::trim);
        let scope = Scope::parse(parts.next()?.strip_prefix("Credential=")?)?;
        let signed_headers = parts.next()?.strip_prefix("SignedHeaders=")?;
        let signature = parts.next()?.strip_prefix("Signature=")?;
        let signed_headers = signed_headers.split(';').collect();
        parts.next().is_none().then_some(Self { scope, signed_headers, signature })
    }
}

impl<'a> Scope<'a> {
    /// `None` where a part is missing or there is one too many.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split('/');
        let mut next = || parts.next().filter(|part| !part.is_empty());
        let (access_key_id, day, region, service) = (next()?, next()?, next()?, next()?);
        let is_whole = next()? == "aws4_request" && parts.next().is_none();
        is_whole.then_some(Self { access_key_id, day, region, service })
    }
}

#[cfg(test)]
mod tests {
    use super::Authorization;

    #[test]
    fn the_parts_are_found() {
        let header = "AWS4-HMAC-SHA256 Credential=AKID/20260102/eu-central-1/eks/aws4_request, \
                      SignedHeaders=host;x-amz-date, Signature=abc";
        let authorization = Authorization::parse(header).expect("all parts");
        assert_eq!(authorization.scope.access_key_id, "AKID");
        assert_eq!(authorization.scope.day, "20260102");
        assert_eq!(authorization.scope.region, "eu-central-1");
        assert_eq!(authorization.scope.service, "eks");
        assert_eq!(authorization.signed_headers, ["host", "x-amz-date"]);
        assert_eq!(authorization.signature, "abc");
    }

    #[test]
    fn what_is_not_whole_is_refused() {
        for header in [
            "",
            "Bearer abc",
            "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=host",
            "AWS4-HMAC-SHA256 Credential=a/b/c/d, SignedHeaders=host, Signature=e",
            "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request/f, SignedHeaders=host, Signature=e",
            "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=h, Signature=e, x=y",
        ] {
            assert_eq!(Authorization::parse(header), None, "{header}");
        }
    }
}
