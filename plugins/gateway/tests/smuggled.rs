//! What a caller could smuggle in is taken out, whatever its case.

use eks_token_gateway::{is_smuggled, without_smuggled_protocols};

#[test]
fn headers_that_say_who_is_asking() {
    for name in [
        "authorization",
        "Authorization",
        "AUTHORIZATION",
        "proxy-authorization",
        "cookie",
        "Impersonate-User",
        "impersonate-group",
        "Impersonate-Uid",
        "Impersonate-Extra-scopes",
        "impersonate_user",
        "X-Remote-User",
        "x-remote-group",
        "X-Remote-Extra-Acme.com%2Fproject",
        "x_remote_user",
    ] {
        assert!(is_smuggled(name), "{name}");
    }
}

#[test]
fn other_headers_stay() {
    for name in
        ["accept", "content-type", "user-agent", "x-request-id", "remote-user", "impersonat"]
    {
        assert!(!is_smuggled(name), "{name}");
    }
}

#[test]
fn bearers_among_the_protocols_of_a_websocket() {
    let bearer = "base64url.bearer.authorization.k8s.io.azhzLWF3cy12MS54";
    let cases = [
        (format!("{bearer}, v5.channel.k8s.io"), Some("v5.channel.k8s.io")),
        (
            format!("v5.channel.k8s.io,{bearer},v4.channel.k8s.io"),
            Some("v5.channel.k8s.io, v4.channel.k8s.io"),
        ),
        (format!("  {} ", bearer.to_uppercase()), None),
        (bearer.to_owned(), None),
        ("v5.channel.k8s.io".to_owned(), Some("v5.channel.k8s.io")),
        (" , ".to_owned(), None),
    ];
    for (value, kept) in cases {
        assert_eq!(without_smuggled_protocols(&value).as_deref(), kept, "{value}");
    }
}
