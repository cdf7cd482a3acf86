//! Which programs get in.

use eks_token_host::proxy::{HostName, Origin};

use super::client::{ask, ask_as_is, get};
use super::trial::Trial;

#[tokio::test]
async fn goes_by_its_own_names_alone() {
    let trial = Trial::start().await;
    let port = trial.address.port();
    for own in ["127.0.0.1", "localhost", "[::1]"] {
        let host = format!("Host: {own}:{port}");
        let answer = ask_as_is(trial.address, "GET", "/api", &[&host], "").await;
        assert_eq!(answer.status, 200, "{own}");
    }
    let let_in = trial.upstream.seen().len();
    for foreign in ["evil.example", "evil.localhost", "127.0.0.1.evil.example", "10.0.0.1"] {
        let host = format!("Host: {foreign}:{port}");
        let answer = ask_as_is(trial.address, "GET", "/api", &[&host], "").await;
        assert_eq!(answer.status, 403, "{foreign}");
        assert!(answer.message().contains("--accept-host"), "{}", answer.message());
    }
    let other_port = ask_as_is(trial.address, "GET", "/api", &["Host: 127.0.0.1:1"], "").await;
    assert_eq!(other_port.status, 403);
    assert_eq!(ask_as_is(trial.address, "GET", "/api", &[], "").await.status, 400);
    let (host, evil) = (format!("Host: 127.0.0.1:{port}"), "Host: evil.example");
    assert_eq!(ask_as_is(trial.address, "GET", "/api", &[&host, evil], "").await.status, 400);
    let target = format!("http://evil.example:{port}/api");
    assert_eq!(ask_as_is(trial.address, "GET", &target, &[&host], "").await.status, 400);
    assert_eq!(trial.upstream.seen().len(), let_in, "a request got through");
}

#[tokio::test]
async fn no_page_gets_in() {
    let trial = Trial::open().await;
    let handshake = [
        "Connection: upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Origin: http://evil.example",
    ];
    let exec = "/api/v1/namespaces/default/pods/pod/exec?command=sh";
    assert_eq!(get(trial.address, exec, &handshake).await.status, 403);
    for line in [
        "Origin: http://evil.example",
        "Origin: null",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Sec-Fetch-Site: same-origin",
    ] {
        assert_eq!(get(trial.address, "/api", &[line]).await.status, 403, "{line}");
        let posted = ask(trial.address, "POST", "/api/v1/namespaces", &[line], "{}").await;
        assert_eq!(posted.status, 403, "{line}");
    }
    assert!(trial.upstream.seen().is_empty(), "a request got through");
    // The negative control: the same without what browsers add.
    assert_eq!(ask(trial.address, "POST", "/api/v1/namespaces", &[], "{}").await.status, 200);
    assert_eq!(trial.upstream.seen().len(), 1);
}

#[tokio::test]
async fn takes_names_and_pages_that_are_listed() {
    let trial = Trial::with(|options| {
        options.callers.accept_hosts = vec![HostName::try_from("k8s.example:80").expect("a host")];
        options.callers.allow_origins =
            vec![Origin::try_from("http://localhost:3000").expect("an origin")];
    })
    .await;
    assert_eq!(
        ask_as_is(trial.address, "GET", "/api", &["Host: k8s.example"], "").await.status,
        200
    );
    let page = ["Origin: http://localhost:3000", "Sec-Fetch-Site: cross-site"];
    let answer = get(trial.address, "/api", &page).await;
    assert_eq!(answer.status, 200);
    assert!(answer.head.contains("access-control-allow-origin: http://localhost:3000"));
    // Browsers ask before they send what a form could not.
    let asks = async |method: &str| {
        let method = format!("Access-Control-Request-Method: {method}");
        let lines = [page[0], &method, "Access-Control-Request-Headers: accept"];
        ask(trial.address, "OPTIONS", "/api", &lines, "").await
    };
    let leave = asks("GET").await;
    assert_eq!(leave.status, 204);
    assert!(leave.head.contains("access-control-allow-headers: accept"), "{}", leave.head);
    assert_eq!(asks("DELETE").await.status, 403);
    assert_eq!(trial.upstream.seen().len(), 2, "the proxy itself answers");
    assert_eq!(get(trial.address, "/api", &["Origin: http://localhost:3001"]).await.status, 403);
}

#[tokio::test]
async fn only_reading_passes_by_default() {
    let trial = Trial::start().await;
    for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"] {
        let answer = ask(trial.address, method, "/api/v1/namespaces", &[], "{}").await;
        assert_eq!(answer.status, 403, "{method}");
        assert!(answer.message().contains("reading only"), "{}", answer.message());
    }
    let pod = "/api/v1/namespaces/default/pods/pod";
    for way in ["exec", "attach", "portforward", "proxy/"] {
        let answer = get(trial.address, &format!("{pod}/{way}"), &[]).await;
        assert_eq!(answer.status, 403, "{way}");
        assert!(answer.message().contains("off until"), "{}", answer.message());
    }
    let hidden = get(trial.address, "/api/v1//namespaces/default/pods/pod/%65xec", &[]).await;
    assert_eq!(hidden.status, 400);
    let upgrade = ["Connection: upgrade", "Upgrade: websocket"];
    assert_eq!(get(trial.address, pod, &upgrade).await.status, 403);
    assert!(trial.upstream.seen().is_empty(), "a request got through");
    assert_eq!(get(trial.address, pod, &[]).await.status, 200);
}
