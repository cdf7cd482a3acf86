//! What a caller could smuggle in.

use http::HeaderMap;

/// Headers that say who is asking.
pub const SMUGGLED: [(&str, &[u8]); 8] = [
    ("Authorization", b"Bearer of-somebody-else"),
    ("Cookie", b"session=x"),
    ("Impersonate-User", b"system:admin"),
    ("Impersonate-Group", b"system:masters"),
    ("Impersonate-Extra-Scopes", b"all"),
    ("X-Remote-User", b"system:admin"),
    ("X-Remote-Group", b"system:masters"),
    ("X-Remote-Extra-Acme", b"all"),
];

/// Holds a request that has arrived to the one token of the proxy and none of [`SMUGGLED`].
pub(crate) fn assert_clean(arrived: &HeaderMap) {
    let authorization: Vec<_> = arrived.get_all("authorization").iter().collect();
    let [authorization] = authorization.as_slice() else { panic!("{authorization:?}") };
    assert!(authorization.to_str().expect("text").starts_with("Bearer k8s-aws-v1."));
    for (name, _) in SMUGGLED.iter().filter(|(name, _)| *name != "Authorization") {
        assert!(!arrived.contains_key(*name), "{name} arrived");
    }
}
