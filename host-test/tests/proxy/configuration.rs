//! Mistakes in a configuration: each is named by its place, and starts nothing.

use std::fs;

use super::outcome::failure;
use super::process::{Process, alone};

const MISTAKES: [(&str, &str); 30] = [
    ("", "must be an object"),
    ("[]", "must be an object"),
    ("clusters: [", "it is no YAML at line 1"),
    ("{}", "clusters: is missing"),
    ("clusters: []", "clusters: is empty"),
    ("clusters: geheim", "clusters: must be a list"),
    ("clusters: [geheim]", "clusters[0]: must be an object"),
    ("clusters: [{region: eu-central-1}]", "clusters[0].name: is missing"),
    ("clusters: [{name: ''}]", "clusters[0].name: must be a text that is not empty"),
    ("clusters: [{name: a, region: 'geheim!'}]", "clusters[0].region: "),
    ("clusters: [{name: a}]", "no region"),
    (
        "{clusters: [{name: a, region: eu-central-1}], port: 1}",
        "port: is unknown; known here: listen",
    ),
    ("clusters: [{name: a, region: eu-central-1, verify: no}]", "clusters[0].verify: is unknown"),
    (
        "clusters: [{name: a, region: eu-central-1, listen: geheim}]",
        "clusters[0].listen: it must be IP:PORT",
    ),
    (
        "clusters: [{name: a, region: eu-central-1, listen: 0.0.0.0:0}]",
        "can be reached from other machines",
    ),
    (
        "clusters: [{name: a, region: eu-central-1, host: 'geheim/'}]",
        "clusters[0].host: it must be a host",
    ),
    (
        "clusters: [{name: a, region: eu-central-1, path: geheim}]",
        "clusters[0].path: it must be /SEGMENT",
    ),
    ("clusters: [{name: a, region: eu-central-1, roles: [geheim]}]", "clusters[0].roles[0]: "),
    (
        "clusters: [{name: a, region: eu-central-1, roles: [{external-id: geheim}]}]",
        "clusters[0].roles[0].arn: is missing",
    ),
    (
        "clusters: [{name: a, region: eu-central-1, server: 'http://geheim'}]",
        "clusters[0].server: the server must be an https URL",
    ),
    (
        "clusters: [{name: a, region: eu-central-1, server: 'https://geheim'}]",
        "clusters[0].certificate-authority: is missing",
    ),
    (
        "clusters: [{name: a, region: eu-central-1, certificate-authority: geheim}]",
        "clusters[0].server: is missing",
    ),
    (
        "clusters: [{name: a, region: eu-central-1, cache: geheim}]",
        "clusters[0].cache: must be true or false",
    ),
    (
        "clusters: [{name: a, region: eu-central-1, allow: [{methods: [geheim], paths: [/a]}]}]",
        "clusters[0].allow[0].methods[0]: must be one of",
    ),
    (
        "clusters: [{name: a, region: eu-central-1, allow: [{methods: [GET], paths: [geheim]}]}]",
        "clusters[0].allow[0].paths[0]: must begin with /",
    ),
    (
        "clusters: [{name: a, region: eu-central-1, interactive: [geheim]}]",
        "clusters[0].interactive[0]: must be one of",
    ),
    (
        "clusters: [{name: a, region: eu-central-1}, {name: b, region: eu-central-1}]",
        "two clusters have the same host and path",
    ),
    (
        "{clusters: [{name: a, region: eu-central-1}], metrics-listen: geheim}",
        "metrics-listen: must be IP:PORT",
    ),
    (
        "{clusters: [{name: a, region: eu-central-1}], tls: {certificate: geheim}}",
        "tls.key: is missing",
    ),
    (
        "{clusters: [{name: a, region: eu-central-1}], accept-hosts: ['http://geheim']}",
        "accept-hosts[0]: it must be a host",
    ),
];

#[test]
fn each_is_named() {
    let home = tempfile::tempdir().expect("a folder");
    let path = home.path().join("proxy.yaml");
    for (text, expected) in MISTAKES {
        fs::write(&path, text).expect("a file");
        let mut command = alone(home.path());
        let output = command.arg("--config").arg(&path).output().expect("it runs");
        let line = failure(&output, 2);
        assert!(line.contains(expected), "{text}: {line}");
    }
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let home = tempfile::tempdir().expect("a folder");
    let path = home.path().join("proxy.yaml");
    let mut command = alone(home.path());
    let line = failure(&command.arg("--config").arg(&path).output().expect("it runs"), 2);
    assert!(line.contains("cannot read the configuration"), "{line}");
    let (certificate, key) = (home.path().join("c.pem"), home.path().join("k.pem"));
    let text = format!(
        "{{clusters: [{{name: a, region: eu-central-1}}], tls: {{certificate: {}, key: {}}}}}",
        certificate.display(),
        key.display()
    );
    fs::write(&path, text).expect("a file");
    let run = || {
        let mut command = alone(home.path());
        failure(&command.arg("--config").arg(&path).output().expect("it runs"), 2)
    };
    assert!(run().contains("cannot read the TLS certificate"));
    fs::write(&certificate, "geheim").expect("a file");
    assert!(run().contains("cannot read the TLS key"));
    fs::write(&key, "geheim").expect("a file");
    assert!(run().contains("the TLS certificate: it must be a PEM file"));
}

/// The example of the README, but for where it listens.
#[test]
fn the_example_starts() {
    let home = tempfile::tempdir().expect("a folder");
    let readme = include_str!("../../../README.md");
    let blocks = readme.split("```yaml\n").filter(|block| block.starts_with("listen:"));
    let example = blocks.last().and_then(|block| block.split("```").next()).expect("an example");
    let socket = format!("unix:{}", home.path().join("tools.sock").display());
    let example = example
        .replace("127.0.0.1:8001            #", "127.0.0.1:0            #")
        .replace("127.0.0.1:9090    #", "127.0.0.1:0    #")
        .replace("unix:/run/user/1000/tools.sock", &socket);
    let path = home.path().join("proxy.yaml");
    fs::write(&path, &example).expect("a file");
    fs::create_dir(home.path().join(".aws")).expect("a folder");
    let profile = "[profile prod]\nregion = eu-west-1\n";
    fs::write(home.path().join(".aws/config"), profile).expect("a file");
    let mut command = alone(home.path());
    // Nobody is to be asked.
    command.env("AWS_ENDPOINT_URL", "https://127.0.0.1:1").arg("--config").arg(&path);
    let mut process = Process::start(command);
    process.wait_for(&socket);
    process.wait_for("metrics on http://127.0.0.1:");
}
