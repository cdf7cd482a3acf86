//! What may pass. The cases of paths are those by which other proxies were got round: encoded
//! slashes and dots, empty segments, marks that end a segment for one reader and not for another.

use eks_token_gateway::rules::{PathPattern, Rule};
use eks_token_gateway::{Interactive, Refusal, RequestLine, Rules};

const POD: &str = "/api/v1/namespaces/default/pods/web-0";

fn check(rules: &Rules, method: &str, path: &str) -> Result<(), Refusal> {
    rules.check(&RequestLine { method, path, upgrade: false })
}

#[test]
fn reading_passes_by_default_and_nothing_else() {
    let rules = Rules::default();
    for path in ["/", "/api", "/api/", "/version", "/api/v1/pods?watch=true&x=/../exec", POD] {
        assert_eq!(check(&rules, "GET", path), Ok(()), "{path}");
        assert_eq!(check(&rules, "HEAD", path), Ok(()), "{path}");
        for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE", "get", ""] {
            assert_eq!(check(&rules, method, path), Err(Refusal::NotAllowed), "{method} {path}");
        }
    }
}

#[test]
fn ways_into_containers_are_no_reading() {
    let ways = [
        ("exec", Interactive::Exec),
        ("exec?command=sh", Interactive::Exec),
        ("exec/", Interactive::Exec),
        ("%65xec", Interactive::Exec),
        ("attach", Interactive::Attach),
        ("portforward", Interactive::PortForward),
        ("proxy/", Interactive::Proxy),
        ("proxy/metrics", Interactive::Proxy),
    ];
    let rules = Rules::default();
    for (end, way) in ways {
        let path = format!("{POD}/{end}");
        assert_eq!(check(&rules, "GET", &path), Err(Refusal::Interactive(way)), "{path}");
        let open = Rules { interactive: vec![way], ..Rules::reading() };
        for method in ["GET", "POST"] {
            let line = RequestLine { method, path: &path, upgrade: true };
            assert_eq!(open.check(&line), Ok(()), "{path}");
        }
    }
    for path in [
        "/api/v1/nodes/node-1/proxy/run/default/web-0/web",
        "/api/v1/namespaces/default/services/https:web:443/proxy/",
        "/api/v1/proxy/namespaces/default/pods/web-0",
        "/api/v1/watch/namespaces/default/pods/web-0/exec",
        "/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances/vm/console",
    ] {
        assert!(matches!(check(&rules, "GET", path), Err(Refusal::Interactive(_))), "{path}");
    }
}

#[test]
fn names_that_only_look_like_ways_into_containers_are_read() {
    for path in [
        "/api/v1/namespaces/exec/pods",
        "/api/v1/namespaces/exec",
        "/api/v1/namespaces/default/configmaps/exec",
        "/api/v1/namespaces/default/pods/proxy",
        "/apis/example.com/v1/proxies/exec",
        "/exec",
    ] {
        assert_eq!(check(&Rules::default(), "GET", path), Ok(()), "{path}");
    }
}

#[test]
fn a_path_that_can_be_read_in_two_ways_is_refused() {
    for path in [
        "",
        "api",
        "*",
        "http://cluster/api",
        "//api",
        "/api//v1",
        "/api/./v1",
        "/api/../v1",
        "/api/%2e%2e/v1",
        "/api/v1/namespaces/default/pods/web-0%2Fexec",
        "/api/v1/namespaces/default/pods/web-0%2fexec",
        "/api/v1/namespaces/default/pods/web-0%252Fexec",
        "/api\\v1",
        "/api/%5Cv1",
        "/api/v1/pods;x=1",
        "/api/v1/pods%3Bx",
        "/api/v1/pods%3Fx",
        "/api/v1/pods#x",
        "/api/v1/pods%00",
        "/api/v1/pods%0d%0a",
        "/api/v1/pods%",
        "/api/v1/pods%4",
        "/api/v1/pods%zz",
        "/api/v1/pods%ff",
    ] {
        assert_eq!(check(&Rules::default(), "GET", path), Err(Refusal::AmbiguousPath), "{path:?}");
    }
}

#[test]
fn another_protocol_passes_only_into_containers_that_are_open() {
    let upgrade = |path| RequestLine { method: "GET", path, upgrade: true };
    let everything = Rules { interactive: vec![Interactive::Exec], ..Rules::reading() };
    assert_eq!(everything.check(&upgrade("/api/v1/pods?watch=1")), Err(Refusal::Upgrade));
    assert_eq!(everything.check(&upgrade(&format!("{POD}/exec"))), Ok(()));
}

#[test]
fn patterns_of_paths() {
    let cases = [
        ("/**", "/", true),
        ("/**", "/api/v1", true),
        ("/api/**", "/api", true),
        ("/api/**", "/apis", false),
        ("/api/v1/namespaces/*/pods", "/api/v1/namespaces/a/pods", true),
        ("/api/v1/namespaces/*/pods", "/api/v1/namespaces/a/pods/", true),
        ("/api/v1/namespaces/*/pods", "/api/v1/namespaces/a/pods/b", false),
        ("/api/v1/namespaces/*/pods", "/api/v1/namespaces/%61/p%6fds", true),
        ("/api/v1/namespaces/*/pods", "/api/v1/namespaces/pods", false),
        ("/version", "/Version", false),
    ];
    for (pattern, path, expected) in cases {
        let paths = vec![PathPattern::try_from(pattern).expect("a pattern")];
        let rule = Rule { methods: vec!["GET".to_owned()], paths };
        let rules = Rules { allow: vec![rule], interactive: vec![] };
        assert_eq!(check(&rules, "GET", path).is_ok(), expected, "{pattern} {path}");
    }
}
